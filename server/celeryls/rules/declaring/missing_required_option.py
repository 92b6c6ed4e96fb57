"""CEL127."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from celeryls.project.task import Effective
from celeryls.rules.base import FileContext, Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Edit, Fix

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class MissingRequiredOption(TaskRule):
    """## What it does

    Finds tasks without the options that the project requires of tasks in their place, by its
    own setting `require`.

    ## Why it matters

    A project has rules of its own: tasks of this package go to that queue, all tasks of another
    have a time limit. What is written down nowhere is forgotten in the next task.

    The setting: [require](../configuration.md#require). Celery's documentation:
    [list of options](https://docs.celeryq.dev/en/stable/userguide/tasks.html#list-of-options)

    ## Example

    ```python
    # with require = { "shop/migrations/" = { queue = "migrations" } }
    @shared_task
    def add_column(): ...
    ```

    Use instead:

    ```python
    @shared_task(queue="migrations")
    def add_column(): ...
    ```

    ## Known limits

    What counts is the option in force, wherever it is from: the decorator, the base, annotations,
    routes, settings, Celery's default. Silent where that is not known. Where several patterns fit
    a file, all of them count, and of the same option the last.

    ## Fix safety

    Unsafe, since the task then behaves differently: it writes the option into the decorator.
    """

    code = "CEL127"
    name = "missing-required-option"
    summary = "A task lacks an option that the project requires."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        project = context.file.project
        for option, wanted in required_options(context.file).items():
            found = project.effective(context.task, option)
            if not found.known or found.value == Const(wanted):
                continue
            yield context.finding(
                self,
                f'task "{context.task.label}": the project requires {option}={_source(wanted)} '
                f"here, and it is {_shown(found)}",
                fixes=tuple(_write(context, option, wanted)),
            )


def required_options(file: FileContext) -> dict[str, Any]:
    """The options that the tasks of a file must have, with their values."""
    found: dict[str, Any] = {}
    required = file.project.config.require
    name = file.project.relative(file.path) if required else ""
    for pattern, options in required.items():
        if _spec(pattern).match_file(name):
            found.update(options)
    return found


@lru_cache(maxsize=64)
def _spec(pattern: str) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([pattern])


def _source(value: object) -> str:
    # What JSON makes of a text is one in Python too.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _shown(found: Effective) -> str:
    value = _source(found.value.value) if isinstance(found.value, Const) else "something else"
    places = {"settings": "by the settings", "default": "by default", "base": "by its base"}
    return f"{value} {places.get(found.origin, '')}".rstrip()


def _write(context: TaskContext, option: str, wanted: Any) -> Iterator[Fix]:
    text, decorator = context.file.text, context.decorator
    value = _source(wanted)
    written = [keyword for keyword in decorator.keywords if keyword.name == option]
    if any(keyword.name is None for keyword in decorator.keywords):
        return  # it may be in what is spread
    edits = (
        (Edit(written[0].value_span, value),)
        if written
        else add_keywords(text, decorator, f"{option}={value}")
    )
    title = f"{'Write' if written else 'Add'} {option}={value}"
    yield Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits)
