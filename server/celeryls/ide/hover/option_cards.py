"""What an option or a setting is: type, default, version, what it does, where to read more."""

from typing import Literal

from celeryls import catalog
from celeryls.catalog import ABSENT, Version
from celeryls.ide.hover.card import Card, Code, Line, Link
from celeryls.ide.hover.written import SECRET, plain_value, python, without_secrets
from celeryls.project import Project, Task
from celeryls.project.apps import App

_DOCS = "https://docs.celeryq.dev/en/stable/"
_TYPES = {"string": "str", "any": "Any", "boolean": "bool"}
_ORIGINS = {
    "base": "by its base class",
    "decorator": "where it is declared",
    "annotations": "by task_annotations",
    "settings": "by the settings",
    "default": "by default",
}


def task_option_card(project: Project, task: Task | None, name: str) -> Card | None:
    """The card of an option, of a `task` if there is one; `None` if Celery knows none such."""
    option = catalog.task_options().get(name)
    if option is None:
        return None
    said = catalog.words("task_options").get(name)
    of_setting = catalog.settings().get(option.setting) if option.setting is not None else None
    kind = said.type if said is not None and said.type else None
    if kind is None and of_setting is not None:
        kind = _TYPES.get(of_setting.type, of_setting.type)
    items: list[Line] = []
    if task is not None and option.kind not in ("handler", "decorator"):
        found = project.effective(task, name)
        value: Line = ("not known from source",)
        if found.known:
            value = (Code(python(found.value)), f" {_ORIGINS.get(found.origin, found.origin)}")
        if found.known or found.origin != "default":
            items.append(("in force on ", Code(task.label), ": ", *value))
    if option.setting is not None:
        items.append(("default for all tasks: the setting ", Code(option.setting)))
    items += _versions(project, catalog.since("task_options").get(name), option.deprecated)
    return _card(_head(name, kind, option.default), "Task option", said, items)


def call_option_card(name: str) -> Card | None:
    """The card of an option of `apply_async` and its like; `None` if there is nothing to say."""
    said = catalog.words("call_options").get(name)
    if said is None or name not in catalog.call_options():
        return None
    return _card(_head(name, said.type, ABSENT), "Option of this call", said, [])


def setting_card(project: Project, key: str, app: App | None, written: str) -> Card:
    """The card of the setting `key`, which is `written` under some name."""
    known = catalog.settings().get(key)
    said = catalog.words("settings").get(key)
    kind = said.type if said is not None and said.type else None
    if kind is None and known is not None:
        kind = _TYPES.get(known.type, known.type)
    items: list[Line] = []
    found = project.setting(app, key)
    shown = None if SECRET.search(key) else without_secrets(found.value)
    if found.origin == "settings" and shown is not None:
        of = (" on app ", Code(app.name)) if app is not None and app.name else ()
        items.append(("in force", *of, ": ", Code(shown)))
    if known is not None and written in known.old_names:
        items.append(("the old name of ", Code(key)))
    elif known is not None and known.old_names:
        items.append(("old name: ", Code(known.old_names[0])))
    removed = known.deprecated if known is not None else None
    items += _versions(project, catalog.since("settings").get(key), None)
    if removed is not None:
        items.append((f"deprecated: to be removed in Celery {_dotted(removed)}",))
    default = known.default if known is not None else ABSENT
    return _card(_head(key, kind, default), "Celery setting", said, items)


def _head(name: str, kind: str | None, default: object) -> str:
    shown = "" if default is ABSENT else f" = {plain_value(default)}"
    if kind is not None and default is None and "None" not in kind and kind != "Any":
        kind += " | None"
    return f"{name}{f': {kind}' if kind else ''}{shown}"


def _versions(project: Project, since: Version | None, deprecated: Version | None) -> list[Line]:
    found: list[Line] = []
    has = project.celery_version
    if since is not None:
        lacks = has is not None and has < since
        here = f"; this project may have {_dotted(has)}" if lacks and has is not None else ""
        found.append((f"since Celery {_dotted(since)}{here}",))
    if deprecated is not None:
        found.append((f"deprecated since Celery {_dotted(deprecated)}",))
    return found


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _card(
    code: str,
    what: Literal["Task option", "Option of this call", "Celery setting"],
    said: catalog.Words | None,
    items: list[Line],
) -> Card:
    does: tuple[Line, ...] = ((f"{said.does}.",),) if said is not None else ((f"{what}.",),)
    foot: tuple[Line, ...] = ()
    if said is not None:
        foot = ((Link("Celery’s documentation", f"{_DOCS}{said.page}"),),)
    return Card(code, does, tuple(items), foot)
