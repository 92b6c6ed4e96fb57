-- Hovers: what the server answers, and what `K` shows in a window.
local steps = require("steps")
local seen = {}

steps.open("shop/tasks.py")
vim.api.nvim_buf_set_lines(0, -1, -1, true, { "", "", '"🛒"; charge.delay(1, 2)' })
steps.wait_for_codes("CEL101", "CEL102")

local last = vim.api.nvim_buf_line_count(0)
local line = vim.api.nvim_buf_get_lines(0, last - 1, last, true)[1]
vim.api.nvim_win_set_cursor(0, { last, line:find("charge", 1, true) - 1 })

local client = assert(vim.lsp.get_clients({ name = "celeryls", bufnr = 0 })[1])
local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
local answers = assert(vim.lsp.buf_request_sync(0, "textDocument/hover", params, 8000))
local answer = assert(answers[client.id].result)
seen.kind, seen.value = answer.contents.kind, answer.contents.value
seen.text = line:sub(answer.range.start.character + 1, answer.range["end"].character)

vim.lsp.buf.hover()
local window = steps.wait_for("the window", function()
  for _, found in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(found).relative ~= "" then
      return found
    end
  end
end)
local buffer = vim.api.nvim_win_get_buf(window)
seen.shown = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)

steps.report(seen)
