"""What rules about a declaration ask about its surroundings: its apps and other decorators."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from celeryls.project.apps import App
from celeryls.project.declarations import SHARED_TASK
from celeryls.project.symbols import Defined, External
from celeryls.rules.base import TaskContext
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import UNKNOWN, Call, Expr, Name
from celeryls.text import Applicability, Edit, Fix

_CELERY = frozenset({"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"})

_PLAIN = (
    *("django.", "functools.", "contextlib.", "typing.", "warnings."),
    *("django_scopes.", "edx_django_utils.monitoring.", "newrelic.agent.", "sentry_sdk."),
)
"""Packages whose decorators call a function once, and register none."""


def apps_of(context: TaskContext) -> tuple[App, ...]:
    """The apps that a task may belong to; for one that they share, those of tests are left out."""
    if context.task.app is not None:
        return (context.task.app,)
    project = context.file.project
    return tuple(app for app in project.apps if not project.is_test(app.path or ""))


def setting_in_force(context: TaskContext, key: str) -> Expr:
    """A setting as the apps of a task agree on it, `UNKNOWN` otherwise."""
    project = context.file.project
    values = {project.setting(app, key).value for app in apps_of(context)}
    return values.pop() if len(values) == 1 else UNKNOWN


def is_run_by_celery_alone(context: TaskContext) -> bool:
    """Whether nothing in the project stands between the worker and the function.

    An inner decorator, a base, an app's own class and a `filter` may call it in another way.
    """
    if context.has_inner_decorators or context.called_through_base:
        return False
    if not context.task.complete or "filter" in context.task.options:
        return False
    if not apps_of(context) and any(
        not context.file.project.is_test(p) for p in context.file.project.app_factories
    ):
        return False  # the class that it gives to tasks is a matter of the function
    return all(_is_celerys_own(context, app) for app in apps_of(context))


_EXC = frozenset({"exc", "exception", "error", "err", "e"})
_TRACEBACK = frozenset({"traceback", "tb", "trace", "einfo"})


def is_errback(context: TaskContext) -> bool:
    """Whether the parameters are those of an error callback, under the names Celery gives them.

    The first one, the request of the task that failed, goes by many names.

    The worker whose task failed calls such a function itself, at once: it has no message to
    acknowledge or to send again (`Backend._call_task_errbacks`; Celery's user guide, "Calling
    Tasks", on `link_error`).
    """
    params = [param.name.lstrip("_") for param in context.task.decl.params]
    return (
        context.task.bind is False
        and len(params) > 2
        and params[1] in _EXC
        and params[2] in _TRACEBACK
    )


def is_made_by_celery_alone(context: TaskContext) -> bool:
    """Whether Celery's own code makes the task: an app of another class may have its own way."""
    app = context.task.app
    return app is None or _is_celerys_own(context, app)


def _is_celerys_own(context: TaskContext, app: App) -> bool:
    if app.made_by is None:
        return app.path is None and app.name.startswith("celery.")
    made = context.file.project.meaning(app.made_in, app.made_by.func)
    return bool(made) and all(isinstance(s, External) and s.qualname in _CELERY for s in made)


def callee_of(decorator: Expr) -> Expr:
    """A decorator without its arguments."""
    return decorator.func if isinstance(decorator, Call) else decorator


def definition_in(text: str, name: str) -> str | None:
    """The lines of a function or class at the top of a file."""
    pattern = rf"^(?:async +)?(?:def|class) +{re.escape(name)}\b.*(?:\n(?:[ \t)#].*)?)*"
    found = re.search(pattern, text, re.MULTILINE)
    return None if found is None else found[0]


def sources_of(context: TaskContext, decorators: Iterable[Expr]) -> Iterator[str | None]:
    """What there is to read of other decorators of a task; `None` for one that is not known.

    That is the whole file, since a decorator may leave its work to others there; of the task's own
    file, which speaks of tasks and their options anyway, only its definition.
    """
    task, path, project = context.task, context.file.path, context.file.project
    for decorator in decorators:
        callee = callee_of(decorator)
        local = isinstance(callee, Name) and callee.head in dict(task.decl.scope)
        found = () if local else project.meaning(path, callee)
        if not found:
            yield None
        for symbol in found:
            match symbol:
                case External(qualname=qualname):
                    yield "" if qualname.startswith(_PLAIN) else None
                case Defined(path=other, name=name):
                    text = project.text(other)
                    own = definition_in(text, name) if text is not None and other == path else None
                    yield text if own is None else own
                case _:
                    yield None


def celerys_decorator(
    context: TaskContext, decorator: Expr
) -> Literal["shared_task", "app.task"] | None:
    """Which of Celery's own decorators a decorator is, if it is certainly one."""
    callee = callee_of(decorator)
    project, path = context.file.project, context.file.path
    if not isinstance(callee, Name) or callee.head in dict(context.task.decl.scope):
        return None
    meant = project.meaning(path, callee)
    if meant and all(isinstance(s, External) and s.qualname in SHARED_TASK for s in meant):
        return "shared_task"
    owner, _, last = callee.dotted.rpartition(".")
    if last == "task" and owner and project.app_of(path, owner) is not None:
        return "app.task"
    return None


def acknowledge_late(context: TaskContext) -> Iterator[Fix]:
    """Turn late acknowledgement on where the task is declared, if that can be done there."""
    origin = context.file.project.effective(context.task, "acks_late").origin
    text, decorator = context.file.text, context.decorator
    late = [k for k in decorator.keywords if k.name == "acks_late"]
    if origin == "annotations" or (not late and "acks_late" in context.task.options):
        return
    edits = (
        (Edit(late[0].value_span, "True"),)
        if late
        else add_keywords(text, decorator, "acks_late=True")
    )
    title = "Add acks_late=True (the task may run twice: make it idempotent)"
    yield Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits)
