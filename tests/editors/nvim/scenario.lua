-- The product in Neovim, through its own LSP client and nothing else: diagnostics, completion, hover, the plan as
-- text, the question and the apply. Works from 0.7 on.

local sitting = dofile(vim.env.E2E_SITTING)
local say, check, wait, at = sitting.say, sitting.check, sitting.wait, sitting.at

sitting.run(function()
  -- The settings attach a client to the file by themselves.
  local buffer = sitting.open('schema/people.lt.hcl')
  check(vim.bo[buffer].filetype == 'atlas-schema-sqlite', 'the file type is ' .. vim.bo[buffer].filetype)
  local function ask(method, params) return sitting.ask(buffer, method, params) end
  local function problems() return vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR }) end

  -- A mistake is told while it is there, and no longer.
  local line = sitting.line_of(buffer, 'column "name"') + 1
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
  local offers = ask('textDocument/completion', at(buffer, new + 2, 13))
  local found = false
  for _, item in ipairs(offers.items or offers) do found = found or item.label == 'text' end
  check(found, 'completion offers no type text')
  vim.api.nvim_buf_set_text(buffer, new + 2, 13, new + 2, 13, { 'xt' })
  local hover = ask('textDocument/hover', at(buffer, new + 2, 12))
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
  check(#sitting.asked == 1, 'apply asked ' .. #sitting.asked .. ' times')
  check(sitting.asked[1]:find('app.db', 1, true), 'the question does not name its target: ' .. sitting.asked[1])
  check(plan():find('ADD COLUMN', 1, true), 'something was applied without a yes')
  sitting.answers = { 'Apply' }
  apply()
  check(#sitting.asked == 2, 'apply asked ' .. #sitting.asked .. ' times')
  wait(function() return not plan():find('ADD COLUMN', 1, true) end, 'an empty plan after applying')
  say('declined, then applied')
end)
