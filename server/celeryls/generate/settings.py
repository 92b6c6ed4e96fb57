"""Items added to an app's settings, as steps of a draft."""

from celeryls.generate.drafts import ProjectDraft
from celeryls.project.apps import App
from celeryls.rules.app_edits import Edits, add_to_include, add_to_setting
from celeryls.rules.base import FileContext


def put_into(draft: ProjectDraft, app: App, key: str, item: str, summary: str) -> str | None:
    """Put an item (source) into a setting of an app that is a dict.

    The path of the file that it went to; `None`, and nothing was done, where that is not certain.
    """
    edits = add_to_setting(_context(draft, app), app, key, item, kind="{")
    return _take(draft, edits, summary)


def place_of(draft: ProjectDraft, app: App, key: str) -> str | None:
    """The file that `put_into` would write to."""
    edits = add_to_setting(_context(draft, app), app, key, "None: None", kind="{")
    return next(iter(edits)) if edits else None


def include(draft: ProjectDraft, app: App, module: str, summary: str) -> str | None:
    """Have the workers of an app import a module.  Returns as `put_into` does."""
    return _take(draft, add_to_include(_context(draft, app), app, module), summary)


def _context(draft: ProjectDraft, app: App) -> FileContext:
    path = app.path or ""
    return FileContext(draft.project, path, draft.text(path) or "")


def _take(draft: ProjectDraft, edits: Edits | None, summary: str) -> str | None:
    if not edits:
        return None
    ((path, changed),) = edits.items()
    draft.edit(path, changed, summary)
    return path
