;;; scenario.el --- The product in Emacs, through eglot -*- lexical-binding: t -*-

;; A second opinion beside Neovim: another client, with other habits in configuration and position encodings.
;; Diagnostics come and go with a mistake, hover answers, and `atlas.plan' follows the buffer.

(require 'eglot)
(require 'flymake)

(defvar scenario-folder (file-name-as-directory (getenv "E2E_FOLDER")))
(defvar scenario-patience 60.0)

(setq eglot-sync-connect 30
      eglot-autoshutdown nil
      make-backup-files nil)

(defun scenario-say (format &rest arguments)
  (princ (concat (apply #'format format arguments) "\n")))

(defun scenario-wait (what condition)
  "Handles what the server sends until CONDITION holds; WHAT names it in the error."
  (let ((deadline (+ (float-time) scenario-patience)) answer)
    (while (not (setq answer (funcall condition)))
      (when (> (float-time) deadline) (error "Waited for %s" what))
      (accept-process-output nil 0.05))
    answer))

(defun scenario-errors ()
  (flymake-start)
  (accept-process-output nil 0.05)
  (seq-filter (lambda (it) (memq (flymake-diagnostic-type it) '(eglot-error :error))) (flymake-diagnostics)))

(defun scenario-changed ()
  "Sends the edits that eglot would send when Emacs is idle, which never happens in batch."
  (eglot--signal-textDocument/didChange))

(defun scenario-plan (server)
  (plist-get (jsonrpc-request server :workspace/executeCommand
                              (list :command "atlas.plan"
                                    :arguments (vector (list :uri (eglot--path-to-uri buffer-file-name) :env "local"))))
             :text))

(defun scenario-run ()
  (find-file (expand-file-name "schema/people.lt.hcl" scenario-folder))
  (unless (eq major-mode 'atlas-schema-sqlite-mode) (error "The mode is %s" major-mode))
  ;; The settings start the server after the next command, and in batch there is none.
  (run-hooks 'post-command-hook)
  (scenario-wait "a server" #'eglot-current-server)
  (let ((server (eglot-current-server)))
    ;; A mistake is told while it is there, and no longer.
    (goto-char (point-min))
    (search-forward "column \"name\"")
    (search-forward "text")
    (insert "x")
    (scenario-changed)
    (let ((found (car (scenario-wait "a diagnostic" #'scenario-errors))))
      (scenario-say "diagnostic: %s" (flymake-diagnostic-text found))
      (unless (= (line-number-at-pos (flymake-diagnostic-beg found)) (line-number-at-pos))
        (error "The diagnostic is on line %s" (line-number-at-pos (flymake-diagnostic-beg found)))))
    (delete-char -1)
    (scenario-changed)
    (scenario-wait "the diagnostic to go" (lambda () (null (scenario-errors))))
    ;; Hover.
    (backward-char 2)
    (let ((hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
      (unless (string-match-p "text" (format "%S" (plist-get hover :contents))) (error "Hover says %S" hover)))
    ;; The plan follows the buffer.
    (forward-line 2)
    (insert "  column \"nickname\" {\n    type = text\n    null = true\n  }\n")
    (scenario-changed)
    (let ((plan (scenario-wait "a plan" (lambda ()
                                          (let ((text (scenario-plan server)))
                                            (and (string-match-p "ADD COLUMN `nickname` text" text) text))))))
      (unless (string-match-p "app\\.db" plan) (error "The plan does not name its target: %s" plan)))
    ;; The command of the settings shows the same text.
    (atlas-plan)
    (with-current-buffer "*atlas plan*"
      (unless (string-match-p "ADD COLUMN `nickname` text" (buffer-string)) (error "`atlas-plan' shows %s" (buffer-string))))
    (scenario-say "hover answers, and the plan follows the buffer")
    (set-buffer-modified-p nil)
    (eglot-shutdown server)))

(condition-case problem
    (progn (scenario-run) (kill-emacs 0))
  (error (princ (format "FAIL %s\n" (error-message-string problem)) #'external-debugging-output)
         (kill-emacs 1)))

;;; scenario.el ends here
