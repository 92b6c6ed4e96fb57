-- The questions that celeryls asks before it writes a task (the form protocol, which is gopls'
-- too). Optional: `lsp/celeryls.lua` works without it, and then presets are offered.
--
--   require("celeryls").setup()     -- before vim.lsp.enable, which starts the server
--   vim.lsp.enable("celeryls")
--
-- Then "Create Celery task…" among the code actions asks, and so does `:CeleryCreateTask`; what
-- would be written is shown before it is. `:CeleryNextStep` runs what is left to do in a terminal.
-- `vim.lsp.codelens.run()` on the first line of a task lists its callers.
-- Questions go through `vim.ui.input` and `vim.ui.select`, so they look as yours do.

local M = {}

local CLIENT = "celeryls"
local CREATE_TASK = "celeryls.createTask"
local SHOW_CALLERS = "celeryls.showCallers"

-- What `ask` below can ask for. The server asks for all else as text.
local INPUT_TYPES = { "string", "bool", "number", "enum", "file" }

-- As often as VS Code's Go and Dart extensions, so that nobody is asked for ever.
local MAX_CORRECTIONS = 5

---@param message string
---@param level? integer
local function say(message, level)
  vim.notify("celeryls: " .. message, level or vim.log.levels.INFO)
end

-- A JSON null is a value of its own in Lua, and a true one.
local function given(value)
  if value == vim.NIL then
    return nil
  end
  return value
end

-- The question as it is shown, with what was wrong with the last answer in front: in the prompt
-- it can be read while one types; a notification might already be gone.
local function prompt_of(field)
  local error = given(field.error)
  return error and ("%s %s"):format(error, field.description) or field.description
end

-- `vim.ui.select` has no default, so the default is put first.
local function default_first(items, is_default)
  local first, others = {}, {}
  for _, item in ipairs(items) do
    table.insert(is_default(item) and first or others, item)
  end
  return vim.list_extend(first, others)
end

-- Ask for one of `items`, tables of `value` and `label`.
local function select(field, items, answered)
  local default = given(field.default)
  items = default_first(items, function(item)
    return item.value == default
  end)
  vim.ui.select(items, {
    prompt = prompt_of(field),
    kind = "celeryls",
    format_item = function(item)
      return item.label
    end,
  }, function(item)
    answered(item and item.value)
  end)
end

-- How to ask for each type. `answered` is called with the answer, or with nil if the user gave up.
local ask = {}

function ask.string(field, answered)
  local default = given(field.default)
  vim.ui.input({
    prompt = prompt_of(field) .. " ",
    default = default ~= nil and tostring(default) or nil,
  }, answered)
end

function ask.number(field, answered)
  ask.string(field, function(text)
    -- What is no number goes to the server as it is: its answer says what would be right.
    answered(text and (tonumber(text) or text))
  end)
end

function ask.bool(field, answered)
  select(field, { { value = true, label = "yes" }, { value = false, label = "no" } }, answered)
end

function ask.enum(field, answered)
  local items = vim.tbl_map(function(entry)
    local description = given(entry.description)
    local label = description and ("%s: %s"):format(entry.value, description) or entry.value
    return { value = entry.value, label = label }
  end, field.type.entries)
  select(field, items, answered)
end

function ask.file(field, answered)
  local default = given(field.default)
  if default and vim.startswith(default, "file:") then
    default = vim.uri_to_fname(default)
  end
  vim.ui.input({
    prompt = prompt_of(field) .. " ",
    default = default and vim.fn.fnamemodify(default, ":."),
    completion = "file",
  }, function(name)
    -- An empty name is no file; made absolute, it would be the current folder.
    answered(name and name ~= "" and vim.uri_from_fname(vim.fn.fnamemodify(name, ":p")) or name)
  end)
end

-- Ask for `fields` from the `at`th on, and hand over all `answers`. Never calls `done` if the
-- user gives up: that ends the whole dialogue.
local function ask_fields(fields, at, answers, done)
  local field = fields[at]
  if not field then
    return done(answers)
  end
  local ask_one = ask[field.type.kind] or ask.string
  ask_one(field, function(value)
    if value == nil then
      return say("cancelled, nothing was written")
    end
    table.insert(answers, { id = field.id, value = value })
    ask_fields(fields, at + 1, answers, done)
  end)
end

local function first_error(fields)
  for _, field in ipairs(fields) do
    if given(field.error) then
      return field.error
    end
  end
end

-- The next steps of what was written last, for `:CeleryNextStep`.
local next_steps = {}

local function execute(client, params, bufnr)
  -- It was looked at here, so nobody has to confirm it once more.
  params.arguments[1].confirm = false
  client:request("workspace/executeCommand", params, function(err, result)
    if err then
      -- The reason is shown already: the server sends it as a message too.
      return
    end
    if type(result) == "table" and result.applied == false then
      return -- the server says why
    end
    -- The edit itself has come and was applied by now, as `workspace/applyEdit`.
    local lines = {}
    result = type(result) == "table" and result or {}
    next_steps = given(result.nextSteps) or {}
    vim.list_extend(lines, given(result.notes) or {})
    for _, step in ipairs(next_steps) do
      table.insert(lines, step.title)
      if given(step.command) then
        table.insert(lines, "  " .. step.command)
      end
    end
    if #lines > 0 then
      say(table.concat(lines, "\n"))
    end
  end, bufnr)
end

local function text_of(uri)
  local bufnr = vim.uri_to_bufnr(uri)
  if vim.api.nvim_buf_is_loaded(bufnr) then
    return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), "\n") .. "\n"
  end
  local file = io.open(vim.uri_to_fname(uri), "rb")
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

-- A plan as lines: the files, what is to know, and a diff of each file.
local function shown(plan)
  local head, diffs = {}, {}
  for _, change in ipairs(plan.changes) do
    local name = vim.fn.fnamemodify(vim.uri_to_fname(change.uri), ":.")
    local what = change.isNew and "create" or "modify"
    table.insert(head, ("%s %s: %s"):format(what, name, table.concat(change.summary, "; ")))
    local diff = vim.diff(text_of(change.uri), change.newText, { ctxlen = 3 })
    vim.list_extend(diffs, { "", "--- " .. name, "+++ " .. name })
    vim.list_extend(diffs, vim.split(vim.trim(diff), "\n"))
  end
  for _, note in ipairs(given(plan.notes) or {}) do
    table.insert(head, "note: " .. note)
  end
  for _, call in ipairs(given(plan.calls) or {}) do
    table.insert(head, "call: " .. call)
  end
  return vim.list_extend(head, diffs)
end

local function open_preview(lines)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].filetype = "diff"
  vim.bo[bufnr].modifiable = false
  local width = math.max(40, math.min(100, vim.o.columns - 4))
  local height = math.max(3, math.min(#lines, vim.o.lines - 10))
  return vim.api.nvim_open_win(bufnr, false, {
    relative = "editor",
    row = 1,
    col = math.max(0, math.floor((vim.o.columns - width) / 2)),
    width = width,
    height = height,
    border = "rounded",
    title = " What is to be written ",
  })
end

-- Show what would be written, and write it if the user agrees.
local function preview(client, params, bufnr)
  client:request("celeryls/plan", params, function(err, plan)
    if err then
      return -- shown already, as above
    end
    local window = open_preview(shown(plan))
    vim.cmd.redraw()
    vim.ui.select({ true, false }, {
      prompt = "Write this?",
      kind = "celeryls",
      format_item = function(item)
        return item and "yes" or "no"
      end,
    }, function(agreed)
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
      if not agreed then
        return say("cancelled, nothing was written")
      end
      execute(client, params, bufnr)
    end)
  end, bufnr)
end

-- One round: let the server say what is still to be asked, ask it, and start again with the
-- answers; or execute the command once nothing is. The server keeps nothing in between.
local function resolve(client, params, bufnr, corrections)
  client:request("command/resolve", params, function(err, resolved)
    if err then
      return say(err.message, vim.log.levels.ERROR)
    end
    local fields = given(resolved.formFields)
    if not fields or vim.tbl_isempty(fields) then
      return preview(client, resolved, bufnr)
    end
    local error = first_error(fields)
    if error then
      corrections = corrections + 1
    end
    if error and corrections > MAX_CORRECTIONS then
      return say(error .. " Nothing was written.", vim.log.levels.WARN)
    end
    ask_fields(fields, 1, {}, function(answers)
      resolved.formFields = nil
      resolved.formAnswers = answers
      resolve(client, resolved, bufnr, corrections)
    end)
  end, bufnr)
end

--- Run a command of the server's, after asking what it wants to know.
---@param client vim.lsp.Client
---@param command lsp.Command
---@param bufnr integer
function M.run(client, command, bufnr)
  local params = { command = command.command, arguments = command.arguments }
  resolve(client, params, bufnr, 0)
end

--- Ask for a new task, and write it into a buffer (0: the current one).
---@param bufnr? integer
function M.create_task(bufnr)
  if not bufnr or bufnr == 0 then
    bufnr = vim.api.nvim_get_current_buf()
  end
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = CLIENT })[1]
  if not client then
    return say("not running in this buffer; see :checkhealth vim.lsp", vim.log.levels.WARN)
  end
  local arguments = { { uri = vim.uri_from_bufnr(bufnr) } }
  M.run(client, { command = CREATE_TASK, arguments = arguments }, bufnr)
end

--- Run one of the next steps of what was written last: in a terminal, or by the server.
function M.next_step()
  local steps = vim.tbl_filter(function(step)
    return given(step.command) ~= nil
  end, next_steps)
  if #steps == 0 then
    return say("no step is left that is a command")
  end
  vim.ui.select(steps, {
    prompt = "Which step?",
    kind = "celeryls",
    format_item = function(step)
      return ("%s: %s"):format(step.title, step.command)
    end,
  }, function(step)
    local client = vim.lsp.get_clients({ name = CLIENT })[1]
    if step and given(step.action) and client then
      M.run(client, step.action, vim.api.nvim_get_current_buf())
    elseif step then
      vim.cmd("botright new")
      vim.fn.jobstart(step.command, { term = true })
    end
  end)
end

-- The callers of a task, as a code lens has them: in the quickfix list, or at once where it is one.
local function show_callers(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local locations = command.arguments[3]
  if not client or #locations == 0 then
    return
  end
  if #locations == 1 then
    return vim.lsp.util.show_document(locations[1], client.offset_encoding, { focus = true })
  end
  local items = vim.lsp.util.locations_to_items(locations, client.offset_encoding)
  vim.fn.setqflist({}, " ", { title = command.title, items = items })
  vim.cmd("botright copen")
end

--- Announce that questions can be asked, and ask them. Call it before `vim.lsp.enable`.
function M.setup()
  vim.lsp.config(CLIENT, {
    capabilities = {
      experimental = { interactiveResolve = { inputTypes = INPUT_TYPES } },
    },
    init_options = { commands = { SHOW_CALLERS } },
  })
  vim.lsp.commands[SHOW_CALLERS] = show_callers

  -- Neovim looks here before it sends a code action's command to the server.
  vim.lsp.commands[CREATE_TASK] = function(command, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    if client then
      M.run(client, command, context.bufnr)
    end
  end

  vim.api.nvim_create_user_command("CeleryCreateTask", function()
    M.create_task()
  end, { desc = "Ask for a new Celery task, and write it into this file" })
  vim.api.nvim_create_user_command("CeleryNextStep", function()
    M.next_step()
  end, { desc = "Run a next step of what celeryls wrote, in a terminal" })
end

return M
