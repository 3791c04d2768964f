-- Versioned migrations in Neovim: the sum and its fix, a finding and its fix, what is known as of a file, the schema at
-- a version, the creation, a renaming, a conflict, and the apply. The caller looks at the database and the sum.

local sitting = dofile(vim.env.E2E_SITTING)
local say, check, wait = sitting.say, sitting.check, sitting.wait

local function has(list, test)
  for _, item in ipairs(list) do
    if test(item) then return item end
  end
end

sitting.run(function()
  local buffer = sitting.open('migrations/20250311160000_without_mood.sql')
  local uri = vim.uri_from_bufnr(buffer)
  local function problem(about, text)
    local found
    wait(function()
      found = has(vim.diagnostic.get(about), function(it) return (tostring(it.code) .. ' ' .. it.message):find(text) end)
      return found
    end, 'a diagnostic with ' .. text)
    return found
  end
  local function no_problem(about, text)
    wait(function()
      return not has(vim.diagnostic.get(about), function(it) return (tostring(it.code) .. ' ' .. it.message):find(text) end)
    end, 'the diagnostic with ' .. text .. ' to go')
  end
  -- What Neovim tells by itself from 0.10 on: files that came and went.
  local function watched(files)
    local changes = vim.tbl_map(function(file) return { uri = vim.uri_from_fname(file[1]), type = file[2] } end, files)
    sitting.tell(buffer, 'workspace/didChangeWatchedFiles', { changes = changes })
  end
  -- Chooses the fix with a title among those that are offered for a diagnostic, and saves what it changed.
  local function fix(about, diagnostic, title)
    local range = {
      start = { line = diagnostic.lnum, character = diagnostic.col },
      ['end'] = { line = diagnostic.end_lnum or diagnostic.lnum, character = diagnostic.end_col or diagnostic.col },
    }
    local lsp = diagnostic.user_data and diagnostic.user_data.lsp or {}
    local context = { diagnostics = { { range = range, message = diagnostic.message, severity = diagnostic.severity, code = lsp.code or diagnostic.code, source = diagnostic.source } } }
    local actions = sitting.ask(about, 'textDocument/codeAction', { textDocument = { uri = vim.uri_from_bufnr(about) }, range = range, context = context }) or {}
    local action = has(actions, function(it) return it.title:find(title) end)
    check(action, 'no fix ' .. title .. ' among ' .. vim.inspect(vim.tbl_map(function(it) return it.title end, actions)))
    if not action.edit then action = sitting.ask(about, 'codeAction/resolve', action) end
    vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(sitting.client).offset_encoding)
    vim.cmd('silent wall')
    return action.title
  end

  -- What can be done with the file, and what its directives are called.
  local lenses
  wait(function()
    lenses = sitting.ask(buffer, 'textDocument/codeLens', { textDocument = { uri = uri } })
    return lenses and #lenses == 5
  end, 'five lenses')
  for _, title in ipairs({ 'Apply up to here', 'Status', 'Lint', 'Schema at this version', 'Diff with previous' }) do
    check(has(lenses, function(it) return it.command.title == title end), 'no lens ' .. title)
  end
  local linted = sitting.execute(buffer, 'atlas.migrate.lint', { uri = uri })
  check(linted.findings == 0, 'the checked file has findings: ' .. linted.text)
  local changed = sitting.execute(buffer, 'atlas.migrate.diffWithPrevious', { uri = uri })
  check(changed.before:find('mood', 1, true) and not changed.after:find('mood', 1, true), 'not what the file changes')
  vim.api.nvim_buf_set_lines(buffer, 2, 2, false, { '-- atlas:no' })
  local directives = sitting.ask(buffer, 'textDocument/completion', sitting.at(buffer, 2, 11))
  check(has(directives.items or directives, function(it) return it.label:find('nolint') end), 'completion offers no directive')
  vim.cmd('silent undo')
  say('lenses, lint, diff and directives')

  -- What is known of a table as of this file.
  local line = sitting.line_of(buffer, 'ALTER TABLE')
  local hover
  -- The directory is still being read right after the start.
  wait(function()
    hover = sitting.ask(buffer, 'textDocument/hover', sitting.at(buffer, line, 15))
    return hover and vim.inspect(hover.contents):find('20250110093000_notes', 1, true)
  end, 'a hover that says where the table comes from, not ' .. vim.inspect(hover))
  local places = sitting.ask(buffer, 'textDocument/implementation', sitting.at(buffer, line, 15))
  check(has(vim.tbl_islist(places) and places or { places }, function(it) return (it.uri or it.targetUri):find('20250110093000_notes', 1, true) end), 'no way to the migration: ' .. vim.inspect(places))
  local schema = sitting.execute(buffer, 'atlas.migrate.schemaAt', { uri = uri, format = 'sql' })
  check(schema.text:find('notes', 1, true) and not schema.text:find('mood', 1, true), 'not the schema after this file: ' .. schema.text)
  say('hover and the schema at this version')

  -- The last line of the file is completed with the columns the table has by then.
  vim.api.nvim_buf_set_lines(buffer, -1, -1, false, { 'UPDATE `notes` SET ti' })
  local last = vim.api.nvim_buf_line_count(buffer) - 1
  local offers = sitting.ask(buffer, 'textDocument/completion', sitting.at(buffer, last, 21))
  check(has(offers.items or offers, function(it) return it.label == 'title' end), 'completion offers no column title')

  -- A dangerous statement is found, and a fix makes it pass; then the sum is not right, and a fix rehashes it.
  vim.api.nvim_buf_set_lines(buffer, last, last + 1, false, { 'DROP TABLE `tags`;' })
  say('finding: ' .. fix(buffer, problem(buffer, 'DS102'), 'Do not report'))
  no_problem(buffer, 'DS102')
  local silenced = sitting.line_of(buffer, 'atlas:nolint')
  vim.api.nvim_buf_set_lines(buffer, silenced, silenced + 1, false, {})
  say('checked: ' .. fix(buffer, problem(buffer, 'DS102'), 'Add a pre%-migration check'))
  no_problem(buffer, 'DS102')
  check(sitting.line_of(buffer, 'checks/destructive_2.sql') < sitting.line_of(buffer, 'migration.sql'), 'the check is not before the migration')
  -- A statement that fails on tables with rows is rewritten.
  vim.api.nvim_buf_set_lines(buffer, -1, -1, false, { 'ALTER TABLE `users` ADD COLUMN `age` integer NOT NULL;' })
  say('rewritten: ' .. fix(buffer, problem(buffer, 'MF103'), 'Give column "age" the default 0'))
  no_problem(buffer, 'MF103')
  say('sum: ' .. fix(buffer, problem(buffer, 'edited'), 'Rehash'))
  no_problem(buffer, 'edited')
  vim.cmd('undo 0')
  vim.cmd('silent wall')
  sitting.execute(buffer, 'atlas.migrate.hash', { uri = uri })
  vim.cmd('silent wall')
  no_problem(buffer, 'edited')

  -- Declined, then applied up to this file only. Neovim tells of the changed sum a moment later.
  wait(function() return sitting.try(buffer, 'atlas.migrate.status', { uri = uri }) end, 'a status')
  sitting.execute(buffer, 'atlas.migrate.apply', { uri = uri })
  check(#sitting.asked == 1 and sitting.asked[1]:find('app.db', 1, true), 'the question does not name its target: ' .. vim.inspect(sitting.asked))
  check(sitting.execute(buffer, 'atlas.migrate.status', { uri = uri }).current == '20250204101500', 'something ran without a yes')
  sitting.answers = { 'Apply' }
  sitting.execute(buffer, 'atlas.migrate.apply', { uri = uri })
  local status = sitting.execute(buffer, 'atlas.migrate.status', { uri = uri })
  check(status.current == '20250311160000' and #status.pending == 0, 'not at this file: ' .. vim.inspect(status))
  say('declined, then applied up to here')

  -- A renaming asks the server first, as file managers do.
  local old = sitting.folder .. '/migrations/20250204101500_tags.sql'
  local new = old:gsub('_tags', '_labels')
  local files = { files = { { oldUri = vim.uri_from_fname(old), newUri = vim.uri_from_fname(new) } } }
  local edit = sitting.ask(buffer, 'workspace/willRenameFiles', files)
  check(edit and edit ~= vim.NIL, 'the server has nothing to change for a renaming')
  vim.lsp.util.apply_workspace_edit(edit, vim.lsp.get_client_by_id(sitting.client).offset_encoding)
  vim.lsp.util.rename(old, new)
  vim.cmd('silent wall')
  watched({ { old, 3 }, { new, 1 } })
  check(table.concat(vim.fn.readfile(sitting.folder .. '/migrations/atlas.sum'), '\n'):find('_labels.sql', 1, true), 'atlas.sum has the old name')
  say('renamed, and the sum follows')

  -- The desired state becomes a file, through the command of the settings: shown, then written after a yes.
  local seen
  vim.fn.confirm = function(text) seen = text return 1 end
  vim.cmd('AtlasMigrateCreate pin_notes')
  local function file(pattern) return vim.fn.glob(sitting.folder .. '/migrations/*' .. pattern) end
  wait(function() return file('_pin_notes.sql') ~= '' or #vim.fn.getbufinfo({ bufmodified = 1 }) > 0 end, 'the new file')
  check(seen and seen:find('ADD COLUMN `pinned`', 1, true), 'the files were not shown: ' .. tostring(seen))
  vim.cmd('silent wall')
  local name = file('_pin_notes.sql')
  check(name ~= '', 'the file is not written')
  watched({ { name, 1 } })
  say('created ' .. vim.fn.fnamemodify(name, ':t'))

  local function sum_text() return table.concat(vim.fn.readfile(sitting.folder .. '/migrations/atlas.sum'), '\n') end
  -- As when one comes back to the window: the server wrote the sum on disk, for this version takes no such edit.
  local function reread()
    local sum = vim.fn.bufnr(sitting.folder .. '/migrations/atlas.sum')
    if sum > 0 then vim.api.nvim_buf_call(sum, function() vim.cmd('silent edit!') end) end
  end
  local function git(arguments)
    local out = vim.fn.system('cd ' .. vim.fn.shellescape(sitting.folder) .. ' && git -c user.name=test -c user.email=test@localhost -c commit.gpgsign=false ' .. arguments)
    check(vim.v.shell_error == 0, 'git ' .. arguments .. ': ' .. out)
  end
  local function write(text, name)
    local path = sitting.folder .. '/migrations/' .. name
    vim.fn.writefile({ text }, path)
    return path
  end
  local function hash()
    reread()
    sitting.execute(buffer, 'atlas.migrate.hash', { uri = uri })
    vim.cmd('silent wall')
  end

  -- A file that comes before the last of the branch others work on, and the fix that moves it.
  git('init --quiet --initial-branch=main')
  git('add .')
  git('commit --quiet --message=main')
  git('switch --quiet --create=mine')
  local path = write('CREATE TABLE `late` (`id` integer NULL);', '20250220000000_late.sql')
  watched({ { path, 1 }, { sitting.folder .. '/.git/HEAD', 2 } })
  local late = sitting.open('migrations/20250220000000_late.sql')
  local found = problem(late, 'comes before')
  hash()
  say('late: ' .. fix(late, found, 'Rebase: put'))
  check(file('_late.sql') > name, 'the file is not behind those of main: ' .. file('_late.sql'))
  check(not sum_text():find('20250220000000', 1, true) and sum_text():find('_late.sql', 1, true), 'atlas.sum has the old name')
  local moved = file('_late.sql')
  watched({ { path, 3 }, { moved, 1 } })

  -- Two branches added a file each: git leaves both in atlas.sum, and mine goes behind theirs.
  local base = vim.fn.readfile(sitting.folder .. '/migrations/atlas.sum')
  local function side(name)
    local own = write('ALTER TABLE `notes` ADD COLUMN `' .. name:match('_(%a+)%.') .. '` text NULL;', name)
    vim.fn.system({ vim.env.ATLAS_LS_BIN, 'migrate', 'hash', '--dir', 'file://' .. sitting.folder .. '/migrations' })
    local lines = vim.fn.readfile(sitting.folder .. '/migrations/atlas.sum')
    vim.fn.delete(own)
    return { path = own, head = lines[1], entry = lines[#lines] }
  end
  local mine, theirs = side('20300101000000_mine.sql'), side('20300102000000_theirs.sql')
  write('ALTER TABLE `notes` ADD COLUMN `mine` text NULL;', '20300101000000_mine.sql')
  write('ALTER TABLE `notes` ADD COLUMN `theirs` text NULL;', '20300102000000_theirs.sql')
  local text = { '<<<<<<< HEAD', mine.head, '=======', theirs.head, '>>>>>>> main' }
  vim.list_extend(text, vim.list_slice(base, 2))
  vim.list_extend(text, { '<<<<<<< HEAD', mine.entry, '=======', theirs.entry, '>>>>>>> main' })
  vim.fn.writefile(text, sitting.folder .. '/migrations/atlas.sum')
  watched({ { mine.path, 1 }, { theirs.path, 1 }, { sitting.folder .. '/migrations/atlas.sum', 2 } })
  local sum = sitting.open('migrations/atlas.sum')
  vim.cmd('silent edit!')
  say('conflict: ' .. fix(sum, problem(sum, 'merge conflict'), 'Rebase'))
  check(file('_mine.sql') > file('_theirs.sql'), 'mine is not behind theirs: ' .. file('_mine.sql'))
  check(not sum_text():find('<<<<', 1, true), 'the conflict is still in atlas.sum')

  -- A deleted file leaves the sum: the server is asked first.
  local gone = file('_mine.sql')
  watched({ { mine.path, 3 }, { gone, 1 }, { sitting.folder .. '/migrations/atlas.sum', 2 } })
  -- Whatever was told is read by the end of a command.
  sitting.execute(buffer, 'atlas.migrate.lint', { uri = uri })
  local without = sitting.ask(buffer, 'workspace/willDeleteFiles', { files = { { uri = vim.uri_from_fname(gone) } } })
  check(without and without ~= vim.NIL, 'the server has nothing to change for a file that goes')
  vim.lsp.util.apply_workspace_edit(without, vim.lsp.get_client_by_id(sitting.client).offset_encoding)
  vim.fn.delete(gone)
  vim.cmd('silent wall')
  watched({ { gone, 3 } })
  check(not sum_text():find('_mine.sql', 1, true), 'atlas.sum has the file that is gone')

  -- Two files of one version, and settings that lead nowhere.
  local twice = write('CREATE TABLE `twice` (`id` integer NULL);', vim.fn.fnamemodify(moved, ':t'):match('^%d+') .. '_twice.sql')
  watched({ { twice, 1 } })
  local double = sitting.open('migrations/' .. vim.fn.fnamemodify(twice, ':t'))
  problem(double, 'is also that of')
  local config = sitting.open('atlas.hcl')
  vim.cmd([[%s#file://migrations#file://migration#]])
  problem(config, 'there is no migration directory')
  vim.cmd('silent undo')
  no_problem(config, 'there is no migration directory')
  vim.cmd('silent edit!')
  vim.fn.delete(twice)
  watched({ { twice, 3 } })
  say('one version twice, and settings that lead nowhere')
end)
