;;; celeryls.el --- Celery language server for eglot  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; For Emacs 29 or newer, whose eglot is built in.  Load this file and say M-x eglot in a
;; Python file.  Not tested in Emacs itself yet.
;;
;; Eglot runs one server for a buffer.  This makes it celeryls, for all Python files; whoever
;; wants it beside another one needs a multiplexer, or lsp-mode.
;;
;; Code actions: M-x eglot-code-actions.  Questions before a task is written can't be asked
;; here; three presets are offered instead.

;;; Code:

(require 'eglot)

(add-to-list 'eglot-server-programs
             '((python-mode python-ts-mode) . ("celeryls" "server")))

;; Settings for the editor only; pyproject.toml and celeryls.toml are read anyway:
;;
;;   (setq-default eglot-workspace-configuration
;;                 '(:celeryls (:ignore ["CEL102"])))

(provide 'celeryls)
;;; celeryls.el ends here
