-- The dialogue of `lua/celeryls.lua`, with somebody else at `vim.ui`.
local steps = require("steps")
local seen = { asked = {}, said = steps.notifications() }

-- By the question's first words, the answers in the order they are given; all else takes what is
-- offered: the default of an input, the first of a list.
local answers

local function answer_to(prompt, offered)
  table.insert(seen.asked, prompt)
  for words, queue in pairs(answers) do
    if prompt:find(words, 1, true) and #queue > 0 then
      return table.remove(queue, 1)
    end
  end
  return offered
end

vim.ui.input = function(options, answered)
  local answer = answer_to(options.prompt, options.default or "")
  -- Later, as the input of a plugin would.
  vim.schedule(function()
    answered(answer ~= vim.NIL and answer or nil)
  end)
end

vim.ui.select = function(items, options, answered)
  local answer = answer_to(options.prompt, options.format_item(items[1]))
  for _, item in ipairs(items) do
    if vim.startswith(options.format_item(item), answer) then
      return answered(item)
    end
  end
  error(("%s is not among the answers to %s"):format(answer, options.prompt))
end

require("celeryls").setup()
steps.open("shop/tasks.py")
steps.wait_for_codes("CEL101", "CEL102")

-- By the code action: an invalid name, corrected; custom retry, which asks further.
local action = "refactor.extract"
steps.go_to_new_line()
seen.titles = steps.titles(action)
answers = {
  ["What is the task called?"] = { "SyncProduct", "sync_product" },
  ["What does it take?"] = { "product_id: int (ID of product to sync)" },
  ["If it fails"] = { "custom" },
  ["How many times"] = { "5" },
  ["Does the delay double"] = { "no" },
  ["After how many seconds is it killed?"] = { "soon", "400" },
  ["Which queue"] = { "io_bound" },
}
steps.apply(action, "Create Celery task…")
seen.first = seen.asked

-- By the command; the user gives up at the second question.
seen.asked = {}
local before = steps.text()
answers = { ["What is the task called?"] = { "never" }, ["What does it do?"] = { vim.NIL } }
vim.cmd.CeleryCreateTask()
steps.wait_for("the end of the dialogue", function()
  return vim.iter(seen.said):any(function(message)
    return message:find("cancelled", 1, true) ~= nil
  end)
end)
seen.cancelled = { asked = seen.asked, unchanged = steps.text() == before }

-- Wrong for ever: it ends.
seen.asked = {}
answers = { ["What is the task called?"] = { "1", "2", "3", "4", "5", "6", "7", "8" } }
vim.cmd.CeleryCreateTask()
steps.wait_for("the end of the corrections", function()
  return vim.iter(seen.said):any(function(message)
    return message:find("Nothing was written", 1, true) ~= nil
  end)
end)
seen.hopeless = {
  names = #vim.tbl_filter(function(prompt)
    return prompt:find("What is the task called?", 1, true) ~= nil
  end, seen.asked),
  unchanged = steps.text() == before,
}

-- The plan is shown, and refused.
answers = { ["What is the task called?"] = { "refused" }, ["Write this?"] = { "no" } }
local looked_at
local select = vim.ui.select
vim.ui.select = function(items, options, answered)
  if options.prompt == "Write this?" then
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        looked_at = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      end
    end
  end
  return select(items, options, answered)
end
vim.cmd.CeleryCreateTask()
steps.wait_for("the refusal", function()
  return looked_at ~= nil and #vim.api.nvim_list_wins() == 1
end)
seen.refused = { looked_at = looked_at, unchanged = steps.text() == before }

-- By the command, with nothing to correct.
answers = { ["What is the task called?"] = { "send_report" } }
vim.cmd.CeleryCreateTask()
steps.wait_for("the second task", function()
  return steps.text() ~= before
end)

vim.cmd.write()
seen.asked = nil
steps.report(seen)
