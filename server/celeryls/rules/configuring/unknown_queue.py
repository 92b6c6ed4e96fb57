"""CEL607."""

from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.project import Project
from celeryls.project.routes import queue_names
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.spelling import CLOSE, meant
from celeryls.syntax.expr import Const, Dict, Seq
from celeryls.text import Applicability, Edit, Fix, Span


class UnknownQueue(Rule):
    """## What it does

    Finds `queue="emials"` of a task or a call where `task_queues` has no such queue, but one of a
    name close to it.

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
        source = keyword.value_span.of(file.text)
        if keyword.name == "queue" and source[:1] in ("'", '"') and source[1:-1].isidentifier():
            yield keyword.value_span, source[1:-1]


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
