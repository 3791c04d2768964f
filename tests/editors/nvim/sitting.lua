-- What the scenarios share: a client that the settings attach by themselves, requests that fail loudly, and a person
-- whose answers are given beforehand.
--
-- Every wait is for an event of the server's; a scenario that fails says which and leaves with 1.

local sitting = { folder = vim.env.E2E_FOLDER, patience = 60000 }

function sitting.say(text) io.stdout:write(text .. '\n') end

function sitting.fail(text)
  io.stderr:write('FAIL ' .. text .. '\n')
  vim.cmd('cquit 1')
end

function sitting.check(condition, text)
  if not condition then sitting.fail(text) error(text) end
end

function sitting.wait(condition, what)
  sitting.check(vim.wait(sitting.patience, condition, 20), 'waited for ' .. what)
end

-- Answers of the person in front of the screen, in order; a question without one is dismissed.
sitting.answers, sitting.asked = {}, {}
vim.lsp.handlers['window/showMessageRequest'] = function(_, params)
  table.insert(sitting.asked, params.message)
  local title = table.remove(sitting.answers, 1)
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

-- Opens a file below the folder and waits for its client.
function sitting.open(name)
  vim.cmd('edit ' .. vim.fn.fnameescape(sitting.folder .. '/' .. name))
  local buffer = vim.api.nvim_get_current_buf()
  sitting.wait(function()
    for id, client in pairs(vim.lsp.buf_get_clients(buffer)) do
      if client.name == 'atlas_ls' and client.initialized then sitting.client = id end
    end
    return sitting.client
  end, 'a client')
  return buffer
end

function sitting.ask(buffer, method, params)
  local replies, problem = vim.lsp.buf_request_sync(buffer, method, params, sitting.patience)
  sitting.check(replies and replies[sitting.client], method .. ': ' .. tostring(problem))
  local reply = replies[sitting.client]
  sitting.check(not (reply.error or reply.err), method .. ': ' .. vim.inspect(reply.error or reply.err))
  return reply.result
end

function sitting.tell(buffer, method, params) vim.lsp.buf_notify(buffer, method, params) end

-- The answer of a command, or nil where the server refuses.
function sitting.try(buffer, command, argument)
  local replies = vim.lsp.buf_request_sync(buffer, 'workspace/executeCommand', { command = command, arguments = { argument } }, sitting.patience)
  local reply = replies and replies[sitting.client] or {}
  return not (reply.error or reply.err) and reply.result or nil
end

function sitting.execute(buffer, command, argument)
  return sitting.ask(buffer, 'workspace/executeCommand', { command = command, arguments = { argument } })
end

function sitting.lines(buffer) return vim.api.nvim_buf_get_lines(buffer, 0, -1, false) end

function sitting.line_of(buffer, text)
  for number, line in ipairs(sitting.lines(buffer)) do
    if line:find(text, 1, true) then return number - 1 end
  end
  sitting.fail(text .. ' is not in the file')
end

function sitting.at(buffer, line, character)
  return { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = line, character = character } }
end

-- Runs a scenario; it must have shown no error, and the server leaves in order.
function sitting.run(scenario)
  local ok, problem = xpcall(function()
    scenario()
    sitting.check(#errors == 0, 'errors were shown: ' .. table.concat(errors, '\n'))
    vim.lsp.stop_client(sitting.client)
    sitting.wait(function() return vim.lsp.get_client_by_id(sitting.client) == nil end, 'the server to leave')
    vim.cmd('qa!')
  end, debug.traceback)
  if not ok then sitting.fail(problem) end
end

return sitting
