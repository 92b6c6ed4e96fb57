"""The usual ways to retry a task, as fixes."""

from collections.abc import Iterator

from celeryls.rules.base import TaskContext
from celeryls.rules.edits import add_keywords
from celeryls.rules.retrying.autoretry import PASSING
from celeryls.text import Applicability, Fix

_PRESETS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Retry with exponential backoff and jitter, at most 3 times",
        "Retry with exponential backoff and jitter",
        (
            PASSING,
            "retry_backoff=True",
            "retry_backoff_max=600",
            "retry_jitter=True",
            "max_retries=3",
        ),
    ),
    (
        "Retry 3 times, 60 seconds apart",
        "Retry",
        (PASSING, "max_retries=3", "default_retry_delay=60"),
    ),
    ("Never retry (max_retries=0)", "Never retry", ("max_retries=0",)),
)
"""A title, what is left of it where some of the keyword arguments are written, and those."""


def presets(context: TaskContext) -> Iterator[Fix]:
    """The one that most people want comes first; what is written at the task stays as it is."""
    path, text, options = context.file.path, context.file.text, context.task.options
    for title, short, wanted in _PRESETS:
        missing = [keyword for keyword in wanted if keyword.partition("=")[0] not in options]
        # A backoff would take the place of the delay that somebody wrote.
        if missing and not ("default_retry_delay" in options and "retry_backoff=True" in missing):
            edits = add_keywords(text, context.decorator, *missing)
            chosen = title if len(missing) == len(wanted) else short
            yield Fix.in_file(path, chosen, Applicability.UNSAFE, *edits)
