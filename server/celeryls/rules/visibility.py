"""After how many seconds a broker delivers again what nobody acknowledged."""

import re

from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.rules.durations import seconds
from celeryls.syntax.expr import Const, Dict

DEFAULTS = {"redis": 3600, "rediss": 3600, "sentinel": 3600, "sqs": None}
"""Seconds after which the transports of kombu deliver a message again, by the broker's scheme.

A queue of SQS that is there already keeps its own.
"""
_SCHEME = re.compile(r"(?P<scheme>[a-z]+)(?:\+[a-z]+)?://", re.I)
_TIMEOUT = "visibility_timeout"


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
        found = _SCHEME.match(url.value.value)
        scheme = found["scheme"].lower() if found is not None else ""
        if scheme not in DEFAULTS:
            return None
    if not isinstance(options, Dict) or not all(isinstance(k, Const) for k, _ in options.items):
        return None
    given = dict(options.items).get(Const(_TIMEOUT))
    if given is not None:
        return seconds(given)
    return DEFAULTS.get(scheme or "")
