"""CEL310."""

from collections.abc import Iterator

from celeryls.project import Task
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.rules.visibility import seconds, timeout_of
from celeryls.syntax.expr import Name, parse_expr


class EtaBeyondVisibilityTimeout(CallRule):
    """## What it does

    Finds tasks that are sent, or tried again, with a `countdown` beyond the `visibility_timeout` of
    Redis or SQS.

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
    can be told. An `eta` is not compared. RabbitMQ closes the connection after half an hour
    (`consumer_timeout`), which a server may have changed: nothing is said about it.

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
        if "countdown" not in file.text or file.project.is_test(file.path):
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
        task, given = context.task, context.given("countdown")
        if task is None or given is None:
            return
        message = _message(context.file, task, seconds(given))
        if message is not None:
            yield context.finding(self, message, span=context.keywords["countdown"].span)


def _message(file: FileContext, task: Task, delay: float | None) -> str | None:
    """What is wrong with a delay in seconds; `None` if nothing is known to be."""
    timeout = timeout_of(file.project, task) if delay is not None else None
    if delay is None or timeout is None or delay <= timeout:
        return None
    return (
        f'task "{task.label}" waits {delay:g} s, but after the visibility_timeout of {timeout:g} s '
        "the broker delivers the message again: the task runs more than once"
    )
