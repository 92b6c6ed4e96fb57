"""CEL204."""

import ast
from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import remove_keywords
from celeryls.rules.retrying.autoretry import is_on, number, option
from celeryls.syntax import parse
from celeryls.syntax.expr import Const, Dict
from celeryls.text import Applicability, Edit, Fix, Span


class BackoffOverridesCountdown(TaskRule):
    """## What it does

    Finds tasks that are retried by themselves with a `retry_backoff` and with a `countdown` in
    their `retry_kwargs`.

    ## Why it matters

    Both say how long to wait before the next try. The backoff replaces the countdown each time,
    without a word: with `retry_backoff=True` and `{"countdown": 60}` the first retry comes
    within a second, and not after a minute.

    Celery's documentation:
    [Task.retry_backoff](https://docs.celeryq.dev/en/stable/userguide/tasks.html#Task.retry_backoff)

    ## Example

    ```python
    @shared_task(
        autoretry_for=(ConnectionError,),
        retry_backoff=True,
        retry_kwargs={"max_retries": 5, "countdown": 60},
    )
    def sync(product_id): ...
    ```

    Use instead:

    ```python
    @shared_task(
        autoretry_for=(ConnectionError,),
        retry_backoff=60,
        retry_kwargs={"max_retries": 5},
    )
    def sync(product_id): ...
    ```

    ## Known limits

    `retry_kwargs` has to be written at the task. It may be a constant of the project; then there
    is no fix for the countdown.

    ## Fix safety

    Unsafe: it takes out the countdown, which has no effect. The other fix takes out the backoff,
    and so puts the countdown in force.
    """

    code = "CEL204"
    name = "backoff-overrides-countdown"
    summary = "retry_backoff replaces the countdown in retry_kwargs."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        keywords = {k.name: k for k in context.decorator.keywords}
        written = keywords.get("retry_kwargs")
        if written is None or is_on(context) is False:
            return
        value, _ = option(context, "retry_kwargs")
        backoff = number(option(context, "retry_backoff")[0])
        if not backoff or not isinstance(value, Dict):
            return
        if not any(key == Const("countdown") for key, _ in value.items):
            return
        place = _entry(written, context.file.text)
        yield context.finding(
            self,
            f'task "{context.task.label}": the countdown in retry_kwargs has no effect, '
            "since retry_backoff replaces it",
            span=place[0] if place else written.span,
            fixes=tuple(_fixes(context, written, place, keywords.get("retry_backoff"))),
        )


def _entry(keyword: KeywordSite, text: str) -> tuple[Span, Span | None] | None:
    """The countdown in a dict that is written out, and what goes when it is taken out.

    The second is `None` for the only entry: with it goes the whole argument.
    """
    parsed = parse(keyword.value_span.of(text))
    match parsed.tree.body:
        case [ast.Expr(value=ast.Dict(keys=[*keys], values=values))]:
            pass
        case _:
            return None
    start = keyword.value_span.start
    for at, key in enumerate(keys):
        if not isinstance(key, ast.Constant) or key.value != "countdown":
            continue
        first, end = parsed.start(key), parsed.span(values[at]).end
        gone = None
        if at > 0:
            gone = Span(start + parsed.span(values[at - 1]).end, start + end)
        elif len(keys) > 1:
            following = keys[1]
            gone = Span(start + first, start + parsed.start(following or values[1]))
            if following is None:  # the stars of a spread stay
                gone = Span(gone.start, text.rindex("**", gone.start, gone.end))
        return Span(start + first, start + end), gone
    return None


def _fixes(
    context: TaskContext,
    written: KeywordSite,
    place: tuple[Span, Span | None] | None,
    backoff: KeywordSite | None,
) -> Iterator[Fix]:
    path, text = context.file.path, context.file.text
    if place is not None:
        gone = place[1]
        edits: tuple[Edit, ...] = ()
        if gone is None:
            edits = remove_keywords(text, context.decorator, written)
        # A bracket around a value is no part of the value's place; a comment is to stay.
        elif gone.of(text).count("(") == gone.of(text).count(")") and "#" not in gone.of(text):
            edits = (Edit(gone, ""),)
        if edits:
            title = "Remove the countdown, which has no effect"
            yield Fix.in_file(path, title, Applicability.UNSAFE, *edits)
    if backoff is not None:
        edits = remove_keywords(text, context.decorator, backoff)
        title = "Remove retry_backoff, so that the countdown counts"
        yield Fix.in_file(path, title, Applicability.UNSAFE, *edits)
