"""Where a setting that is written nowhere is best written: beside the settings that are.

In the module that an app reads its settings from (Django's, `celeryconfig.py`), spelled as they
are there; else on the app's `conf`.  Offsets are code points.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from celeryls.project import Project
from celeryls.project.apps import App
from celeryls.project.symbols import Module
from celeryls.rules.configuring.sites import Written, prefixed
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import dotted_name
from celeryls.text import newline_of


@dataclass(frozen=True, slots=True)
class NewSetting:
    """Where to write a setting: the file, the place at the start of a line, what to assign to.

    `before` goes before it: the end of a line that has none, blank lines.
    """

    path: str
    at: int
    target: str
    before: str = ""


def place_for(
    project: Project, app: App, key: str, written: Sequence[tuple[str, Written]]
) -> NewSetting | None:
    """Where the setting `key` of an app goes, which is written nowhere; `written` are the others.

    `None` where that can't be told for certain: something that is not understood may write it,
    or settings are spelled by their old names, which Celery does not take beside new ones.
    """
    if project.setting(app, key).origin != "default":
        return None
    if any(one.form == "old" for _, one in written):
        return None
    return _in_module(project, app, key, written) or on_conf(project, app, key)


def _in_module(
    project: Project, app: App, key: str, written: Sequence[tuple[str, Written]]
) -> NewSetting | None:
    """In the settings module, below the settings that are there."""
    modules = {
        path: source
        for path in sorted(project.files)
        for source in project.configs.in_file(path)
        if source.app == app and not source.name
    }
    last: dict[str, Written] = {
        path: one
        for path, one in written
        if path in modules
        and one.site.where == "module"
        and not one.site.conditional
        # Of Django's own and others', some are called as old ones of Celery's.
        and one.form != "none"
    }
    path = _base(project, list(last or modules))
    if path is None:
        return None
    text = project.text(path)
    parsed = parse(text) if text is not None else None
    if text is None or parsed is None or parsed.holes:
        return None
    namespace = modules[path].namespace
    target = prefixed(key, namespace) if namespace else key
    if path in last:
        at = last[path].site.value_span.end
        node = next((n for n in parsed.tree.body if parsed.span(n).contains(at - 1)), None)
        return _below(parsed, path, target, node) if node is not None else None
    body = parsed.tree.body
    if modules[path].django and not namespace:
        return None
    return _below(parsed, path, target, body[-1], blank=1) if body else None


def _base(project: Project, paths: list[str]) -> str | None:
    """The one of several settings files that the others take all names from."""
    for path in paths:
        if all(_takes_from(project, other, path) for other in paths if other != path):
            return path
    return None


def _takes_from(project: Project, path: str, other: str, depth: int = 0) -> bool:
    if depth > 8 or path not in project.files:
        return False
    for star in project.interface(path).star_imports:
        for symbol in project.module_symbols(path, star):
            if isinstance(symbol, Module) and (
                symbol.path == other or _takes_from(project, symbol.path, other, depth + 1)
            ):
                return True
    return False


def _below(
    parsed: Parsed, path: str, target: str, node: ast.stmt, *, blank: int = 0
) -> NewSetting | None:
    """On the line below a statement, if nothing but a comment shares its last line."""
    text = parsed.text
    end = parsed.span(node).end
    line = parsed.lines.line_at(end)
    rest = text[end : parsed.lines.line_span(line).end].strip()
    if rest and not rest.startswith("#"):
        return None
    newline = newline_of(text)
    start = parsed.lines.line_span(line).end
    at = parsed.lines.line_start(line + 1)
    ends = at > start
    before = ("" if ends else newline) + newline * blank
    return NewSetting(path, at, target, before)


def on_conf(project: Project, app: App, key: str) -> NewSetting | None:
    """Below the last statement that is about the app's configuration."""
    text = project.text(app.path or "")
    if app.path is None or text is None:
        return None
    parsed = parse(text)
    node = _last_about(text, app.name)
    if node is None:
        return None
    return _below(parsed, app.path, f"{app.name}.conf.{key}", node)


@lru_cache(maxsize=8)
def _last_about(text: str, name: str) -> ast.stmt | None:
    """The last statement at module level that makes or configures the app."""
    parsed = parse(text)
    if parsed.holes:
        return None
    last: ast.stmt | None = None
    for node in parsed.tree.body:
        if assigns(node, name) or (last is not None and _configures(node, name)):
            last = node
    return last


def assigns(node: ast.stmt, name: str) -> bool:
    """Whether a statement binds a name with `=`."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _configures(node: ast.stmt, name: str) -> bool:
    """`app.conf.x = …`, `app.conf.update(…)`, `app.config_from_object(…)`."""
    return any(
        f"{dotted}.".startswith((f"{name}.conf.", f"{name}.config_from_"))
        for dotted in _targets(node)
    )


def _targets(node: ast.stmt) -> Iterator[str]:
    target: ast.expr | None = None
    if isinstance(node, ast.Assign):
        target = node.targets[0]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        target = node.value.func
    if isinstance(target, ast.Subscript):
        target = target.value
    if target is not None:
        yield dotted_name(target) or ""
