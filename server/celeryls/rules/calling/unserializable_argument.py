"""CEL311."""

import ast
from collections.abc import Iterator

from celeryls.project.symbols import External
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.expr import Call, Const
from celeryls.text import Applicability, Edit, Fix, Span

_PATHS = frozenset({f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath")})


class UnserializableArgument(CallRule):
    """## What it does

    Finds arguments that Celery's JSON serializer can't carry: sets, generators, lambdas and
    paths, where they are written out in the call.

    ## Why it matters

    The call raises `EncodeError: Object of type set is not JSON serializable`, mostly in the
    one branch that no test runs.

    Celery's documentation:
    [Serializers](https://docs.celeryq.dev/en/stable/userguide/calling.html#serializers)

    ## Example

    ```python
    notify.delay({user.pk, owner.pk})
    ```

    Use instead:

    ```python
    notify.delay(list({user.pk, owner.pk}))
    ```

    ## Known limits

    Silent unless the serializer in force is known to be JSON, and in calls that name one of
    their own. Dates, decimals, UUIDs and bytes are carried, and are fine.

    ## Fix safety

    Unsafe: the task gets a list in place of a set or a generator, or a text in place of a path.
    """

    code = "CEL311"
    name = "unserializable-argument"
    summary = "A task is sent an argument that JSON can't carry."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"
    methods = frozenset({"delay", "delay_on_commit", "apply_async", "apply_async_on_commit"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not context.dispatch.is_direct or not task.base.complete:
            return
        if "serializer" in context.keywords or context.spreads:
            return
        if context.file.project.effective(task, "serializer").value != Const("json"):
            return
        for span in _arguments(context):
            found = _kind(context, span)
            if found is not None:
                what, wrapper = found
                yield context.finding(
                    self,
                    f'JSON can\'t carry {what}, which task "{task.label}" is sent',
                    span=span,
                    fixes=_fixes(context, span, wrapper),
                )


def _arguments(context: CallContext) -> Iterator[Span]:
    """The arguments of the task, those in a written `args` taken apart."""
    if context.site.method.startswith("delay"):
        yield from context.site.args
        for keyword in context.site.keywords:
            yield keyword.value_span


def _kind(context: CallContext, span: Span) -> tuple[str, str | None] | None:
    """What an argument is called, and the function that makes something of it that is carried."""
    try:
        node = ast.parse(f"({span.of(context.file.text)}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match node:
        case ast.Set() | ast.SetComp():
            return "a set", "list"
        case ast.GeneratorExp():
            return "a generator", "list"
        case ast.Lambda():
            return "a function", None
    value = context.value(span)
    if isinstance(value, Call):
        symbols = context.file.project.meaning(context.file.path, value.func)
        if symbols and all(isinstance(s, External) and s.qualname in _PATHS for s in symbols):
            return "a path", "str"
    return None


def _fixes(context: CallContext, span: Span, wrapper: str | None) -> tuple[Fix, ...]:
    if wrapper is None:
        return ()
    start, end = Span(span.start, span.start), Span(span.end, span.end)
    edits = (Edit(start, f"{wrapper}("), Edit(end, ")"))
    title = f"Send its {wrapper}"
    return (Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits),)
