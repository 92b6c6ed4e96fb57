"""CEL108."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import apps_of, is_made_by_celery_alone, setting_in_force
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Edit, Fix, lines_of

_OLD = "acks_on_failure_or_timeout"
_NEW = ("acks_on_failure", "acks_on_timeout")


class AcksOnFailureOrTimeoutDeprecated(TaskRule):
    """## What it does

    Finds the task option `acks_on_failure_or_timeout`. For projects with Celery 5.7 or newer.

    ## Why it matters

    It works. Since Celery 5.7 there are two options in its place, `acks_on_failure` and
    `acks_on_timeout`; the old one is deprecated from 6.0 on and is to go in 7.0. An option that
    Celery doesn't know is accepted without a word, so the task would be acknowledged again when
    it fails.

    Celery's documentation:
    [Task.acks_on_failure_or_timeout](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.acks_on_failure_or_timeout)

    ## Example

    ```python
    @shared_task(acks_late=True, acks_on_failure_or_timeout=False)
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(acks_late=True, acks_on_failure=False, acks_on_timeout=False)
    def charge(order_id): ...
    ```

    ## Known limits

    The version is the oldest that the project promises to work with; if it says nothing, the
    one that is installed, else the newest. Only options written at a task are looked at, not the
    setting `task_acks_on_failure_or_timeout`.

    ## Fix safety

    Safe: the two options say together what the one did. Unsafe where the settings give one of
    the two a value, or their values can't be known, since what is written at the task then wins;
    and where the project reads the old attribute. There is no fix if one of the two is there.
    """

    code = "CEL108"
    name = "acks-on-failure-or-timeout-deprecated"
    summary = "acks_on_failure_or_timeout is two options since Celery 5.7."
    severity = "info"
    since = "0.1.0"
    fix = "sometimes"
    tags = ("deprecated",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        version = context.file.project.celery_version or catalog.NEWEST
        deprecated = catalog.task_options(version)[_OLD].deprecated
        if deprecated is None or version < deprecated or not is_made_by_celery_alone(context):
            return
        for keyword in context.decorator.keywords:
            if keyword.name == _OLD:
                yield context.finding(
                    self,
                    f'task "{context.task.label}": "{_OLD}" is deprecated; Celery 5.7 has '
                    '"acks_on_failure" and "acks_on_timeout" in its place',
                    span=keyword.name_span,
                    fixes=tuple(_fixes(context, keyword)),
                )


def _fixes(context: TaskContext, keyword: KeywordSite) -> Iterator[Fix]:
    file, options = context.file, context.task.options
    if not context.task.complete or any(name in options for name in _NEW):
        return
    text = file.text
    # The value may stand in brackets, which its span leaves out.
    written = text[keyword.name_span.end : keyword.span.end]
    between = ", "
    lines = lines_of(text)
    line = lines.line_at(keyword.span.start)
    indent = text[lines.line_start(line) : keyword.span.start]
    if not indent.strip():
        newline = "\r\n" if "\r\n" in text else "\n"
        between = f",{newline}{indent}"
    after = between.join(f"{name}{written}" for name in _NEW)
    title = 'Split into "acks_on_failure" and "acks_on_timeout"'
    how = Applicability.SAFE if _is_same(context) else Applicability.UNSAFE
    yield Fix.in_file(file.path, title, how, Edit(keyword.span, after))


def _is_same(context: TaskContext) -> bool:
    """Whether nothing else gives the new options a value or reads the old one."""
    if context.file.project.mentions(_OLD):
        return False
    settings = [f"task_{name}" for name in _NEW] if apps_of(context) else []
    return all(setting_in_force(context, setting) == Const(None) for setting in settings)
