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

  -- What is known of a table as of this file.
  local line = sitting.line_of(buffer, 'ALTER TABLE')
  local hover
  -- The directory is still being read right after the start.
  wait(function()
    hover = sitting.ask(buffer, 'textDocument/hover', sitting.at(buffer, line, 15))
    return hover and vim.inspect(hover.contents):find('20250110093000_notes', 1, true)
  end, 'a hover that says where the table comes from, not ' .. vim.inspect(hover))
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
end)
