"""CEL107."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite
from celeryls.rules.app_edits import add_to_setting, app_of
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_made_by_celery_alone
from celeryls.rules.edits import remove_keywords
from celeryls.syntax.expr import Const, parse_expr
from celeryls.syntax.scan import has_comment
from celeryls.text import Applicability, Edit, Fix, Span


class RoutingOptionDeprecated(TaskRule):
    """## What it does

    Finds options of a task that say where its messages go: `queue`, `exchange`, `exchange_type`,
    `routing_key`, `delivery_mode`, `priority`. For projects with Celery 5.7 or newer.

    ## Why it matters

    They work, and Celery 5.7 warns of each (`CDeprecationWarning: The 'queue' task attribute is
    deprecated`): in version 6.0 they are to have no effect, so tasks would go to the default
    queue without a word. What takes their place is the setting `task_routes`.

    Celery's documentation:
    [Routing tasks](https://docs.celeryq.dev/en/stable/userguide/routing.html)

    ## Example

    ```python
    @shared_task(queue="mail")
    def send(message_id): ...
    ```

    Use instead:

    ```python
    app.conf.task_routes = {"shop.tasks.send": {"queue": "mail"}}


    @shared_task
    def send(message_id): ...
    ```

    ## Known limits

    The version is the oldest that the project promises to work with; if it says nothing, the
    one that is installed, else the newest. Options that are spread (`**OPTIONS`) and attributes
    of a base are silent; for the latter so is Celery.

    ## Fix safety

    Unsafe, since it edits another file: all these options of the task move into the `task_routes`
    of the task's app, which is written if there is none. There is no fix where a shared task may
    be for several apps, where a value is no literal, where `task_routes` is not one plain dict, or
    where the task's name is not known.
    """

    code = "CEL107"
    name = "routing-option-deprecated"
    summary = "A task says where it goes, which Celery 6 leaves to task_routes."
    severity = "info"
    since = "0.1.0"
    fix = "sometimes"
    tags = ("deprecated",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        version = context.file.project.celery_version or catalog.NEWEST
        options = catalog.task_options(version)
        found = []
        for keyword in context.decorator.keywords:
            option = options.get(keyword.name or "")
            if option is None or option.kind != "execution" or option.deprecated is None:
                continue
            if version >= option.deprecated and is_made_by_celery_alone(context):
                found.append(keyword)
        fixes = tuple(_move(context, found)) if found else ()
        for keyword in found:
            yield context.finding(
                self,
                f'task "{context.task.label}": the option "{keyword.name}" is deprecated, Celery 6 '
                "ignores it; put it into the setting task_routes",
                span=keyword.name_span,
                fixes=fixes,
            )


def _move(context: TaskContext, keywords: list[KeywordSite]) -> Iterator[Fix]:
    """Move these options into `task_routes`."""
    file, task = context.file, context.task
    app = app_of(file.project, task)
    if app is None or task.name is None or '"' in task.name:
        return
    values = [(keyword.name, keyword.value_span.of(file.text)) for keyword in keywords]
    if not all(isinstance(parse_expr(value), Const) for _, value in values):
        return
    route = ", ".join(f'"{name}": {value}' for name, value in values)
    entry = f'"{task.name}": {{{route}}}'
    added = add_to_setting(file, app, "task_routes", entry, kind="{")
    decorator = context.decorator
    removed = remove_keywords(file.text, decorator, *keywords)
    if not decorator.args and len(keywords) == len(decorator.keywords):  # the brackets as well
        removed = (Edit(Span(decorator.callee.end, decorator.span.end), ""),)
    # A comment would have to go along.
    if added and not any(has_comment(file.text, edit.span) for edit in removed):
        edits = {**added, file.path: (*added.get(file.path, ()), *removed)}
        yield Fix("Move to task_routes", Applicability.UNSAFE, edits)
