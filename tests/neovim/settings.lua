-- Settings of init.lua, and a change of them while the server runs.
local steps = require("steps")
local seen = {}

vim.lsp.config("celeryls", { settings = { celeryls = { ignore = { "CEL102" } } } })
local client = steps.open("shop/tasks.py")
seen.at_first = steps.wait_for_codes("CEL101")

client.settings = { celeryls = { ignore = { "CEL101" } } }
client:notify("workspace/didChangeConfiguration", { settings = client.settings })
seen.changed = steps.wait_for_codes("CEL102")

steps.report(seen)
