"""After how many seconds a broker delivers again what nobody acknowledged."""

from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.brokers import scheme_of
from celeryls.syntax.expr import Const, Dict, Expr

DEFAULTS = {"redis": 3600, "rediss": 3600, "sentinel": 3600, "sqs": None}
"""Seconds after which the transports of kombu deliver a message again, by the broker's scheme.

A queue of SQS that is there already keeps its own.
"""
_TIMEOUT = "visibility_timeout"


def seconds(value: Expr) -> float | None:
    """An evaluated number of seconds; `None` for what is none, or not known."""
    number = value.value if isinstance(value, Const) else None
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None


def timeout_of(project: Project, task: Task) -> float | None:
    """The timeout that the brokers of a task's apps agree on."""
    apps = [task.app] if task.app is not None else [*project.apps]
    found = {timeout_on(project, app) for app in apps}
    return found.pop() if len(found) == 1 else None


def timeout_on(project: Project, app: App) -> float | None:
    """The timeout of an app's broker; `None` if not known, or never."""
    url = project.setting(app, "broker_url")
    options = project.setting(app, "broker_transport_options").value
    scheme = None
    if isinstance(url.value, Const) and isinstance(url.value.value, str):
        scheme = scheme_of(url.value.value) or ""
        if scheme not in DEFAULTS:
            return None
    if not isinstance(options, Dict) or not all(isinstance(k, Const) for k, _ in options.items):
        return None
    given = dict(options.items).get(Const(_TIMEOUT))
    if given is not None:
        return seconds(given)
    return DEFAULTS.get(scheme or "")
