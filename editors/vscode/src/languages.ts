/**
 * Gives the files of a project their language, and notices when another extension has taken them.
 *
 * A listed `.hcl` file that nobody else claims gets its language silently. One that another extension or the user's
 * `files.associations` claims is left alone until the user accepts the one message about it. `.sql` files keep their
 * language always. Invariant: a language the user picked by hand is never changed back.
 */

import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Client } from './client';
import { type ProjectFile, type ProjectFiles, didChangeProject } from './protocol';
import { decoded } from './project';
import { type Filter, isBelow, languageOfName, outermost, selector } from './selector';

const notSearched = '**/{node_modules,.git,target,vendor}/**';

export class Languages implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Filter[]>();
  private readonly filesChanged = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[] = [this.changed, this.filesChanged];
  /** Folders that hold an `atlas.hcl`, as paths. They are never taken out: a filter too many does no harm. */
  private readonly folders = new Set<string>();
  /** Listed files outside of those folders, as paths. */
  private readonly extra = new Set<string>();
  private listed = new Map<string, ProjectFile>();
  /** Documents whose language was settled. A second opening is the user's change of mind. */
  private readonly settled = new Set<string>();
  private asking = false;
  private timer: NodeJS.Timeout | undefined;
  private known = '';
  /** Fires when the window's documents must be selected anew. */
  readonly onDidChangeFilters = this.changed.event;
  /** Fires when the projects list other files. */
  readonly onDidChangeFiles = this.filesChanged.event;

  constructor(client: Client, private readonly memory: vscode.Memento) {
    client.wire((languageClient) => {
      languageClient.onNotification(didChangeProject, (files: ProjectFiles) => this.list(files.files));
    });
    const watcher = vscode.workspace.createFileSystemWatcher('**/atlas.hcl', false, true, true);
    this.disposables.push(
      watcher,
      watcher.onDidCreate((uri) => this.add([uri])),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.search()),
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document.fileName.endsWith('atlas.hcl')) {
          this.add([document.uri]);
        }
        void this.settle(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
    );
  }

  /** Looks for the projects of this window, and returns after `limit` milliseconds at the latest: the rest is announced. */
  async search(limit = Number.POSITIVE_INFINITY): Promise<void> {
    if (limit === Number.POSITIVE_INFINITY) {
      return this.searchAll();
    }
    await Promise.race([this.searchAll(), new Promise((resolve) => setTimeout(resolve, limit))]);
  }

  private async searchAll(): Promise<void> {
    const found = await vscode.workspace.findFiles('**/atlas.hcl', notSearched, 1_000);
    const open = vscode.workspace.textDocuments.map((document) => document.uri).filter((uri) => uri.path.endsWith('/atlas.hcl'));
    this.add([...found, ...open]);
  }

  filters(): Filter[] {
    return selector(this.folders, this.extra);
  }

  /** Whether this window has a project at all. */
  get inProject(): boolean {
    return this.folders.size > 0 || this.listed.size > 0;
  }

  /** Whether a project lists this document or its language is ours. */
  owns(document: vscode.TextDocument): boolean {
    return document.languageId.startsWith('atlas-') || this.listed.has(decoded(document.uri.toString()));
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private add(configs: vscode.Uri[]): void {
    for (const uri of configs) {
      if (uri.scheme === 'file' && uri.path.endsWith('/atlas.hcl')) {
        this.folders.add(dirname(uri.fsPath));
      }
    }
    this.announce();
  }

  private list(files: ProjectFile[]): void {
    this.listed = new Map(files.map((file) => [decoded(file.uri), file]));
    for (const file of files) {
      const uri = vscode.Uri.parse(file.uri);
      if (uri.scheme === 'file' && ![...this.folders].some((folder) => isBelow(uri.fsPath, folder))) {
        this.extra.add(uri.fsPath);
      }
    }
    this.announce();
    this.filesChanged.fire();
    for (const document of vscode.workspace.textDocuments) {
      void this.settle(document);
    }
  }

  /** Tells of new filters, once for changes that come together. */
  private announce(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const key = JSON.stringify([outermost(this.folders), [...this.extra].sort()]);
      if (key !== this.known) {
        this.known = key;
        this.changed.fire(this.filters());
      }
    }, 100);
  }

  private forget(uri: vscode.Uri): void {
    // Changing a document's language closes and opens it at once; a document really closed stays closed.
    const key = uri.toString();
    setTimeout(() => {
      if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === key)) {
        this.settled.delete(key);
      }
    }, 50);
  }

  private async settle(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    if (document.uri.scheme !== 'file' || this.settled.has(key)) {
      return;
    }
    const verdict = judge(document.uri.path, document.languageId, this.listed.get(decoded(key))?.language);
    if (verdict.kind === 'nothing') {
      return;
    }
    this.settled.add(key);
    if (verdict.kind === 'set') {
      await vscode.languages.setTextDocumentLanguage(document, verdict.language);
    } else if (verdict.kind === 'foreign') {
      await this.offer(document);
    }
  }

  /** The one message about a foreign language. */
  private async offer(document: vscode.TextDocument): Promise<void> {
    const key = `foreign ${document.languageId}`;
    if (this.asking || this.memory.get<boolean>(key)) {
      return;
    }
    this.asking = true;
    const use = 'Use Atlas';
    const keep = 'Keep As Is';
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    const chosen = await vscode.window.showInformationMessage(
      `"${name}" belongs to Atlas but is opened as "${document.languageId}" ${cause(document)}. ` +
        'Use Atlas for the files of this project? This adds them to "files.associations" in the workspace settings.',
      use,
      keep,
    );
    this.asking = false;
    await this.memory.update(key, true);
    if (chosen === use) {
      await this.takeOver();
    }
  }

  /** Writes the associations the user agreed to, and gives open documents their language. */
  private async takeOver(): Promise<void> {
    const foreign = vscode.workspace.textDocuments.filter(
      (document) => document.uri.scheme === 'file' && this.verdict(document).kind === 'foreign',
    );
    if (vscode.workspace.workspaceFolders !== undefined) {
      const files: { path: string; language: string }[] = [];
      for (const document of foreign) {
        const language = this.expected(document);
        if (language !== undefined) {
          files.push({ path: vscode.workspace.asRelativePath(document.uri, false), language });
        }
      }
      for (const file of this.listed.values()) {
        if (file.language.startsWith('atlas-')) {
          files.push({ path: vscode.workspace.asRelativePath(vscode.Uri.parse(file.uri), false), language: file.language });
        }
      }
      const configuration = vscode.workspace.getConfiguration('files');
      const mine = configuration.inspect<Record<string, string>>('associations')?.workspaceValue ?? {};
      await configuration.update('associations', associations(mine, files), vscode.ConfigurationTarget.Workspace);
    }
    for (const document of vscode.workspace.textDocuments) {
      const language = this.expected(document);
      if (document.uri.scheme === 'file' && language !== undefined && this.verdict(document).kind === 'foreign') {
        await vscode.languages.setTextDocumentLanguage(document, language);
      }
    }
  }

  private verdict(document: vscode.TextDocument): Verdict {
    return judge(document.uri.path, document.languageId, this.listed.get(decoded(document.uri.toString()))?.language);
  }

  private expected(document: vscode.TextDocument): string | undefined {
    return languageOfName(document.uri.path) ?? this.listed.get(decoded(document.uri.toString()))?.language;
  }
}

export type Verdict = { kind: 'nothing' } | { kind: 'settled' } | { kind: 'set'; language: string } | { kind: 'foreign'; language: string };

/** What to do about a document, from its name, its language id, and the language its project gives it. */
export function judge(path: string, languageId: string, listed: string | undefined): Verdict {
  const named = languageOfName(path);
  const language = named ?? listed;
  if (language === undefined || !language.startsWith('atlas-') || !(path.endsWith('.hcl') || path.endsWith('.sum'))) {
    return { kind: 'nothing' };
  }
  if (languageId.startsWith('atlas-')) {
    return { kind: 'settled' };
  }
  return languageId === 'plaintext' && named === undefined ? { kind: 'set', language } : { kind: 'foreign', language };
}

/** The workspace's associations with these files added. A file whose name says its language is added by its suffix. */
export function associations(existing: Record<string, string>, files: { path: string; language: string }[]): Record<string, string> {
  const result = { ...existing };
  for (const { path, language } of files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (languageOfName(path) === undefined) {
      // A pattern with a slash is matched against the whole path, and the longest pattern wins over `*.hcl`.
      result[path.startsWith('/') ? path : `**/${path}`] = language;
    } else if (name === 'atlas.hcl' || name === 'atlas.sum') {
      result[name] = languageOfName(path) ?? language;
    } else {
      const suffix = name.split('.').slice(-2).join('.');
      result[`*.${suffix}`] = languageOfName(path) ?? language;
    }
  }
  return result;
}

/** Who gave the document its language. */
function cause(document: vscode.TextDocument): string {
  const set = vscode.workspace.getConfiguration('files', document.uri).get<Record<string, string>>('associations') ?? {};
  if (Object.values(set).includes(document.languageId)) {
    return 'by the setting "files.associations"';
  }
  const owner = vscode.extensions.all.find((extension) => {
    const contributes = (extension.packageJSON as { contributes?: { languages?: { id?: string }[] } }).contributes;
    return contributes?.languages?.some((language) => language.id === document.languageId);
  });
  const title = (owner?.packageJSON as { displayName?: string } | undefined)?.displayName ?? owner?.id;
  return title ? `by the extension "${title}"` : 'by another extension';
}
