-- Inlay hints, code lenses, document and workspace symbols, and the callers of a task.
local steps = require("steps")
local seen = {}

require("celeryls").setup()
local client = steps.open("shop/tasks.py")
vim.api.nvim_buf_set_lines(0, -1, -1, true, {
  "",
  "",
  "@app.task",
  "def later():",
  '    "🛒"; charge.apply_async((1, 2), countdown=3600)',
  "    charge.delay(3, 4)",
})
steps.wait_for_codes("CEL101", "CEL101", "CEL102", "CEL102")

local function line(number)
  return vim.api.nvim_buf_get_lines(0, number, number + 1, true)[1]
end

vim.lsp.inlay_hint.enable(true, { bufnr = 0 })
seen.hints = steps.wait_for("hints", function()
  local found = vim.lsp.inlay_hint.get({ bufnr = 0 })
  return #found > 0 and vim.tbl_map(function(item)
    return { line = line(item.inlay_hint.position.line), label = item.inlay_hint.label }
  end, found)
end)

vim.lsp.codelens.refresh({ bufnr = 0 })
seen.lenses = steps.wait_for("lenses", function()
  local found = vim.lsp.codelens.get(0)
  for _, lens in ipairs(found) do
    if not lens.command then
      return false
    end
  end
  return #found > 0 and vim.tbl_map(function(lens)
    return { line = line(lens.range.start.line), title = lens.command.title }
  end, found)
end)
table.sort(seen.lenses, function(a, b)
  return a.title < b.title
end)
seen.drawn = steps.wait_for("lenses on the screen", function()
  local drawn = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true })) do
    for _, chunk in ipairs(mark[4].virt_text or {}) do
      if chunk[2] == "LspCodeLens" then
        table.insert(drawn, chunk[1])
      end
    end
  end
  return #drawn == 2 and drawn
end)

local document = { textDocument = vim.lsp.util.make_text_document_params(0) }
local outline = assert(client:request_sync("textDocument/documentSymbol", document, 8000, 0))
seen.outline = vim.tbl_map(function(symbol)
  local from, to = symbol.selectionRange.start, symbol.selectionRange["end"]
  local lines =
    vim.api.nvim_buf_get_text(0, from.line, from.character, to.line, to.character, {})
  return { name = symbol.name, detail = symbol.detail, text = table.concat(lines, "\n") }
end, outline.result)

local search = assert(client:request_sync("workspace/symbol", { query = "charge" }, 8000, 0))
seen.found = vim.tbl_map(function(symbol)
  return symbol.name
end, search.result)

steps.go_to("@app.task(name")
vim.lsp.codelens.run()
seen.callers = steps.wait_for("the callers", function()
  local items = vim.fn.getqflist()
  return #items > 0
    and vim.tbl_map(function(item)
      return { text = item.text, line = item.lnum, col = item.col }
    end, items)
end)

steps.report(seen)
