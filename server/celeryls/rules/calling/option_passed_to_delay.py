"""CEL304."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.facts import KeywordSite, ParamKind
from celeryls.rules.base import Finding
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.scan import has_comment
from celeryls.text import Applicability, Edit, Fix, Span


class OptionPassedToDelay(CallRule):
    """## What it does

    Finds options of `apply_async`, such as `countdown` or `queue`, that are given to `delay`.

    ## Why it matters

    `delay` hands all it is given to the task. So `delay(order_id, countdown=10)` does not wait:
    it raises a `TypeError`, since the task has no parameter `countdown`.

    Celery's documentation:
    [Calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html)

    ## Example

    ```python
    charge.delay(order_id, countdown=10)
    ```

    Use instead:

    ```python
    charge.apply_async(args=(order_id,), countdown=10)
    ```

    ## Known limits

    Silent for tasks that have a parameter of that name or take any (`**kwargs`), and wherever
    the arguments of the task can't be told.

    ## Fix safety

    Safe: the call can't have worked as written. There is no fix for calls with `*` or `**`,
    nor where a comment stands among the arguments.
    """

    code = "CEL304"
    name = "option-passed-to-delay"
    summary = "delay is given an option of apply_async, which goes to the task instead."
    severity = "error"
    since = "0.1.0"
    fix = "safe"
    methods = frozenset({"delay", "delay_on_commit"})

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task = context.task
        if task is None or not context.is_checked:
            return
        if any(param.kind is ParamKind.VAR_KEYWORD for param in task.decl.params):
            return
        own = {param.name for param in task.decl.params}
        options = [
            keyword
            for name, keyword in context.keywords.items()
            if name in catalog.call_options() and name not in own | {"args", "kwargs"}
        ]
        if not options:
            return
        names = " and ".join(f'"{keyword.name}"' for keyword in options)
        yield context.finding(
            self,
            f'task "{task.label}" is handed {names} as an argument: delay takes no options, '
            "apply_async does",
            span=options[0].span,
            fixes=() if context.spreads or _has_comment(context) else (_fix(context, options),),
        )


def _has_comment(context: CallContext) -> bool:
    """Whether the arguments, which are written anew, have a comment among them."""
    place = Span(context.method_span.start, context.site.span.end)
    return has_comment(context.file.text, place)


def _fix(context: CallContext, options: list[KeywordSite]) -> Fix:
    """`delay(a, b=1, countdown=2)` as `apply_async(args=(a,), kwargs={"b": 1}, countdown=2)`."""
    text, site = context.file.text, context.site
    parts = []
    positional = [span.of(text) for span in site.args]
    if positional:
        comma = "," if len(positional) == 1 else ""
        parts.append(f"args=({', '.join(positional)}{comma})")
    named = [keyword for keyword in site.keywords if keyword not in options]
    if named:
        items = (f'"{keyword.name}": {keyword.value_span.of(text)}' for keyword in named)
        parts.append(f"kwargs={{{', '.join(items)}}}")
    parts += [keyword.span.of(text) for keyword in options]
    method = "apply_async_on_commit" if site.method == "delay_on_commit" else "apply_async"
    place = Span(context.method_span.start, site.span.end)
    return Fix.in_file(
        context.file.path,
        f"Use {method}",
        Applicability.SAFE,
        Edit(place, f"{method}({', '.join(parts)})"),
    )
