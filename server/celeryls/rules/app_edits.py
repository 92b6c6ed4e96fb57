"""Edits where an app is made and configured, for fixes that reach beyond the file of a task.

Offsets are code points.
"""

import ast
from collections.abc import Sequence

from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.rules.base import FileContext
from celeryls.rules.configuring.sites import Written, settings_of
from celeryls.rules.displays import STEP, add_to_argument, add_to_display
from celeryls.rules.new_settings import NewSetting, assigns, on_conf, place_for
from celeryls.syntax import parse
from celeryls.text import Edit, Span, newline_of

Edits = dict[str, tuple[Edit, ...]]


def app_of(project: Project, task: Task) -> App | None:
    """The app that a task is for, in a file that can be edited: its own, or the only one."""
    apps = [app for app in project.apps if not project.is_test(app.path or "")]
    app = task.app or (apps[0] if len(apps) == 1 else None)
    return None if app is None or app.path is None or "." in app.name else app


def current(project: Project, app: App) -> App:
    """The app as the project has it now: an edit may have changed the call that makes it."""
    same = (other for other in project.apps if (other.path, other.name) == (app.path, app.name))
    return next(same, app)


def add_to_setting(file: FileContext, app: App, key: str, item: str, *, kind: str) -> Edits | None:
    """Put `item` (source, without a comma) into a setting of an app that holds several.

    `kind` is `{` for a dict or `[` for a list.  An item of several lines (ended by `\\n`) is laid
    out a step further in than the display.  A setting that is written nowhere is written where
    the app's others are.  `None` where that can't be done with certainty: where it is written
    twice, under a condition, or not as a display.
    """
    project = file.project
    app = current(project, app)
    written = file.once(places_of, app, key)
    if not written:
        opened, closed = ("{", "}") if kind == "{" else ("[", "]")
        inside = [STEP + line for line in f"{item},".split("\n")]
        place = place_for(project, app, key, file.once(all_places, app))
        return _write_at(project, place, (opened, *inside, closed))
    path, site = written[0]
    text = project.text(path)
    if len(written) > 1 or site.site.conditional or text is None:
        return None
    span = site.site.value_span
    if text[span.start] not in ("{" if kind == "{" else "[("):
        return None
    edits = add_to_display(text, span, item, line_length=project.conventions(path).line_length)
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
    return _write_at(project, on_conf(project, app, key), value)


def _write_at(project: Project, place: NewSetting | None, value: Sequence[str]) -> Edits | None:
    text = project.text(place.path) if place is not None else None
    if place is None or text is None:
        return None
    newline = newline_of(text)
    lines = newline.join((f"{place.target} = {value[0]}", *value[1:]))
    return {place.path: (Edit(Span(place.at, place.at), place.before + lines + newline),)}


def add_to_include(file: FileContext, app: App, module: str) -> Edits | None:
    """Have the worker of an app import a module: in its `include`, where that may be.

    `None` where the list is written in a way that can't be added to.
    """
    item = f'"{module}"'
    app = current(file.project, app)
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
        parsed = parse(text)
        span = parsed.span(keywords["include"].value)
        if text[span.start] not in "[(":
            return None
        length = file.project.conventions(path).line_length
        edits = add_to_argument(text, parsed.span(call), span, item, line_length=length)
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
