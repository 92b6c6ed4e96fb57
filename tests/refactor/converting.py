"""Converting in a text that has a cursor, for the tests of this folder."""

import re

from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.refactor.convert_function import Conversion, convert, find_function, refusal
from celeryls.syntax import parse
from celeryls.text import apply_edits

CURSOR = "│"
SHOP = Conventions(module="shop.tasks")
SHOP_APP = Conventions(
    style=DecoratorStyle.APP_TASK,
    app_module="shop.celery_app",
    app_name="app",
    module="shop.tasks",
)
OPTIONS = (
    "bind=True",
    'name="shop.tasks.sync"',
    "acks_late=True",
    "autoretry_for=(ConnectionError, TimeoutError)",
    "retry_backoff=60",
    "retry_jitter=True",
    "max_retries=3",
    "soft_time_limit=300",
    "time_limit=360",
)
"""The house defaults, as they are written above `sync` in the module `shop.tasks`."""


def at_cursor(text):
    """The text without its cursor, parsed, and the function that the cursor is on.

    Without a cursor it is on `sync`.
    """
    at = text.find(CURSOR)
    if at < 0:
        at = re.search(r"\bdef[\s\\]+sync\b", text).start()
    parsed = parse(text.replace(CURSOR, ""))
    return parsed, find_function(parsed, at)


def converted(text, conventions=SHOP) -> tuple[str, Conversion]:
    """The file as it is afterwards, and how it came to that."""
    parsed, target = at_cursor(text)
    reason = refusal(parsed, target, is_task=False)
    assert reason is None, reason
    conversion = convert(parsed, target, conventions)
    return apply_edits(parsed.text, conversion.edits), conversion


def outline(text, conventions=SHOP) -> str:
    """The file afterwards with the decorator's options as `...`: what is around them counts."""
    after, _ = converted(text, conventions)
    newline = next((end for end in ("\r\n", "\r") if end in after), "\n")
    start = after.index(f"({newline}", after.index("task(") - 1)
    end = after.index("time_limit=360,", start) + len("time_limit=360,")
    closing = after.index(")", end)
    return f"{after[:start]}(...){after[closing + 1 :]}"


def refused(text, *, is_task=False, **rest) -> str:
    """The reason that a person reads."""
    parsed, target = at_cursor(text)
    reason = refusal(parsed, target, is_task=is_task, **rest)
    assert reason is not None
    return reason
