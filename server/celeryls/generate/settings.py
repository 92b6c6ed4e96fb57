"""Items added to an app's settings, as steps of a draft."""

from dataclasses import replace

from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.quoting import requoted
from celeryls.project.apps import App
from celeryls.rules.app_edits import Edits, add_to_include, add_to_setting
from celeryls.rules.base import FileContext
from celeryls.syntax.scan import TokenKind, scan


def place_of(draft: ProjectDraft, app: App, key: str) -> str | None:
    """The file that `put_into` would write to."""
    edits = add_to_setting(_context(draft, app), app, key, "None: None", kind="{")
    return next(iter(edits)) if edits else None


def put_into(draft: ProjectDraft, app: App, key: str, item: str, summary: str) -> str | None:
    """Put an item (source, in double quotes) into a setting of an app that is a dict.

    The path of the file that it went to; `None`, and nothing was done, where that is not certain.
    """
    path = place_of(draft, app, key)
    if path is None:
        return None
    item = requoted(item, _quotes(draft, path))
    edits = add_to_setting(_context(draft, app), app, key, item, kind="{")
    return _take(draft, edits, summary)


def include(draft: ProjectDraft, app: App, module: str, summary: str) -> str | None:
    """Have the workers of an app import a module.  Returns as `put_into` does."""
    edits = add_to_include(_context(draft, app), app, module)
    for path, found in (edits or {}).items():
        quote = _quotes(draft, path)
        text = f"{quote}{module}{quote}"
        own = tuple(replace(e, new_text=e.new_text.replace(f'"{module}"', text)) for e in found)
        return _take(draft, {path: own}, summary)
    return None


def _quotes(draft: ProjectDraft, path: str) -> str:
    """The quotes that most strings of a file have, else those of the project."""
    text = draft.text(path) or ""
    ends = [text[token.span.end - 1] for token in scan(text) if token.kind is TokenKind.STRING]
    single, double = ends.count("'"), ends.count('"')
    if single == double:
        return draft.project.conventions(path).quotes
    return "'" if single > double else '"'


def _context(draft: ProjectDraft, app: App) -> FileContext:
    path = app.path or ""
    return FileContext(draft.project, path, draft.text(path) or "")


def _take(draft: ProjectDraft, edits: Edits | None, summary: str) -> str | None:
    if not edits:
        return None
    ((path, changed),) = edits.items()
    draft.edit(path, changed, summary)
    return path
