"""Who dispatches a task, across files."""

from collections import defaultdict

from celeryls.project import Project

SENDS = frozenset(
    {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "send_task"}
    | {"apply", "s", "si", "signature", "subtask", "map", "starmap", "chunks", ""}
)


def callers(project: Project) -> dict[tuple[str, int], tuple[tuple[str, int, str], ...]]:
    """The places that send or sign each task: by path and index, each `(path, offset, method)`."""
    found: defaultdict[tuple[str, int], list[tuple[str, int, str]]] = defaultdict(list)
    for path in sorted(project.files):
        for dispatch in project.dispatches(path):
            site = dispatch.site
            for task in dispatch.tasks:
                if site.method in SENDS:
                    method = site.method or "signature"
                    found[task.path, task.index].append((path, site.span.start, method))
    return {key: tuple(calls) for key, calls in found.items()}
