"""CEL607."""

import ast
import re
from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.project import Project
from celeryls.project.routes import queue_names
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.configuring.sites import settings_of
from celeryls.rules.spelling import CLOSE, meant
from celeryls.syntax import parse
from celeryls.syntax.expr import Const, Dict, Seq
from celeryls.text import Applicability, Edit, Fix, Span

_PLAIN = re.compile(r"[\w.-]+")
"""Names that are the same in source as in the running program."""


class UnknownQueue(Rule):
    """## What it does

    Finds `queue="emials"` of a task, a call or a route where `task_queues` has no such queue, but
    one of a name close to it.

    ## Why it matters

    Celery makes the queue, and no worker that consumes the queues of `task_queues` ever reads it:
    the messages pile up. With `task_create_missing_queues=False` sending fails.

    Celery's documentation:
    [Routing tasks](https://docs.celeryq.dev/en/stable/userguide/routing.html)

    ## Example

    ```python
    app.conf.task_queues = [Queue("emails"), Queue("images")]


    @app.task(queue="emials")
    def send(address): ...
    ```

    Use instead:

    ```python
    @app.task(queue="emails")
    def send(address): ...
    ```

    ## Known limits

    Which queues a worker consumes may be said on its command line (`-Q`), so only a misspelled
    name is reported: one that occurs once in the project. Nothing is reported unless every app's
    `task_queues` is written out, and all of its names are known.

    ## Fix safety

    Safe: the name becomes one that there is.
    """

    code = "CEL607"
    name = "unknown-queue"
    summary = "A task goes to a queue that is a misspelling of one there is."
    severity = "warning"
    since = "0.1.0"
    fix = "safe"

    def check(self, file: FileContext) -> Iterator[Finding]:
        used = [] if file.project.is_test(file.path) else [*_used(file)]
        known = _queues(file.project) if used else None
        if not known:
            return
        for span, queue in used:
            near = _near(queue, known)
            if near is None or _occurs_again(file, queue):
                continue
            message = f'no queue is called "{queue}"; there is "{near}"'
            edit = Edit(Span(span.start + 1, span.end - 1), near)
            fix = Fix.in_file(file.path, f'Use "{near}"', Applicability.SAFE, edit)
            yield Finding(self.code, message, span, span, Span(0, len(file.text)), (fix,))


def _used(file: FileContext) -> Iterator[tuple[Span, str]]:
    """The queues that tasks and calls in a file name, as plain texts."""
    keywords: list[KeywordSite] = []
    for task in file.tasks():
        keywords += task.decorator.keywords
    for dispatch in file.project.dispatches(file.path):
        if dispatch.tasks and dispatch.site.called:
            keywords += dispatch.site.keywords
    for keyword in keywords:
        if keyword.name == "queue":
            yield from _text(file, keyword.value_span)
    for written in settings_of(file.project, file.path):
        if written.key == "task_routes":
            for span in _routed(file, written.site.value_span):
                yield from _text(file, span)


def _text(file: FileContext, span: Span) -> Iterator[tuple[Span, str]]:
    """The name of a queue that is written as a plain text."""
    source = span.of(file.text)
    if source[:1] in ("'", '"') and _PLAIN.fullmatch(source[1:-1]):
        yield span, source[1:-1]


def _routed(file: FileContext, span: Span) -> Iterator[Span]:
    """Where the queues stand in the value of `task_routes`."""
    parsed = parse(f"({span.of(file.text)})")
    match parsed.tree.body:
        case [ast.Expr(value=whole)] if not parsed.broken:
            values = [*whole.values] if isinstance(whole, ast.Dict) else []
            for node in ast.walk(whole):
                if isinstance(node, ast.Dict):
                    for key, value in zip(node.keys, node.values, strict=True):
                        if isinstance(key, ast.Constant) and key.value == "queue":
                            values.append(value)
            for value in values:
                if isinstance(value, ast.Constant):
                    place = parsed.span(value)
                    yield Span(place.start + span.start - 1, place.end + span.start - 1)


def _queues(project: Project) -> frozenset[str] | None:
    """The names of all queues there are, `None` if some may be missing."""
    found: set[str] = set()
    for app in project.apps:
        if app.path is None or project.is_test(app.path):
            continue
        queues = project.setting(app, "task_queues")
        default = project.setting(app, "task_default_queue")
        items = queues.value.items if isinstance(queues.value, Seq | Dict) else ()
        names = [*queue_names(queues.value)]
        if not items or len(names) < len(items) or not isinstance(default.value, Const):
            return None
        found |= {*names, str(default.value.value)}
    return frozenset(found)


def _near(queue: str, known: frozenset[str]) -> str | None:
    if queue in known:
        return None
    return meant(queue, known, close=CLOSE - 0.05)


def _occurs_again(file: FileContext, queue: str) -> bool:
    """Whether a name stands in more than one place: then it is meant."""
    own = sum(file.text.count(f"{quote}{queue}{quote}") for quote in "'\"")
    return own > 1 or file.project.mentioned_beside(file.path, queue)
