"""What a task can have beside its function, each added by a function of its own.

An extra takes the draft and the task, which may have been written a moment ago, makes its steps
and says what is worth knowing, a sentence each.  It raises `AnswerError` for what can't be done.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.extras.endpoint import add_endpoint
from celeryls.generate.extras.metrics import add_metrics
from celeryls.generate.extras.test import add_test
from celeryls.project import Task

Extra: TypeAlias = Callable[[ProjectDraft, Task], tuple[str, ...]]

EXTRAS: Mapping[str, Extra] = {
    "endpoint": add_endpoint,
    "metrics": add_metrics,
    "test": add_test,
}
"""The extras that need no answers, by their field id in the form of a new task."""
