"""CEL310."""

from collections.abc import Iterator

from celeryls.project import Task
from celeryls.project.durations import length, seconds
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.visibility import timeout_of
from celeryls.syntax.expr import Call, Expr, Name, Operation, parse_expr

_NOW = frozenset({"datetime.datetime.now", "datetime.datetime.utcnow", "django.utils.timezone.now"})


class EtaBeyondVisibilityTimeout(CallRule):
    """## What it does

    Finds tasks that are sent, or tried again, with a `countdown` or an `eta` beyond the
    `visibility_timeout` of Redis or SQS.

    ## Why it matters

    A worker takes such a message at once and holds it until its time has come. Meanwhile nobody
    acknowledges it, so that the broker takes it for lost and delivers it again, to the same worker
    or another, each time that the timeout has passed. The task then runs several times.

    Celery's documentation:
    [Using Redis, visibility timeout](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout),
    [ETA and countdown](https://docs.celeryq.dev/en/stable/userguide/calling.html#eta-and-countdown)

    ## Example

    ```python
    app = Celery("shop", broker="redis://localhost")


    @app.task
    def remind(order_id): ...


    remind.apply_async((order.pk,), countdown=86400)
    ```

    Use instead:

    ```python
    app = Celery("shop", broker="redis://localhost")
    app.conf.broker_transport_options = {"visibility_timeout": 90000}


    @app.task
    def remind(order_id): ...


    remind.apply_async((order.pk,), countdown=86400)
    ```

    or a periodic task that looks for what is due.

    ## Known limits

    Only where the broker is known, or a `visibility_timeout` is written, and where the countdown
    can be told. Of an `eta` it can be if it is `now()` and a `timedelta`. RabbitMQ closes the
    connection after half an hour (`consumer_timeout`), which a server may have changed: nothing is
    said about it.

    ## Fix safety

    There is no fix: a long timeout also means that a lost message is missed for as long.
    """

    code = "CEL310"
    name = "eta-beyond-visibility-timeout"
    summary = (
        "A task is to start so late that the broker delivers it again before, and it runs twice."
    )
    severity = "warning"
    since = "0.1.0"
    fix = "none"
    methods = frozenset({"apply_async", "apply_async_on_commit"})

    def check(self, file: FileContext) -> Iterator[Finding]:
        text = file.text
        if not ("countdown" in text or "eta=" in text) or file.project.is_test(file.path):
            return
        yield from super().check(file)
        for task in file.tasks():
            for retry in task.site.retries:
                if retry.method != "retry" or not retry.own:
                    continue
                for keyword in retry.keywords:
                    value = parse_expr(keyword.value_span.of(file.text))
                    # A name may be one of the function's own.
                    if keyword.name != "countdown" or isinstance(value, Name):
                        continue
                    delay = seconds(file.project.evaluate(file.path, value))
                    message = _message(file, task.task, delay)
                    if message is not None:
                        span = keyword.span
                        yield Finding(self.code, message, span, retry.span, retry.span)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task, site = context.task, context.site
        if task is None:
            return
        for keyword, value in zip(site.keywords, site.given[len(site.args) :], strict=True):
            delay = None
            if keyword.name == "countdown":
                delay = seconds(context.file.project.evaluate(context.file.path, value))
            elif keyword.name == "eta":
                delay = _from_now(context.file, value)
            message = _message(context.file, task, delay)
            if message is not None:
                yield context.finding(self, message, span=keyword.span)


def _from_now(file: FileContext, value: Expr) -> float | None:
    """The seconds in `now() + timedelta(...)`."""
    if not isinstance(value, Operation) or value.op != "+":
        return None
    for now, later in (value.operands, reversed(value.operands)):
        if isinstance(now, Call):
            symbols = file.project.meaning(file.path, now.func)
            names = {s.qualname if isinstance(s, External) else "" for s in symbols}
            if names and names <= _NOW:
                return length(file.project.evaluate(file.path, later))
    return None


def _message(file: FileContext, task: Task, delay: float | None) -> str | None:
    """What is wrong with a delay in seconds; `None` if nothing is known to be."""
    timeout = timeout_of(file.project, task) if delay is not None else None
    if delay is None or timeout is None or delay <= timeout:
        return None
    return (
        f'task "{task.label}" waits {delay:g} s, but after the visibility_timeout of {timeout:g} s '
        "the broker delivers the message again: the task runs more than once"
    )
