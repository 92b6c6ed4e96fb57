"""Edits where an app is made and configured, for fixes that reach beyond the file of a task.

Offsets are code points.
"""

import ast
from functools import lru_cache

from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.rules.base import FileContext
from celeryls.rules.configuring.sites import Written, settings_of
from celeryls.rules.edits import add_item
from celeryls.syntax import parse
from celeryls.syntax.expr import dotted_name
from celeryls.text import Edit, Span, newline_of

Edits = dict[str, tuple[Edit, ...]]


def app_of(project: Project, task: Task) -> App | None:
    """The app that a task is for, in a file that can be edited: its own, or the only one."""
    apps = [app for app in project.apps if not project.is_test(app.path or "")]
    app = task.app or (apps[0] if len(apps) == 1 else None)
    return None if app is None or app.path is None or "." in app.name else app


def add_to_setting(file: FileContext, app: App, key: str, item: str, *, kind: str) -> Edits | None:
    """Put `item` (source, without a comma) into a setting of an app that holds several.

    `kind` is `{` for a dict or `[` for a list.  A setting that is written nowhere is written on
    the app's `conf`.  `None` where that can't be done with certainty: where it is written twice,
    under a condition, or not as a display.
    """
    project = file.project
    written = file.once(places_of, app, key)
    if not written:
        opened, closed = ("{", "}") if kind == "{" else ("[", "]")
        return write_on_conf(project, app, key, opened, f"    {item},", closed)
    path, site = written[0]
    text = project.text(path)
    if len(written) > 1 or site.site.conditional or text is None:
        return None
    span = site.site.value_span
    if text[span.start] not in ("{" if kind == "{" else "[("):
        return None
    edits = add_item(text, span, item)
    return {path: edits} if edits else None


def places_of(file: FileContext, app: App, key: str) -> tuple[tuple[str, Written], ...]:
    """Where a setting of an app is written, in all files."""
    return tuple(place for place in file.once(all_places, app) if place[1].key == key)


def all_places(file: FileContext, app: App) -> tuple[tuple[str, Written], ...]:
    """Where the settings of an app are written, in all files, in the order of source."""
    return tuple(
        (path, written)
        for path in sorted(file.project.files)
        for written in settings_of(file.project, path)
        if written.app == app
    )


def write_on_conf(project: Project, app: App, key: str, *value: str) -> Edits | None:
    """Write a setting below the last statement that is about the app's configuration.

    `value` is its source, line by line.
    """
    text = project.text(app.path or "")
    place = _configured(text, app.name) if text is not None else None
    if app.path is None or text is None or place is None:
        return None
    newline = newline_of(text)
    lines = newline.join((f"{app.name}.conf.{key} = {value[0]}", *value[1:]))
    before = "" if text[:place].endswith(("\n", "\r")) else newline
    return {app.path: (Edit(Span(place, place), before + lines + newline),)}


@lru_cache(maxsize=8)
def _configured(text: str, name: str) -> int | None:
    """Where the line begins below the app and its configuration, at module level."""
    parsed = parse(text)
    if parsed.holes:
        return None
    last: ast.stmt | None = None
    for node in parsed.tree.body:
        if assigns(node, name) or (last is not None and _configures(node, name)):
            last = node
    if last is None:
        return None
    end = parsed.span(last).end
    lines = text[end:].splitlines(keepends=True)
    rest = lines[0] if lines else ""
    # What else stands on the line: only a comment may.
    return None if rest.strip() and not rest.strip().startswith("#") else end + len(rest)


def assigns(node: ast.stmt, name: str) -> bool:
    """Whether a statement binds a name with `=`."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _configures(node: ast.stmt, name: str) -> bool:
    """`app.conf.x = …`, `app.conf.update(…)`, `app.config_from_object(…)`."""
    target: ast.expr | None = None
    if isinstance(node, ast.Assign):
        target = node.targets[0]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        target = node.value.func
    if isinstance(target, ast.Subscript):
        target = target.value
    dotted = f"{dotted_name(target) or ''}." if target is not None else ""
    return dotted.startswith((f"{name}.conf.", f"{name}.config_from_"))


def add_to_include(file: FileContext, app: App, module: str) -> Edits | None:
    """Have the worker of an app import a module: in its `include`, where that may be.

    `None` where the list is written in a way that can't be added to.
    """
    item = f'"{module}"'
    made = _constructor(file.project, app)
    for key in ("include", "imports"):
        if file.once(places_of, app, key):
            return add_to_setting(file, app, key, item, kind="[")
    if made is None:
        return add_to_setting(file, app, "imports", item, kind="[")
    path, text, call = made
    keywords = {keyword.arg: keyword for keyword in call.keywords}
    if None in keywords or app.path is None:
        return None
    if "include" in keywords:
        span = parse(text).span(keywords["include"].value)
        edits = add_item(text, span, item) if text[span.start] in "[(" else ()
        return {path: edits} if edits else None
    return add_to_setting(file, app, "imports", item, kind="[")


def _constructor(project: Project, app: App) -> tuple[str, str, ast.Call] | None:
    """The call that makes an app, if it is assigned to it at module level, with file and text."""
    text = project.text(app.path or "")
    if app.path is None or text is None or app.made_in != app.path:
        return None
    for node in parse(text).tree.body:
        if assigns(node, app.name) and isinstance(node, (ast.Assign, ast.AnnAssign)):
            return (app.path, text, node.value) if isinstance(node.value, ast.Call) else None
    return None
