-- Typing, in a second Neovim that this one drives as a user interface would: keys that are really
-- typed, insert mode that is really on, undo blocks that end where a person's do.
local steps = require("steps")
local seen = {}

local child = vim.fn.jobstart(
  { vim.v.progpath, "--embed", "--headless", "-u", "NONE" },
  { rpc = true, cwd = vim.fn.getcwd() }
)

local function there(code, ...)
  return vim.rpcrequest(child, "nvim_exec_lua", code, { ... })
end

local function keys(typed)
  vim.rpcrequest(child, "nvim_input", typed)
end

there("vim.o.runtimepath = ...", vim.o.runtimepath)
there([[
  steps = require("steps")
  published = {}
  local handler = vim.lsp.handlers["textDocument/publishDiagnostics"]
  vim.lsp.handlers["textDocument/publishDiagnostics"] = function(err, params, ...)
    local codes = vim.tbl_map(function(item) return item.code end, params.diagnostics)
    table.sort(codes)
    table.insert(published, { version = params.version, codes = codes })
    return handler(err, params, ...)
  end
  steps.open("shop/tasks.py")
  steps.wait_for_codes("CEL101", "CEL102")
]])

-- Wait until the server has spoken about the buffer as it is now.
local function settle()
  steps.wait_for("diagnostics of the newest version", function()
    return there([[
      local last = published[#published]
      local newest = vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
      return last ~= nil and last.version == newest
    ]])
  end)
end

local function state()
  return there([[
    return {
      text = steps.text(),
      mode = vim.api.nvim_get_mode().mode,
      modified = vim.bo.modified,
      diagnostics = steps.diagnostics(),
    }
  ]])
end

local function apply(line, kind, title)
  there("steps.go_to(...)", line)
  local before = state().text
  there("steps.request_action(...)", kind, title)
  steps.wait_for("the change of " .. title, function()
    return state().text ~= before
  end)
  settle()
  return state()
end

settle()
seen.at_first = state()

-- Two actions, and two presses of u.
seen.fixed = apply("def charge", "quickfix", "acks_late=True")
seen.converted = apply("def refund", "refactor.rewrite", "Convert to bound Celery task")
keys("u")
settle()
seen.first_undo = state()
keys("u")
settle()
seen.second_undo = state()

-- Lines half typed above the task, in it, and in its decorator; each stands for a while.
there("published = {}")
seen.half_typed = {}

local function type_and_look(typed)
  keys(typed)
  settle()
  table.insert(seen.half_typed, state())
end

there('steps.go_to("app = Celery")')
type_and_look("oreport")
type_and_look("(items[")
type_and_look('"a')
keys("<Esc>dd")
settle()
there('steps.go_to("    return gateway")')
type_and_look("Oif amount > (")
keys("<Esc>dd")
settle()
there('steps.go_to("@app.task")')
type_and_look("A<BS>, queue=")
seen.published = there("return published")

there("steps.stop()")
vim.fn.jobstop(child)
steps.report(seen)
