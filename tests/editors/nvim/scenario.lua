-- The product in Neovim, through its own LSP client and nothing else: diagnostics, completion, hover, the plan as
-- text, the question and the apply. Works from 0.7 on.
--
-- Every wait is for an event of the server's; a scenario that fails says which and leaves with 1.

local folder = vim.env.E2E_FOLDER
local file = folder .. '/schema/people.lt.hcl'
local patience = 60000

local function say(text) io.stdout:write(text .. '\n') end

local function fail(text)
  io.stderr:write('FAIL ' .. text .. '\n')
  vim.cmd('cquit 1')
end

local function check(condition, text)
  if not condition then fail(text) error(text) end
end

local function wait(condition, what)
  check(vim.wait(patience, condition, 20), 'waited for ' .. what)
end

-- Answers of the person in front of the screen, in order; a question without one is dismissed.
local answers, asked = {}, {}
vim.lsp.handlers['window/showMessageRequest'] = function(_, params)
  table.insert(asked, params.message)
  local title = table.remove(answers, 1)
  for _, action in ipairs(params.actions or {}) do
    if action.title == title then return action end
  end
  return vim.NIL
end

local errors = {}
local notify = vim.notify
vim.notify = function(message, level, ...)
  if level == vim.log.levels.ERROR then table.insert(errors, message) end
  notify(message, level, ...)
end

local function run()
  -- The settings attach a client to the file by themselves.
  vim.cmd('edit ' .. file)
  local buffer = vim.api.nvim_get_current_buf()
  check(vim.bo[buffer].filetype == 'atlas-schema-sqlite', 'the file type is ' .. vim.bo[buffer].filetype)
  local client_id
  wait(function()
    for id, client in pairs(vim.lsp.buf_get_clients(buffer)) do
      if client.name == 'atlas_ls' and client.initialized then client_id = id end
    end
    return client_id
  end, 'a client')

  local function ask(method, params)
    local replies, problem = vim.lsp.buf_request_sync(buffer, method, params, patience)
    check(replies and replies[client_id], method .. ': ' .. tostring(problem))
    local reply = replies[client_id]
    check(not (reply.error or reply.err), method .. ': ' .. vim.inspect(reply.error or reply.err))
    return reply.result
  end
  local function line_of(text)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      if line:find(text, 1, true) then return number - 1 end
    end
    fail(text .. ' is not in the file')
  end
  local function at(line, character)
    return { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = line, character = character } }
  end
  local function problems() return vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR }) end

  -- A mistake is told while it is there, and no longer.
  local line = line_of('column "name"') + 1
  local text = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1]
  check(text:match('text$'), 'not the type: ' .. text)
  vim.api.nvim_buf_set_text(buffer, line, #text, line, #text, { 'x' })
  wait(function() return #problems() > 0 end, 'a diagnostic')
  check(problems()[1].lnum == line, 'the diagnostic is on line ' .. problems()[1].lnum)
  say('diagnostic: ' .. problems()[1].message)
  vim.api.nvim_buf_set_text(buffer, line, #text, line, #text + 1, {})
  wait(function() return #problems() == 0 end, 'the diagnostic to go')

  -- A new column, with completion and hover for its type.
  vim.api.nvim_buf_set_lines(buffer, line + 2, line + 2, false, { '  column "nick" {', '    null = true', '    type = te', '  }' })
  local new = line + 2
  local offers = ask('textDocument/completion', at(new + 2, 13))
  local found = false
  for _, item in ipairs(offers.items or offers) do found = found or item.label == 'text' end
  check(found, 'completion offers no type text')
  vim.api.nvim_buf_set_text(buffer, new + 2, 13, new + 2, 13, { 'xt' })
  local hover = ask('textDocument/hover', at(new + 2, 12))
  check(hover and vim.inspect(hover.contents):find('text'), 'hover says nothing of text')
  say('completion and hover know the type')

  -- The plan is text in a client without virtual documents, and follows the buffer without a save.
  local about = { uri = vim.uri_from_bufnr(buffer), env = 'local' }
  local function plan()
    return ask('workspace/executeCommand', { command = 'atlas.plan', arguments = { about } }).text
  end
  local shown
  wait(function() shown = plan() return shown:find('ADD COLUMN `nick` text', 1, true) end, 'the plan that adds the column "nick"')
  check(shown:find('app.db', 1, true), 'the plan does not name its target:\n' .. shown)
  vim.api.nvim_buf_set_text(buffer, new, 14, new, 14, { 'name' })
  shown = plan()
  check(shown:find('ADD COLUMN `nickname` text', 1, true), 'the plan did not follow:\n' .. shown)
  say('the plan follows the buffer')

  -- The command of the settings shows the same text beside the file.
  vim.cmd('AtlasPlan')
  wait(function() return vim.bo.filetype == 'sql' end, 'the plan in a window')
  check(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):find('ADD COLUMN `nickname` text', 1, true), ':AtlasPlan shows something else')
  vim.cmd('close')
  check(vim.api.nvim_get_current_buf() == buffer, 'the file is not in front again')

  -- Declining changes nothing; approving does. The database is looked at by the caller.
  local function apply() return ask('workspace/executeCommand', { command = 'atlas.apply', arguments = { about } }) end
  apply()
  check(#asked == 1, 'apply asked ' .. #asked .. ' times')
  check(asked[1]:find('app.db', 1, true), 'the question does not name its target: ' .. asked[1])
  check(plan():find('ADD COLUMN', 1, true), 'something was applied without a yes')
  answers = { 'Apply' }
  apply()
  check(#asked == 2, 'apply asked ' .. #asked .. ' times')
  wait(function() return not plan():find('ADD COLUMN', 1, true) end, 'an empty plan after applying')
  say('declined, then applied')

  check(#errors == 0, 'errors were shown: ' .. table.concat(errors, '\n'))
  vim.lsp.stop_client(client_id)
  wait(function() return vim.lsp.get_client_by_id(client_id) == nil end, 'the server to leave')
  vim.cmd('qa!')
end

local ok, problem = xpcall(run, debug.traceback)
if not ok then fail(problem) end
