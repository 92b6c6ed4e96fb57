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
      return last ~= nil and last.version == vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
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

settle()
seen.at_first = state()

-- A line is half typed above the task, and another in it; each stands for a while.
there('steps.go_to("app = Celery")')
keys("oreport(items[")
settle()
seen.above = state()
keys("<Esc>")
there('steps.go_to("    return gateway")')
keys("Oif amount > (")
settle()
seen.inside = state()
keys("<Esc>")

-- Typed away again.
there('steps.go_to("    if amount")')
keys("dd")
there('steps.go_to("report(")')
keys("dd")
settle()
seen.typed_away = state()
seen.published = there("return published")

-- Two actions, and two presses of u.
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
seen.fixed = apply("def charge", "quickfix", "acks_late=True")
seen.converted = apply("def refund", "refactor.rewrite", "Convert to bound Celery task")
keys("u")
seen.first_undo = state()
keys("u")
settle()
seen.second_undo = state()

there("steps.stop()")
vim.fn.jobstop(child)
steps.report(seen)
