"""CEL107."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_made_by_celery_alone


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

    There is no fix: a route goes into the settings of an app, and holds for a name.
    """

    code = "CEL107"
    name = "routing-option-deprecated"
    summary = "A task says where it goes, which Celery 6 leaves to task_routes."
    severity = "info"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        version = context.file.project.celery_version or catalog.NEWEST
        options = catalog.task_options(version)
        for keyword in context.decorator.keywords:
            option = options.get(keyword.name or "")
            if option is None or option.kind != "execution" or option.deprecated is None:
                continue
            if version < option.deprecated or not is_made_by_celery_alone(context):
                continue
            yield context.finding(
                self,
                f'task "{context.task.label}": the option "{option.name}" is deprecated, Celery 6 '
                "ignores it; put it into the setting task_routes",
                span=keyword.name_span,
            )
