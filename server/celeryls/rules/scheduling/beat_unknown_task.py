"""CEL504."""

from collections.abc import Iterator

from celeryls.facts import FunctionDecl, Import
from celeryls.project import Project
from celeryls.project.symbols import Module
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.scheduling.crontabs import text_of
from celeryls.rules.scheduling.entries import beat_entries
from celeryls.rules.spelling import meant_task, rename_text, task_names
from celeryls.text import Span


class BeatUnknownTask(Rule):
    """## What it does

    Finds entries of a beat schedule whose task does not exist.

    ## Why it matters

    Beat does not know tasks, it sends names. With every tick a message goes out, and the worker
    that gets it logs that the task is not registered and throws it away. What should run by the
    clock never does.

    Celery's documentation:
    [Periodic tasks](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html)

    ## Example

    ```python
    app.conf.beat_schedule = {
        "cleanup": {"task": "shop.taks.cleanup", "schedule": 3600},
    }
    ```

    Use instead:

    ```python
    app.conf.beat_schedule = {
        "cleanup": {"task": "shop.tasks.cleanup", "schedule": 3600},
    }
    ```

    ## Known limits

    A name that begins with a package of another project is reported only if it is close to the
    name of a task that is here. As long as some task's name is computed, nearly all letters must be
    the same, and that task's function must be called otherwise. Nothing is reported in tests.

    ## Fix safety

    Safe: the name becomes that of the one task which is close to it.
    """

    code = "CEL504"
    name = "beat-unknown-task"
    summary = "A schedule entry names a task that there is not."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        project = file.project
        for entry in beat_entries(file):
            name = text_of(project.evaluate(file.path, entry.task))
            if name is None or project.tasks_of(file.path, entry.task):
                continue
            if not _may_be_missed(file, name):
                continue
            near = meant_task(project, name)
            if near is None and not (task_names(project) and _is_ours(project, name)):
                continue
            end = f'; there is "{near}"' if near is not None else ""
            fixes = rename_text(file, entry.task_span, name, near) if near is not None else ()
            message = f'no task is named "{name}"{end}'
            whole = Span(0, len(file.text))  # the task may be anywhere in here
            yield Finding(self.code, message, entry.task_span, entry.span, whole, fixes)


def _is_ours(project: Project, name: str) -> bool:
    """Whether a name begins with a package of the workspace."""
    top, dot, _ = name.partition(".")
    return bool(dot) and project.has_package(top)


def _may_be_missed(file: FileContext, name: str) -> bool:
    """Whether what the name leads to is certainly no task.

    `False` where there is something of that name which may be one after all: a decorator that
    can't be followed, a module that can't be read.
    """
    module, _, last = name.rpartition(".")
    if module.partition(".")[0] == "celery":
        return False
    for symbol in file.project.module_symbols(file.path, Import(module, None)) if module else ():
        if not isinstance(symbol, Module):
            continue
        if symbol.path not in file.project.files:
            text = file.project.text(symbol.path)
            return text is not None and last not in text  # an empty `__init__.py` has no task
        interface = file.project.interface(symbol.path)
        if interface.star_imports or any(decl.name == last for decl in interface.functions):
            return False
        bound = interface.names.get(last, ())
        return all(isinstance(b, FunctionDecl) and not b.decorators for b in bound)
    return True
