"""CEL608."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from celeryls.rules.base import Finding
from celeryls.rules.configuring.sites import SettingContext, SettingRule, occurs_beside
from celeryls.syntax.expr import Const
from celeryls.text import Span

_NOT_FOR_PRODUCTION = re.compile(
    r"test|dev|local|debug|demo|example|sample|sandbox|minimal|eager|build|docs|(?:^|_)ci(?:_|$)",
    re.I,
)
"""What is in the name of a module, or of a class, whose settings are not for production."""


class AlwaysEager(SettingRule):
    """## What it does

    Finds `task_always_eager = True` in settings that are not those of tests.

    ## Why it matters

    No task is sent to a worker: `delay` runs it at once, and whoever called waits until it is done.
    Limits and retries work otherwise than in a worker, and `send_task` sends a message after all.

    Celery's documentation:
    [Testing](https://docs.celeryq.dev/en/stable/userguide/testing.html#tasks-and-unit-tests)

    ## Example

    ```python
    app.conf.task_always_eager = True
    ```

    Use instead, in a `conftest.py`:

    ```python
    @pytest.fixture(autouse=True)
    def eager():
        app.conf.task_always_eager = True
    ```

    ## Known limits

    Silent where another file names the setting too, since it may be turned off there; where it is
    written under a condition or in a function; and in modules and classes that are for tests or
    for development by their name.

    ## Fix safety

    There is no fix: only the author knows where the setting was meant to be.
    """

    code = "CEL608"
    name = "always-eager"
    summary = "Tasks run where they are called, outside of tests too; no worker gets one."
    severity = "warning"
    since = "0.1.0"
    fix = "none"

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        written, file = context.written, context.file
        site = written.site
        if written.key != "task_always_eager" or site.conditional or site.uses:
            return
        if context.value != Const(True) or _is_for_development(context):
            return
        names = {other.site.name for other in context.others if other.key == written.key}
        if len(names) > 1 or sum(other.key == written.key for other in context.others) > 1:
            return  # turned off again further down, or in another class
        if occurs_beside(file.project, file.path, file.text, written):
            return
        message = (
            f'"{context.name}" is True: no task is sent to a worker, each runs where it is called'
        )
        yield context.finding(self, message, evidence=Span(0, len(file.text)))


def _is_for_development(context: SettingContext) -> bool:
    path = PurePath(context.file.path)
    folder = PurePath(context.file.project.folder)
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else path.parts[-2:]
    names = (*parts, context.written.site.owner)
    return any(_NOT_FOR_PRODUCTION.search(name) for name in names)
