"""Hovers on options of tasks and calls, and on settings, wherever these are written."""

import ast
from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite
from celeryls.facts.calls import SENDS
from celeryls.facts.lookup import meaning
from celeryls.ide.cursor import has
from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor
from celeryls.ide.hover.option_cards import call_option_card, setting_card, task_option_card
from celeryls.project.classes import CELERY_APPS
from celeryls.project.symbols import External
from celeryls.rules.configuring.sites import settings_of
from celeryls.syntax.expr import Name
from celeryls.text import Span

_TAKES_OPTIONS = SENDS - {"delay", "delay_on_commit"} | {
    *("apply", "send_task", "signature", "subtask"),
}
_PARAMETERS = {"broker": "broker_url", "backend": "result_backend"}
"""Parameters of `Celery` that are settings by another name (celery/app/base.py)."""
_TASK_CLASSES = frozenset({"celery.Task", "celery.app.Task", "celery.app.task.Task"})


def on_task_option(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of an option where a task is declared."""
    for task in cursor.project.tasks_in(cursor.path):
        if task.path != cursor.path or task.decorator is None:
            continue
        site = cursor.project.site(task)
        if task.decorator >= len(site.decorators):
            continue
        for keyword in site.decorators[task.decorator].keywords:
            name = keyword.name
            if name is not None and name in task.options and cursor.on(keyword.name_span):
                card = task_option_card(cursor.project, task, name)
                return (card, keyword.name_span) if card is not None else None
    return _on_attribute(cursor)


def _on_attribute(cursor: Cursor) -> tuple[Card, Span] | None:
    """`acks_late = True` in a class of tasks, which may be the base of many."""
    for node, scope in cursor.nodes:
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Store):
            continue
        span = cursor.parsed.span(node)
        if not cursor.on(span) or scope is None or not isinstance(scope.node, ast.ClassDef):
            continue
        chain = cursor.project.chain(cursor.path, scope.qualname)
        if not any(external in _TASK_CLASSES for external in chain.externals):
            return None
        owned = (t for t in cursor.project.tasks_in(cursor.path) if t.kind == "class")
        task = next((t for t in owned if t.symbol == (cursor.path, scope.qualname)), None)
        card = task_option_card(cursor.project, task, node.id)
        return (card, span) if card is not None else None
    return None


def on_call_option(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of an option of a call that sends a task, or tries it again."""
    for keyword in _call_keywords(cursor):
        if cursor.on(keyword.name_span) and keyword.name is not None:
            card = call_option_card(keyword.name)
            return (card, keyword.name_span) if card is not None else None
    return None


def _call_keywords(cursor: Cursor) -> Iterator[KeywordSite]:
    for site in cursor.body.calls:
        if site.method not in _TAKES_OPTIONS or not cursor.on(site.span):
            continue
        # Pools of other libraries have an `apply_async` of their own.
        if any(d.site is site and d.tasks for d in cursor.project.dispatches(cursor.path)) or (
            site.method == "send_task"
            and isinstance(site.target, Name)
            and cursor.project.app_of(cursor.path, site.target.dotted) is not None
        ):
            yield from site.keywords
    for task in cursor.project.tasks_in(cursor.path):
        if task.path == cursor.path:
            for retry in cursor.project.site(task).retries:
                if retry.method == "retry" and retry.own:
                    yield from retry.keywords


def on_key(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of an option by its text: in `task_annotations`, `task_routes`, a schedule."""
    for node, inner in cursor.texts():
        span, name = cursor.parsed.span(node), str(node.value)
        if not any(isinstance(d, ast.Dict) and node in d.keys for d, _ in cursor.nodes):
            return None
        card = None
        settings = [s for s in cursor.body.settings if has(s.value_span, span)]
        items = [item for entry in cursor.body.schedules for item in entry.items]
        if any(s.name.lower().endswith("annotations") for s in settings):
            card = task_option_card(cursor.project, None, name)
        elif any(s.name.lower().endswith("routes") for s in settings) or any(
            item.key == "options" and has(item.value_span, span) for item in items
        ):
            card = call_option_card(name)
        return (card, inner) if card is not None else None
    return None


def on_setting(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of a setting where it is written, or read from an app's `conf`."""
    here = any(cursor.on(site.span) for site in cursor.body.settings)
    for written in settings_of(cursor.project, cursor.path) if here else ():
        if cursor.on(written.site.span) and written.key is not None:
            card = setting_card(cursor.project, written.key, written.app, written.site.name)
            return card, written.site.span
    return _on_conf(cursor) or _on_app(cursor)


def _on_app(cursor: Cursor) -> tuple[Card, Span] | None:
    """`Celery("shop", broker=..., task_acks_late=True)`."""
    for node, scope in cursor.nodes:
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            start = cursor.parsed.start(keyword)
            span = Span(start, start + len(keyword.arg or ""))
            if keyword.arg is None or not cursor.on(span):
                continue
            key = _PARAMETERS.get(keyword.arg, keyword.arg)
            symbols = cursor.project.meaning(cursor.path, meaning(node.func, scope))
            makes = {s.qualname if isinstance(s, External) else "" for s in symbols}
            if key in catalog.known_settings() and makes and makes <= CELERY_APPS:
                return setting_card(cursor.project, key, None, keyword.arg), span
    return None


def _on_conf(cursor: Cursor) -> tuple[Card, Span] | None:
    """`app.conf.task_acks_late`, `app.conf["task_acks_late"]`, `app.conf.get(...)`."""
    for node, scope in cursor.nodes:
        match node:
            case ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr=name):
                end = cursor.parsed.span(node).end
                span = Span(end - len(name), end)
            case (
                ast.Subscript(value=ast.Attribute(value=app, attr="conf"), slice=key)
                | ast.Call(
                    func=ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr="get"),
                    args=[key, *_],
                )
            ) if isinstance(key, ast.Constant) and isinstance(key.value, str):
                name, span = key.value, cursor.parsed.span(key)
                span = Span(span.start + 1, span.end - 1)
            case _:
                continue
        if not cursor.on(span) or span.of(cursor.text) != name:
            continue
        key_of = name if name in catalog.known_settings() else catalog.setting_for_old_name(name)
        owner = meaning(app, scope)
        if key_of is not None and isinstance(owner, Name):
            known = cursor.project.app_of(cursor.path, owner.dotted)
            if known is not None:
                return setting_card(cursor.project, key_of, known, name), span
    return None
