"""CEL708."""

import re
from collections.abc import Iterator

from celeryls.facts.calls import SENDS
from celeryls.project import Task
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.text import Applicability, Edit, Fix, Span

_MAIN = re.compile(r"^if[ \t]+\(?[ \t]*__name__[ \t]*==[ \t]*[\"']__main__[\"']", re.M)
_WORKER = re.compile(r"\.(?:worker_main|start|Worker)\(")


class MainModuleTaskName(Rule):
    """## What it does

    Finds modules that send their own tasks when they are run as a script, and whose app has no
    name.

    ## Why it matters

    The name of a task has that of its module, which is `__main__` in a script: it sends
    `__main__.add`, and a worker that imports the module knows `tasks.add`. With a name of its own
    the app uses that in place of `__main__`.

    Celery's documentation:
    [Main name](https://docs.celeryq.dev/en/stable/userguide/application.html#main-name)

    ## Example

    ```python
    app = Celery(broker="redis://localhost")


    @app.task
    def add(x, y): ...


    if __name__ == "__main__":
        add.delay(1, 2)
    ```

    Use instead:

    ```python
    app = Celery("tasks", broker="redis://localhost")
    ```

    ## Known limits

    Only what is sent right below `if __name__ == "__main__":` is looked at. Silent where the script
    is the worker as well, and for tasks with a name of their own.

    ## Fix safety

    Unsafe: other things have the app's name too, such as what is printed by the worker.
    """

    code = "CEL708"
    name = "main-module-task-name"
    summary = "A script sends its tasks under names that no worker knows."
    severity = "info"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        found = _MAIN.search(file.text) if "__main__" in file.text else None
        if found is None or file.project.is_test(file.path) or _WORKER.search(file.text):
            return
        for dispatch in file.project.dispatches(file.path):
            site = dispatch.site
            if site.span.start < found.end() or site.within or site.method not in SENDS:
                continue
            if len(dispatch.tasks) != 1 or not site.called:
                continue
            task = dispatch.tasks[0]
            if not _is_called_main(file, task):
                continue
            message = (
                f'task "{task.label}" is sent as "__main__.{task.decl.name}" here, '
                "since its app has no name"
            )
            whole = Span(0, len(file.text))
            fixes = tuple(_fixes(file, task))
            yield Finding(self.code, message, site.span, site.span, whole, fixes)
            return


def _is_called_main(file: FileContext, task: Task) -> bool:
    """Whether a task of this file has the name of the module in its own."""
    app = task.app
    if task.path != file.path or app is None or app.path != file.path or app.made_by is None:
        return False
    if app.made_in != file.path or not task.is_plain or not task.complete:
        return False
    if task.name is None or "name" in task.options or task.decl.in_function:
        return False
    given = app.made_by
    return not given.args and not any(name in ("main", None) for name, _ in given.keywords)


def _fixes(file: FileContext, task: Task) -> Iterator[Fix]:
    assert task.app is not None
    name = re.escape(task.app.name)
    made = re.compile(rf"^{name}[ \t]*(?::[^=\n]*)?=[ \t]*(?:[\w.]+\.)?Celery\(", re.M)
    found = [*made.finditer(file.text)]
    if len(found) != 1 or not task.module:
        return
    at = found[0].end()
    after = file.text[at:].lstrip(" \t")
    joint = "" if after.startswith(")") else "," if after[:1] in "\r\n" else ", "
    edit = Edit(Span(at, at), f'"{task.module}"{joint}')
    yield Fix.in_file(file.path, f'Name the app "{task.module}"', Applicability.UNSAFE, edit)
