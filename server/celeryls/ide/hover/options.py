"""Hovers on options of tasks and calls, and on settings, wherever these are written."""

import ast
from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite
from celeryls.facts.lookup import meaning
from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor
from celeryls.ide.hover.option_cards import call_option_card, setting_card, task_option_card
from celeryls.rules.configuring.sites import settings_of
from celeryls.syntax.expr import Name
from celeryls.text import Span

_TAKES_OPTIONS = frozenset({"apply_async", "apply_async_on_commit", "apply", "send_task"})


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


def on_setting(cursor: Cursor) -> tuple[Card, Span] | None:
    """The card of a setting where it is written, or read from an app's `conf`."""
    if not any(cursor.on(site.span) for site in cursor.body.settings):
        return _on_conf(cursor)
    for written in settings_of(cursor.project, cursor.path):
        if cursor.on(written.site.span) and written.key is not None:
            card = setting_card(cursor.project, written.key, written.app, written.site.name)
            return card, written.site.span
    return _on_conf(cursor)


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
