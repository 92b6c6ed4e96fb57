"""CEL114."""

from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_made_by_celery_alone
from celeryls.syntax.expr import Call, Const, Dict, Expr, Operation, Seq, Starred
from celeryls.text import Applicability, Edit, Fix, Span


class PositionalArgumentToDecorator(TaskRule):
    """## What it does

    Finds task decorators that are given a value without its name: `@shared_task("charge")`.

    ## Why it matters

    Celery takes options by name only. The module can't be imported:
    `TypeError: argument 1 to @task() must be a callable`, or
    `create_shared_task() takes 0 positional arguments but 1 was given`.

    Celery's documentation:
    [Names](https://docs.celeryq.dev/en/stable/userguide/tasks.html#names)

    ## Example

    ```python
    @shared_task("orders.charge")
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    @shared_task(name="orders.charge")
    def charge(order_id): ...
    ```

    ## Known limits

    Silent where the value may be a function, and under decorators and apps of one's own.

    ## Fix safety

    Safe for a single text, which can only be the name. Other values have no fix.
    """

    code = "CEL114"
    name = "positional-argument-to-decorator"
    summary = "A task decorator gets a value without a name, so the module can't be imported."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        site, task, file = context.decorator, context.task, context.file
        decorator = task.decl.decorators[context.site.decorators.index(site)]
        if not isinstance(decorator, Call) or not decorator.args or not site.args:
            return
        if not is_made_by_celery_alone(context):
            return
        starred = any(isinstance(value, Starred) for value in decorator.args)
        if starred or (len(decorator.args) == 1 and not _is_no_function(decorator.args[0])):
            return
        own = f"@{site.callee.of(file.text)}"
        first = site.args[0]
        fixes: tuple[Fix, ...] = ()
        between = file.text[site.callee.end : first.start]
        if _is_name(decorator) and between.strip() == "(":
            edit = Edit(Span(first.start, first.start), "name=")
            fixes = (Fix.in_file(file.path, "Give it as the name", Applicability.SAFE, edit),)
        yield context.finding(
            self,
            f'task "{task.decl.name}": "{own}" takes options by name only, and fails on import '
            "for a value without one",
            span=first,
            fixes=fixes,
        )


def _is_no_function(value: Expr) -> bool:
    """Whether a value can certainly not be called."""
    return isinstance(value, Const | Seq | Dict) or (
        isinstance(value, Operation) and value.op == "join"
    )


def _is_name(decorator: Call) -> bool:
    """Whether the only value is a text, and nothing else may be the name."""
    names = [name for name, _ in decorator.keywords]
    if len(decorator.args) != 1 or "name" in names or None in names:
        return False
    value = decorator.args[0]
    return isinstance(value, Const) and isinstance(value.value, str)
