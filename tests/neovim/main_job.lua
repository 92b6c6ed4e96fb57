-- The main job with nothing but `lsp/celeryls.lua`: diagnostic, quick fix, conversion, preset.
local steps = require("steps")
local seen = {}

local client = steps.open("shop/tasks.py")
seen.encoding = client.offset_encoding
seen.root = client.root_dir
seen.form_is_set_up = vim.lsp.commands["celeryls.createTask"] ~= nil

seen.diagnostics = steps.wait_for_codes("CEL101", "CEL102")

steps.go_to("def charge")
steps.apply("quickfix", "acks_late=True")
steps.wait_for_codes("CEL102")

steps.go_to("def refund")
steps.apply("refactor.rewrite", "Convert to bound Celery task")

steps.go_to_new_line()
seen.presets = steps.titles("refactor.extract")
steps.apply("refactor.extract", "growing retry delays")

vim.cmd.write()
seen.modified = vim.bo.modified
steps.report(seen)
