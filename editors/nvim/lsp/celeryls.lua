-- The configuration of celeryls for Neovim 0.11 or newer.
--
-- With this folder's parent (`editors/nvim`) on 'runtimepath', or this file copied to
-- `~/.config/nvim/lsp/celeryls.lua`, one line in init.lua is all there is to do:
--
--   vim.lsp.enable("celeryls")
--
-- That is complete: diagnostics, quick fixes, conversion, and new tasks as code actions with the
-- three usual answers to a failure. To be asked for the name, the parameters and the rest
-- instead, have `lua/celeryls.lua` on the 'runtimepath' too, and call its `setup` first:
--
--   require("celeryls").setup()
--   vim.lsp.enable("celeryls")

---@type vim.lsp.Config
return {
  cmd = { "celeryls", "server" },
  filetypes = { "python" },
  -- The first of these that is found in a folder above the file is the workspace; a file without
  -- any is looked at alone.
  root_markers = {
    "celeryls.toml",
    "pyproject.toml",
    "manage.py",
    "setup.py",
    "setup.cfg",
    ".git",
  },
  -- The server asks for what stands under "celeryls" here, such as `celeryls = { ignore =
  -- { "CEL102" } }`. pyproject.toml and celeryls.toml are read anyway, and the terminal sees those.
  settings = {},
}
