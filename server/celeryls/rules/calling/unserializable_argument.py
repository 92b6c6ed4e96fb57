"""CEL311."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import partial

from celeryls.facts.scopes import bound_by, own_nodes
from celeryls.facts.walk import nodes_on
from celeryls.project import Task
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calling.json_values import EXCEPTION, Uncarried, held, uncarried
from celeryls.rules.calls import CallContext, CallRule
from celeryls.syntax.expr import Call, Const, Local, Name, parse_expr
from celeryls.text import Applicability, Edit, Fix, Span

_CAUGHT = re.compile(r"\bexcept\b[^\n]*\bas\s+(\w+)\s*:")
_HANDED = ("args", "kwargs")
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class UnserializableArgument(CallRule):
    """## What it does

    Finds arguments that Celery's JSON serializer can't carry: sets, ranges, generators, lambdas,
    paths, timedeltas, exceptions and others, where they are written out in the call, also inside
    of a list or a dict, or where a variable of the function certainly holds one.

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

    Only a variable that is assigned once is followed, and the name after `as` of an `except`.
    Silent unless the serializer in force is known to be
    JSON, and in calls that name one of their own. Dates, decimals, UUIDs and bytes are carried,
    and are fine.

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
            for found in uncarried(context.file.text, span, partial(_meaning, context)):
                yield context.finding(
                    self,
                    f'JSON can\'t carry {found.what}, which task "{task.label}" is sent',
                    span=found.span,
                    fixes=_fixes(context, found),
                )
        yield from self._in_variables(context, task)

    def _in_variables(self, context: CallContext, task: Task) -> Iterator[Finding]:
        """Arguments that are names, and views of a dict that a name stands for."""
        for span, written, value in context.arguments():
            text = span.of(context.file.text)
            is_name = isinstance(written, Name) and "." not in written.dotted
            if is_name and isinstance(value, Local):
                is_error = _is_caught(context, value.name)
                found = EXCEPTION if is_error else None
            elif is_name or (isinstance(written, Call) and isinstance(written.func, Name)):
                found = held(value, partial(_meaning, context)) if value != written else None
            else:
                continue
            if found is not None:
                whole = parse_expr(text) == written
                uncarried_one = Uncarried(span, found[0], found[1] if whole else None)
                yield context.finding(
                    self,
                    f'JSON can\'t carry {found[0]}, which task "{task.label}" is sent',
                    span=span,
                    fixes=_fixes(context, uncarried_one),
                )


def _caught(file: FileContext) -> frozenset[str]:
    """The names after `as` of any `except`, as far as a look at the text tells."""
    return frozenset(_CAUGHT.findall(file.text))


def _is_caught(context: CallContext, name: str) -> bool:
    """Whether a name is that of the exception in an `except ... as name` around the call."""
    file, at = context.file, context.site.span.start
    if name not in file.once(_caught) or file.parsed.broken:
        return False
    parsed = file.parsed
    for node in nodes_on(parsed.tree.body, [parsed.lines.line_at(at) + 1]):
        if isinstance(node, ast.ExceptHandler) and node.name == name:
            inside = parsed.start(node.body[0]) <= at < parsed.span(node).end
            if inside and name not in bound_by(node.body).counts:
                return not any(isinstance(one, _INNER) for one in own_nodes(node.body))
    return False


def _arguments(context: CallContext) -> Iterator[Span]:
    """The arguments of the task; those of `apply_async` are in its `args` and `kwargs`."""
    site = context.site
    if site.method.startswith("delay"):
        yield from site.args
        yield from (keyword.value_span for keyword in site.keywords)
        return
    yield from site.args[:2]
    yield from (site.value_span for name, site in context.keywords.items() if name in _HANDED)


def _meaning(context: CallContext, dotted: str) -> str | None:
    """What a name stands for; a builtin, if nothing in the file may have that name."""
    file = context.file
    head = dotted.partition(".")[0]
    if not dotted:
        return None
    if head in file.project.interface(file.path).names:
        symbols = file.project.meaning(file.path, Name(dotted))
        known = len(symbols) == 1 and isinstance(symbols[0], External)
        return symbols[0].qualname if known and isinstance(symbols[0], External) else None
    is_builtin = hasattr(builtins, dotted) and not file.once(_may_be_bound, dotted)
    return f"builtins.{dotted}" if is_builtin else None


def _may_be_bound(file: FileContext, name: str) -> bool:
    """Whether a name may be a parameter, a local variable or anything else of the file's own."""
    if file.project.interface(file.path).star_imports:
        return True
    bound = rf"\b(?:def|for|as|lambda|import)\s[^\n]*\b{name}\b|\b{name}\s*(?::[^=\n]+)?=[^=]"
    return re.search(bound, file.text) is not None


def _fixes(context: CallContext, found: Uncarried) -> tuple[Fix, ...]:
    if found.wrapper is None:
        return ()
    start, end = Span(found.span.start, found.span.start), Span(found.span.end, found.span.end)
    edits = (Edit(start, f"{found.wrapper}("), Edit(end, ")"))
    title = f"Send its {found.wrapper}"
    return (Fix.in_file(context.file.path, title, Applicability.UNSAFE, *edits),)
