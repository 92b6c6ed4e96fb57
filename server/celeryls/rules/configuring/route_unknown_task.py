"""CEL606."""

import re
from collections.abc import Iterator, Sequence

from celeryls.project import Project
from celeryls.rules.base import Finding
from celeryls.rules.configuring.sites import SettingContext, SettingRule
from celeryls.rules.spelling import meant, meant_task, task_names
from celeryls.syntax.expr import Const, Dict, Expr, Seq
from celeryls.text import Applicability, Edit, Fix, Span


class RouteUnknownTask(SettingRule):
    """## What it does

    Finds entries of `task_routes` that fit no task of the project, though one or its module has a
    name close to it.

    ## Why it matters

    The route is never taken. The task goes to the default queue, and may be run by a worker that
    it was to be kept away from.

    Celery's documentation:
    [Automatic routing](https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing)

    ## Example

    ```python
    app.conf.task_routes = {"shop.taks.*": {"queue": "shop"}}
    ```

    Use instead:

    ```python
    app.conf.task_routes = {"shop.tasks.*": {"queue": "shop"}}
    ```

    ## Known limits

    A task may belong to another package, so only names close to one of the project's are
    reported. As long as some task's name is computed, nearly all letters must be the same, that
    task's function must be called otherwise, and patterns are left alone. Of patterns only those
    are looked at that are a name followed by `.*`; regular expressions and functions are not, nor
    are routes that are not written in the setting itself.

    ## Fix safety

    Safe: the name becomes one that there is.
    """

    code = "CEL606"
    name = "route-unknown-task"
    summary = "A route is for a task that does not exist, and never taken."
    severity = "warning"
    since = "0.1.0"
    fix = "safe"

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        if context.written.key != "task_routes":
            return
        keys = [*_keys(context.written.site.value)]
        project = context.file.project
        names = task_names(project) or () if keys else ()
        modules = sorted({name.rpartition(".")[0] for name in names} - {""})
        for key in dict.fromkeys(keys):
            near = _near(project, key, names, modules)
            span = None if near is None else _place(context, key)
            if near is not None and span is not None:
                message = f'no task fits the route "{key}"; there is "{near}"'
                edit = Edit(span, near)
                title = f'Use "{near}"'
                fix = Fix.in_file(context.file.path, title, Applicability.SAFE, edit)
                whole = Span(0, len(context.file.text))
                yield context.finding(self, message, span=span, evidence=whole, fixes=(fix,))


def _keys(routes: Expr) -> Iterator[str]:
    """The names and patterns in what is written as `task_routes`.

    It is a dict, or a list of routers: dicts, lists of pairs, and texts that name functions
    (celery/app/routes.py, `prepare`).
    """
    match routes:
        case Dict(items=entries):
            for key, _ in entries:
                if isinstance(key, Const) and isinstance(key.value, str):
                    yield key.value
        case Seq(items=routers):
            for router in routers:
                yield from _pairs(router) if isinstance(router, Seq) else _keys(router)


def _pairs(router: Seq) -> Iterator[str]:
    for item in router.items:
        match item:
            case Seq(items=(Const(value=str() as name), _)):
                yield name


def _near(project: Project, key: str, names: Sequence[str], modules: list[str]) -> str | None:
    """What a route most likely is for, if it fits nothing.

    There are no `names` and no `modules` where some are not known.
    """
    if not key.endswith(".*"):
        if any(wild in key for wild in "*?[") or project.tasks_named(key):
            return None
        return meant_task(project, key)
    prefix = key.removesuffix(".*")
    if any(wild in prefix for wild in "*?[") or any(n.startswith(f"{prefix}.") for n in names):
        return None
    near = meant(prefix, modules)
    return f"{near}.*" if near is not None else None


def _place(context: SettingContext, key: str) -> Span | None:
    """Where a key stands, without its quotes, if it stands there once."""
    span = context.written.site.value_span
    found = [*re.finditer(rf"(?<=[\"']){re.escape(key)}(?=[\"'])", span.of(context.file.text))]
    if len(found) != 1:
        return None
    return Span(span.start + found[0].start(), span.start + found[0].end())
