"""CEL901."""

import re
from collections.abc import Iterator

from celeryls.catalog import Version
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.versions.imports import FROM, IMPORT, imported_as, is_in_a_string, names_of
from celeryls.syntax.expr import Call, Expr
from celeryls.text import Applicability, Edit, Fix, Span

REMOVED: dict[str, Version] = {
    "celery.task": (5, 0),
    "celery.decorators": (5, 0),
    "celery.backends.amqp": (5, 3),
    "celery.contrib.batches": (5, 3),
    "celery.contrib.methods": (5, 3),
    "celery.datastructures": (5, 3),
    "celery.five": (5, 3),
    "celery.app.abstract": (5, 3),
    "celery.app.amqp.TaskPublisher": (5, 3),
    "celery.backends.get_backend_cls": (5, 3),
    "celery.bin.Option": (5, 3),
    "celery.bin.base.Command": (5, 3),
    "celery.bin.base.Option": (5, 3),
    "celery.bin.celeryd": (5, 3),
    "celery.concurrency.processes": (5, 3),
    "celery.concurrency.threads": (5, 3),
    "celery.loaders.current_loader": (5, 3),
    "celery.result.BaseAsyncResult": (5, 3),
    "celery.result.TaskSetResult": (5, 3),
    "celery.result.from_serializable": (5, 3),
    "celery.utils.compat": (5, 3),
    "celery.utils.dispatch.saferef": (5, 3),
    "celery.utils.encoding": (5, 3),
    "celery.utils.mail": (5, 3),
    "celery.utils.timeutils": (5, 3),
    "celery.worker.autoreload": (5, 3),
    "celery.worker.buckets": (5, 3),
    "celery.worker.hub": (5, 3),
    "celery.worker.job": (5, 3),
    "celery.worker.mediator": (5, 3),
}
"""What old versions had, each with a version that certainly lacks it: modules, and names."""
SUCCESSORS = {
    "celery.task": ("celery", "shared_task"),
    "celery.task.task": ("celery", "shared_task"),
    "celery.decorators.task": ("celery", "shared_task"),
    "celery.task.base.Task": ("celery", "Task"),
    "celery.task.schedules.crontab": ("celery.schedules", "crontab"),
    "celery.task.schedules.schedule": ("celery.schedules", "schedule"),
    "celery.result.BaseAsyncResult": ("celery.result", "AsyncResult"),
    "celery.result.TaskSetResult": ("celery.result", "GroupResult"),
    "celery.result.from_serializable": ("celery.result", "result_from_tuple"),
    "celery.worker.job.Request": ("celery.worker.request", "Request"),
    "celery.task.sets.subtask": ("celery", "signature"),
    "celery.task.subtask": ("celery", "signature"),
    **{f"celery.task.{name}": ("celery", name) for name in ("Task", "chord", "group")},
    **{
        f"celery.utils.encoding.{name}": ("kombu.utils.encoding", name)
        for name in ("bytes_to_str", "safe_repr", "safe_str", "str_to_bytes", "from_utf8")
    },
    **{
        f"celery.utils.timeutils.{name}": ("celery.utils.time", name)
        for name in ("humanize_seconds", "is_naive", "maybe_iso8601", "maybe_timedelta", "timezone")
    },
}
"""What takes the place of a removed name, where there is one thing that does."""
_INSTEAD = {
    "celery.task.periodic_task": "use add_periodic_task or beat_schedule",
    "celery.decorators.periodic_task": "use add_periodic_task or beat_schedule",
    "celery.task.PeriodicTask": "use add_periodic_task or beat_schedule",
    "celery.task.control": "use app.control",
    "celery.contrib.batches": "use the package celery-batches",
}


class RemovedApi(Rule):
    """## What it does

    Finds imports of what Celery does not have any more: `celery.task`, `celery.decorators`,
    `periodic_task`, `celery.result.BaseAsyncResult` and others, and decorators such as
    `@celery.task`.

    ## Why it matters

    Celery 5 has no `celery.task` and no `celery.decorators`: the module that imports them can't
    be imported itself, so neither the worker nor whoever sends its tasks starts.

    Celery's documentation:
    [What's new in Celery 5.0](https://docs.celeryq.dev/en/stable/history/whatsnew-5.0.html)

    ## Example

    ```python
    from celery.task import task


    @task
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    from celery import shared_task


    @shared_task
    def charge(order_id): ...
    ```

    ## Known limits

    Only imports at the top of a module are judged. One in a `try` or an `if` is there for the
    versions that have it. Silent in projects that declare a version which has the module.

    ## Fix safety

    Safe where each of the names has one successor; it gets the name that the file uses.
    """

    code = "CEL901"
    name = "removed-api"
    summary = "Something is imported that Celery does not have any more."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"
    tags = ("deprecated",)

    def check(self, file: FileContext) -> Iterator[Finding]:
        if "celery" not in file.text:
            return
        found = [*self._from(file), *self._import(file)]
        if not found:
            found = list(self._decorators(file))
        if found and not file.project.has_package("celery"):
            yield from found

    def _from(self, file: FileContext) -> Iterator[Finding]:
        for match in FROM.finditer(file.text):
            module = match["module"]
            if _removed(file, module):
                if is_in_a_string(file.text, match.start()):
                    continue
                names = list(names_of(file.text, match))
                single = len(names) == 1
                dotted = f"{module}.{names[0]['name']}" if single else module
                fixes = tuple(_fix_all(file, match, names))
                yield self._finding(file, dotted, match.span("module"), match.span(), fixes)
            elif module == "celery" or any(old.startswith(f"{module}.") for old in REMOVED):
                for name in names_of(file.text, match):
                    dotted = f"{module}.{name['name']}"
                    if _removed(file, dotted) and not is_in_a_string(file.text, match.start()):
                        fixes = tuple(_fix_one(file, name, dotted)) if module == "celery" else ()
                        yield self._finding(file, dotted, name.span("name"), match.span(), fixes)

    def _import(self, file: FileContext) -> Iterator[Finding]:
        for match in IMPORT.finditer(file.text):
            if _removed(file, match["module"]) and not is_in_a_string(file.text, match.start()):
                yield self._finding(file, match["module"], match.span("module"), match.span())

    def _decorators(self, file: FileContext) -> Iterator[Finding]:
        """`import celery` and then `@celery.task`."""
        interface, body = file.project.interface(file.path), file.project.body(file.path)
        for decl, site in zip(interface.functions, body.functions, strict=True):
            for decorator, place in zip(decl.decorators, site.decorators, strict=True):
                for dotted in _meanings(file, decorator):
                    if _removed(file, dotted):
                        where = (place.callee.start, place.callee.end)
                        yield self._finding(file, dotted, where, (place.span.start, place.span.end))

    def _finding(
        self,
        file: FileContext,
        dotted: str,
        place: tuple[int, int],
        scope: tuple[int, int],
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        successor = SUCCESSORS.get(dotted)
        advice = "" if successor is None else f": use {'.'.join(successor)}"
        for known, words in _INSTEAD.items():
            if dotted == known or dotted.startswith(f"{known}."):
                advice = f": {words}"
        message = f"Celery has no {dotted} any more{advice}"
        return Finding(self.code, message, Span(*place), Span(*scope), Span(*scope), fixes)


def _removed(file: FileContext, dotted: str) -> bool:
    """Whether the project's Celery lacks a module, or what is in it."""
    version = file.project.celery_version
    return any(
        (dotted == module or dotted.startswith(f"{module}."))
        and (version is None or version >= since)
        for module, since in REMOVED.items()
    )


def _meanings(file: FileContext, decorator: Expr) -> Iterator[str]:
    called = decorator.func if isinstance(decorator, Call) else decorator
    for symbol in file.project.meaning(file.path, called):
        if isinstance(symbol, External):
            yield symbol.qualname


def _fix_all(file: FileContext, match: re.Match[str], names: list[re.Match[str]]) -> Iterator[Fix]:
    """Import the successors of all names, from the one module that has them."""
    if match["names"].startswith("("):
        return
    found = [SUCCESSORS.get(f"{match['module']}.{name['name']}") for name in names]
    modules = {successor[0] for successor in found if successor is not None}
    if None in found or len(modules) != 1:
        return
    parts = [
        imported_as(name, successor[1])
        for name, successor in zip(names, found, strict=True)
        if successor
    ]
    start, end = match.start(), names[-1].end()
    edit = Edit(Span(start, end), f"from {modules.pop()} import {', '.join(parts)}")
    yield Fix.in_file(file.path, "Import what took its place", Applicability.SAFE, edit)


def _fix_one(file: FileContext, name: re.Match[str], dotted: str) -> Iterator[Fix]:
    """Replace one of the names that are imported from `celery`."""
    successor = SUCCESSORS.get(dotted)
    if successor is not None and successor[0] == "celery":
        edit = Edit(Span(*name.span()), imported_as(name, successor[1]))
        yield Fix.in_file(file.path, f"Import {successor[1]}", Applicability.SAFE, edit)
