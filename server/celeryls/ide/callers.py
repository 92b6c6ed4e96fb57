"""Who dispatches a task: the calls of `delay` and `apply_async`, across files."""

from collections import defaultdict

from celeryls.project import Project
from celeryls.project.names import Defined


def callers(project: Project) -> dict[tuple[str, int], tuple[tuple[str, int, str], ...]]:
    """The dispatches of every task: by path and index, each `(path, offset, method)`.

    Only calls whose target is the task's own name at module level, reached through imports;
    a local variable of that name is not the task.
    """
    by_name = {
        (task.path, task.decl.name): task.index
        for task in project.tasks()
        if not task.decl.in_class and not task.decl.in_function
    }
    found: defaultdict[tuple[str, int], list[tuple[str, int, str]]] = defaultdict(list)
    for path in sorted(project.files):
        for call in project.body(path).calls:
            if call.local:
                continue
            for symbol in project.resolve(path, call.target):
                if isinstance(symbol, Defined) and (symbol.path, symbol.name) in by_name:
                    key = (symbol.path, by_name[symbol.path, symbol.name])
                    found[key].append((path, call.span.start, call.method))
    return {key: tuple(calls) for key, calls in found.items()}
