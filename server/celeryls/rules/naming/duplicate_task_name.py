"""CEL701."""

import os
from collections.abc import Iterator
from dataclasses import replace

from celeryls.project import Project, Task
from celeryls.rules.base import FileContext, Finding, Related, Rule, TaskContext
from celeryls.rules.edits import remove_keywords
from celeryls.text import Applicability, Fix, LineIndex, lines_of


class DuplicateTaskName(Rule):
    """## What it does

    Finds two tasks that have the same name.

    ## Why it matters

    Celery registers one of the two, which may be either, and uses it for both: whoever calls the
    other runs the wrong function, and is told that it succeeded. From Celery 5.7 on there is a
    warning. The name is the module with the function's own name, so that classes don't tell tasks
    apart.

    Celery's documentation:
    [Names](https://docs.celeryq.dev/en/stable/userguide/tasks.html#names); see
    [celery/celery#10576](https://github.com/celery/celery/issues/10576)

    ## Example

    ```python
    class Orders:
        @staticmethod
        @shared_task
        def clean(): ...


    class Carts:
        @shared_task
        def clean(): ...
    ```

    Use instead:

    ```python
    @shared_task
    def clean_orders(): ...


    @shared_task
    def clean_carts(): ...
    ```

    ## Known limits

    Two files are compared only where one worker certainly imports both. Silent in tests, for
    tasks inside functions, and where one of two branches is taken.

    ## Fix safety

    Unsafe: whoever sends the second task by its name has to know the new one. There is no fix
    where no name is written, or the automatic one is taken as well.
    """

    code = "CEL701"
    name = "duplicate-task-name"
    summary = "Two tasks have the same name; only one of them ever runs."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if file.project.is_test(file.path):
            return
        contexts = [context for context in file.tasks() if _is_certain(file, context)]
        here: dict[str, TaskContext] = {}
        for context in sorted(contexts, key=lambda context: context.site.def_line):
            assert context.task.name is not None
            first = here.setdefault(context.task.name, context)
            if first is not context and _same_app(context.task, first.task):
                yield self._finding(context, first.task)
        for name, context in here.items():
            for other in _elsewhere(file, name):
                if _meet(file.project, context.task, other):
                    yield self._finding(context, other)
                    break

    def _finding(self, context: TaskContext, other: Task) -> Finding:
        task, site = context.task, context.file.project.site(other)
        where = f"line {site.def_line}"
        if other.path != task.path:
            where = os.path.relpath(other.path, context.file.project.folder).replace(os.sep, "/")
        message = (
            f'task "{task.name}": the function in {where} has the same name, and only one runs'
        )
        related = Related(other.path, site.name, f'"{task.name}" is declared here too')
        found = context.finding(self, message, fixes=tuple(_own_name(context)))
        return replace(found, related=(related,))


def _own_name(context: TaskContext) -> Iterator[Fix]:
    """Take a written name away, if the automatic one is free."""
    task, file = context.task, context.file
    written = [keyword for keyword in context.decorator.keywords if keyword.name == "name"]
    if not written or task.module is None or not task.complete:
        return
    name = f"{task.module}.{task.decl.name}"
    if not file.project.tasks_named(name):
        edits = remove_keywords(file.text, context.decorator, *written)
        title = f'Remove its name, for the automatic one: "{name}"'
        yield Fix.in_file(file.path, title, Applicability.UNSAFE, *edits)


def _is_certain(file: FileContext, context: TaskContext) -> bool:
    """Whether a task is declared whenever its file is imported, under a name that is known."""
    task = context.task
    if task.name is None or task.decl.in_function:
        return False
    return _only_in_classes(file.text, file.lines, context.scope.start)


def _only_in_classes(text: str, lines: LineIndex, at: int) -> bool:
    """Whether nothing but classes is around a place, no `if` and no `try`."""
    line = lines.line_at(at)
    indent = at - lines.line_start(line)
    while indent > 0:
        line -= 1
        if line < 0:
            return False
        written = lines.line_span(line).of(text)
        stripped = written.lstrip()
        if not stripped or stripped.startswith("#") or len(written) - len(stripped) >= indent:
            continue
        if not stripped.startswith("class "):
            return False
        indent = len(written) - len(stripped)
    return True


def _elsewhere(file: FileContext, name: str) -> list[Task]:
    """The tasks of files before this one that have a name."""
    found = [t for t in file.project.tasks_named(name) if t.path < file.path and t.is_plain]
    return sorted(found, key=lambda task: (task.path, task.index))


def _same_app(first: Task, second: Task) -> bool:
    """Whether two tasks are registered with one app; shared ones are with all."""
    return first.app is None or second.app is None or first.app == second.app


def _meet(project: Project, task: Task, other: Task) -> bool:
    """Whether one worker certainly imports two tasks of different files."""
    if project.is_test(other.path) or other.decl.in_function or task.module == other.module:
        return False
    if not _same_app(task, other) or other.symbol == task.symbol:
        return False
    apps = [app for app in project.apps if not project.is_test(app.path or "")]
    if len(apps) > 1 and (task.app is None or task.app != other.app):
        return False
    if project.is_registered(task) is not True or project.is_registered(other) is not True:
        return False
    text = project.text(other.path) or ""
    start = project.site(other).decorators[0].span.start - 1
    return _only_in_classes(text, lines_of(text), start)
