"""CEL705."""

import ast
import os
import re
from collections.abc import Iterator

from celeryls.facts import Import
from celeryls.facts.calls import SENDS
from celeryls.project import Task
from celeryls.rules.base import FileContext, Finding, Related, Rule
from celeryls.syntax.expr import Name
from celeryls.text import Applicability, Edit, Fix, Span

_FROM = re.compile(r"from[ \t]+([\w.]+)")


class TaskImportedUnderTwoPaths(Rule):
    """## What it does

    Finds `from tasks import send` in a package, beside other code that imports the same module as
    `shop.tasks`.

    ## Why it matters

    Python loads the module twice, under two names, and so has the task two: what is sent as
    `tasks.send` a worker that knows `shop.tasks.send` throws away. `Or maybe you're using relative
    imports?`, says its log.

    Celery's documentation:
    [Automatic naming and relative imports](https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-naming-and-relative-imports)

    ## Example

    ```python
    # shop/views.py
    from tasks import send

    send.delay()
    ```

    Use instead:

    ```python
    from shop.tasks import send

    send.delay()
    ```

    ## Known limits

    Only an import of a task that the same file sends is reported. Silent for tasks that have a
    `name`, as they have just one, and where nothing imports the module by its whole name.

    ## Fix safety

    Unsafe: a program that is started in the folder of the package can't import the module by its
    whole name. All `from tasks import ...` of the file get that name. There is a fix only where a
    worker certainly imports the module by its whole name and no list of modules has the other one;
    none in a file that may be started itself (`__main__`, `#!`), or that has `import tasks` too.
    """

    code = "CEL705"
    name = "task-imported-under-two-paths"
    summary = "A task is imported under two paths, so it has two names."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if file.project.is_test(file.path):
            return
        interface = file.project.interface(file.path)
        for name, bindings in interface.names.items():
            if len(bindings) != 1 or not isinstance(bindings[0], Import):
                continue
            task = _beside(file, bindings[0])
            if task is None or not _is_sent(file, name):
                continue
            place = _place(file.text, bindings[0].module)
            if place is None:
                continue
            message = (
                f'"{bindings[0].module}" is "{task.module}" elsewhere: what is sent here as '
                f'"{bindings[0].module}.{task.decl.name}" is "{task.name}" to a worker'
            )
            site = file.project.site(task)
            related = (Related(task.path, site.name, "the task is declared here"),)
            fixes = tuple(_whole_name(file, bindings[0].module, task))
            yield Finding(self.code, message, place, place, place, fixes, related)


def _beside(file: FileContext, imported: Import) -> Task | None:
    """The task that is imported from a module beside this one as if that were in no package."""
    if imported.level or imported.name is None or not imported.module:
        return None
    folder = os.path.dirname(file.path)
    path = os.path.join(folder, *imported.module.split(".")) + ".py"
    if path not in file.project.files or not os.path.isfile(os.path.join(folder, "__init__.py")):
        return None
    module = file.project.module_of(path)
    if module is None or not module.endswith(f".{imported.module}"):
        return None
    for task in file.project.tasks_in(path):
        if task.symbol != (path, imported.name) or not task.is_plain or not task.complete:
            continue
        if "name" in task.options or task.name != f"{module}.{task.decl.name}":
            continue
        return task if file.project.mentioned_beside(file.path, module) else None
    return None


def _is_sent(file: FileContext, name: str) -> bool:
    calls = file.project.body(file.path).calls
    return any(site.method in SENDS and site.target == Name(name) for site in calls)


def _whole_name(file: FileContext, module: str, task: Task) -> Iterator[Fix]:
    """Import from the module by the name that a worker has it under."""
    text, parsed = file.text, file.parsed
    if parsed.broken or text.startswith("#!") or "__main__" in text or task.module is None:
        return
    if not file.project.is_registered(task) or _is_listed(file, module):
        return
    edits = []
    for node in ast.walk(parsed.tree):
        match node:
            case ast.Import(names=names) if any(
                f"{alias.name}.".startswith(f"{module}.") for alias in names
            ):
                return
            case ast.ImportFrom(module=other, level=0) if other == module:
                found = _FROM.match(text, parsed.start(node))
                if found is None or found[1] != module:
                    return
                edits.append(Edit(Span(*found.span(1)), task.module))
    title = f'Import from "{task.module}"'
    yield Fix.in_file(file.path, title, Applicability.UNSAFE, *edits)


def _is_listed(file: FileContext, module: str) -> bool:
    """Whether a worker may be told to import a module by this name."""
    listed = re.compile(rf"(?:[\[,{{=]|=\s*\()\s*[\"\']{re.escape(module)}[\"\']")
    texts = (file.project.text(path) or "" for path in file.project.files)
    return any(listed.search(text) for text in texts)


def _place(text: str, module: str) -> Span | None:
    """Where the name of the module stands in the import."""
    found = re.search(rf"^[ \t]*from[ \t]+({re.escape(module)})[ \t]+import\b", text, re.M)
    return Span(*found.span(1)) if found is not None else None
