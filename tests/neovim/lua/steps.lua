-- What the scripts of these tests share. Each runs in a headless Neovim without any configuration
-- of the machine's, with `editors/nvim` on the 'runtimepath', and leaves what it saw as JSON.

local M = {}

-- Generous: two tests may share one slow core. Nothing waits this long when all is well.
local TIMEOUT = 8000

--- Wait until `ready` gives something true, and return it; fail if it never does.
function M.wait_for(what, ready)
  local found
  local came = vim.wait(TIMEOUT, function()
    found = ready()
    return found and true or false
  end, 10)
  assert(came, "never came: " .. what)
  return found
end

--- Open a file with celeryls attached.
function M.open(name)
  vim.cmd.filetype("on")
  vim.lsp.enable("celeryls")
  vim.cmd.edit(name)
  return M.wait_for("the server", function()
    local client = vim.lsp.get_clients({ name = "celeryls", bufnr = 0 })[1]
    return client and client.initialized and client
  end)
end

--- The buffer's text.
function M.text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n")
end

--- Put the cursor on the first line that starts with `start`.
function M.go_to(start)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    if vim.startswith(line, start) then
      vim.api.nvim_win_set_cursor(0, { number, 0 })
      return
    end
  end
  error("no line starts with " .. start)
end

--- Put the cursor on a new empty line at the end, where a person would want something new.
function M.go_to_new_line()
  vim.fn.append("$", { "", "" })
  vim.cmd.normal({ "G", bang = true })
end

--- The diagnostics as plain JSON, with the text that is underlined.
function M.diagnostics()
  return vim.tbl_map(function(found)
    local lines =
      vim.api.nvim_buf_get_text(0, found.lnum, found.col, found.end_lnum, found.end_col, {})
    return {
      text = table.concat(lines, "\n"),
      code = found.code,
      message = found.message,
      source = found.source,
      severity = vim.diagnostic.severity[found.severity],
      range = { found.lnum, found.col, found.end_lnum, found.end_col },
    }
  end, vim.diagnostic.get(0))
end

--- Wait for diagnostics of exactly these rules.
function M.wait_for_codes(...)
  local wanted = { ... }
  return M.wait_for("diagnostics " .. table.concat(wanted, " "), function()
    local found = M.diagnostics()
    local codes = vim.tbl_map(function(item)
      return item.code
    end, found)
    table.sort(codes)
    return vim.deep_equal(codes, wanted) and found
  end)
end

--- Apply the one code action of a kind whose title has `part`, as a user's mapping would, and
--- wait until it has changed the buffer.
function M.apply(kind, part)
  local before = M.text()
  M.request_action(kind, part)
  return M.wait_for("the change of " .. part, function()
    local now = M.text()
    return now ~= before and now
  end)
end

--- The same without waiting.
function M.request_action(kind, part)
  vim.lsp.buf.code_action({
    context = { only = { kind } },
    filter = function(action)
      return action.title:find(part, 1, true) ~= nil
    end,
    apply = true,
  })
end

--- The titles of all actions of a kind here.
function M.titles(kind)
  local client = assert(vim.lsp.get_clients({ name = "celeryls", bufnr = 0 })[1])
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.context = { diagnostics = {}, only = { kind }, triggerKind = 1 }
  local answer = assert(client:request_sync("textDocument/codeAction", params, TIMEOUT, 0))
  return vim.tbl_map(function(action)
    return action.title
  end, answer.result or {})
end

--- Keep what is notified.
function M.notifications()
  local said = {}
  vim.notify = function(message)
    table.insert(said, message)
  end
  return said
end

--- Leave what was seen for the test to judge, and end.
function M.report(seen)
  vim.fn.writefile({ vim.json.encode(seen) }, assert(vim.env.SEEN))
  M.stop()
end

--- Stop the server.
function M.stop()
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  vim.wait(TIMEOUT, function()
    return #vim.lsp.get_clients() == 0
  end, 10)
end

return M
