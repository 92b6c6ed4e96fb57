"""After how many seconds a broker delivers again what nobody acknowledged."""

import math

from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.brokers import scheme_of
from celeryls.project.durations import seconds
from celeryls.syntax.expr import Const, Dict

DEFAULTS = {"redis": 3600, "rediss": 3600, "sentinel": 3600, "sqs": None}
"""Seconds after which the transports of kombu deliver a message again, by the broker's scheme.

A queue of SQS that is there already keeps its own.
"""
_MOST_OF_SQS = 12 * 60 * 60
"""The longest timeout in seconds that a queue of SQS may have, as Amazon's documentation says."""
_TIMEOUT = "visibility_timeout"


def timeout_of(project: Project, task: Task) -> float | None:
    """The timeout that the brokers of a task's apps agree on."""
    apps = [task.app] if task.app is not None else [*project.apps]
    found = {timeout_on(project, app) for app in apps}
    return found.pop() if len(found) == 1 else None


def longest_timeout(project: Project, app: App) -> float:
    """The longest timeout that an app's broker may be given."""
    return math.inf if _scheme(project, app) in DEFAULTS.keys() - {"sqs"} else _MOST_OF_SQS


def _scheme(project: Project, app: App) -> str | None:
    """The scheme of an app's broker, empty if it has none; `None` if not known."""
    url = project.setting(app, "broker_url").value
    if not isinstance(url, Const) or not isinstance(url.value, str):
        return None
    return scheme_of(url.value) or ""


def timeout_on(project: Project, app: App) -> float | None:
    """The timeout of an app's broker; `None` if not known, or never."""
    options = project.setting(app, "broker_transport_options").value
    scheme = _scheme(project, app)
    if scheme is not None and scheme not in DEFAULTS:
        return None
    if not isinstance(options, Dict) or not all(isinstance(k, Const) for k, _ in options.items):
        return None
    given = dict(options.items).get(Const(_TIMEOUT))
    if given is not None:
        return seconds(given)
    return DEFAULTS.get(scheme or "")
