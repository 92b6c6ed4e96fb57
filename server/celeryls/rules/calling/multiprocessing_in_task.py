"""CEL323."""

import re
from collections.abc import Iterator

from celeryls.facts.references import Reference, find_references
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import setting_in_force
from celeryls.syntax.expr import Const
from celeryls.syntax.imports import add_import
from celeryls.text import Applicability, Edit, Fix

_NAMES = ("Process", "Pool", "Manager", "ProcessPoolExecutor")
_STARTS = {
    "multiprocessing.Process": "Process",
    "multiprocessing.Pool": "Pool",
    "multiprocessing.pool.Pool": "Pool",
    "multiprocessing.Manager": None,
    "concurrent.futures.ProcessPoolExecutor": None,
    "concurrent.futures.process.ProcessPoolExecutor": None,
}
"""What starts a process, and what billiard calls the same."""
_CALLED = re.compile(rf"\b(?:{'|'.join(_NAMES)})\s*\(")
_DAEMON = ("daemon", "freeze_support")
"""Words in a file that seems to know of the trouble."""
_FORKS = ("prefork", "processes")


class MultiprocessingInTask(TaskRule):
    """## What it does

    Finds tasks that start processes with `multiprocessing` or `ProcessPoolExecutor`.

    ## Why it matters

    By default a worker runs tasks in processes that are daemons, and Python lets no daemon have
    children: `AssertionError: daemonic processes are not allowed to have children`. Celery's own
    fork of the module, `billiard`, does.

    Celery's documentation:
    [Concurrency](https://docs.celeryq.dev/en/stable/userguide/workers.html#concurrency),
    [its issue 1709](https://github.com/celery/celery/issues/1709)

    ## Example

    ```python
    import multiprocessing


    @shared_task
    def resize_all(images):
        with multiprocessing.Pool() as pool:
            pool.map(resize, images)
    ```

    Use instead:

    ```python
    @shared_task
    def resize_all(images):
        group(resize.s(image) for image in images).delay()
    ```

    or `billiard.Pool`.

    ## Known limits

    Only what the task calls itself, not what functions do that it calls. Silent where
    `worker_pool` names another pool, or is not known, and in files that speak of daemons. That a
    worker is started with `--pool threads` can't be seen.

    ## Fix safety

    Unsafe: billiard differs from `multiprocessing` here and there. It has no executor.
    """

    code = "CEL323"
    name = "multiprocessing-in-task"
    summary = "A task starts processes with multiprocessing, which a worker's processes may not."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        text = file.text
        starts = "multiprocessing" in text or "ProcessPoolExecutor" in text
        if starts and not any(word in text for word in _DAEMON):
            yield from super().check(file)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        file = context.file
        if _CALLED.search(file.text, context.site.span.start, context.site.span.end) is None:
            return
        pool = setting_in_force(context, "worker_pool") if file.project.apps else Const("prefork")
        if not isinstance(pool, Const) or pool.value not in _FORKS:
            return
        for reference in file.once(_processes):
            if reference.role != "call" or reference.within != context.task.decl.qualname:
                continue
            symbols = file.project.meaning(file.path, reference.target)
            names = {s.qualname if isinstance(s, External) else "" for s in symbols}
            if names and names <= _STARTS.keys():
                yield Finding(
                    self.code,
                    f'task "{context.task.label}" starts a process: in a worker of the default '
                    "kind that raises an AssertionError",
                    reference.span,
                    reference.span,
                    reference.span,
                    tuple(_fixes(file, reference, {_STARTS[name] for name in names})),
                )


def _processes(file: FileContext) -> tuple[Reference, ...]:
    return find_references(file.parsed, _NAMES)


def _fixes(file: FileContext, reference: Reference, names: set[str | None]) -> Iterator[Fix]:
    name = names.pop() if len(names) == 1 else None
    if name is None or file.parsed.broken:
        return
    billiard = add_import(file.parsed, "billiard")
    edit = Edit(reference.span, f"{billiard.local_name}.{name}")
    title = f"Use billiard's {name}"
    yield Fix.in_file(file.path, title, Applicability.UNSAFE, *billiard.edits, edit)
