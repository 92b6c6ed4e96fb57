"""CEL402."""

import re
from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.project import Task
from celeryls.project.dispatch import Dispatch
from celeryls.rules.arity import mismatch
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.calls import CallContext, Handed, is_checked
from celeryls.rules.canvas import CanvasContext, CanvasRule
from celeryls.syntax.expr import UNKNOWN, Call, Const, Expr
from celeryls.text import Applicability, Edit, Fix, Span

_SENDS = frozenset({"delay", "delay_on_commit"})
_SIGNS = frozenset({"s", "si"})
_LINKING = frozenset({"apply_async", "apply_async_on_commit"})
_CALLED = re.compile(r"([\w.]+)\(")
_SIGNATURE = re.compile(r"\.(?:s|si|clone)\b|signature|subtask|chain|group|chord|canvas|workflow")


class CanvasOfResults(CanvasRule):
    """## What it does

    Finds chains, groups, chords, `link=` and `link_error=` that are given something else in place
    of a signature: `task.delay(...)`, a task that is called, `task(...)`, or just the task.

    ## Why it matters

    `delay` sends the task at once, whatever the workflow says, and gives a result, which is no
    step of a workflow: a `TypeError` or an `AttributeError` follows, after the message is sent.
    `task(...)` runs the task here and now and gives what it returns. A task itself is no signature
    either, and can't be written into the message that `link=` is a part of.

    Celery's documentation:
    [Signatures](https://docs.celeryq.dev/en/stable/userguide/canvas.html#signatures)

    ## Example

    ```python
    chain(fetch.delay(url), store.s())()
    ```

    Use instead:

    ```python
    chain(fetch.s(url), store.s())()
    ```

    ## Known limits

    Only members that are written out are seen, and those in a variable that nothing but workflows
    uses. A task in the header of a chord, which Celery takes, is none. Silent about a task that is
    called where its function makes signatures, as it may return one, and about a bare task in
    `link=` unless the serializer in force is known to be JSON.

    ## Fix safety

    Safe: the workflow can't have worked as written. There is no fix for a bare task that needs
    arguments.
    """

    code = "CEL402"
    name = "canvas-of-results"
    summary = "A workflow is given a task, or one that was sent already, in place of a signature."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_canvas(self, context: CanvasContext) -> Iterator[Finding]:
        found = [dispatch for _, dispatch in context.members()]
        for dispatch in (*found, context.each(), context.body()):
            if dispatch is not None and dispatch.tasks and dispatch.site.method in _SENDS:
                call = CallContext(context.file, dispatch)
                yield _finding(self, call, f"a {context.kind}")
        yield from self._tasks(context, found)

    def _tasks(self, context: CanvasContext, found: list[Dispatch]) -> Iterator[Finding]:
        """Members that are tasks, or calls of tasks."""
        site, file = context.site, context.file
        if site.callee is None and not any(d.tasks and d.site.method in _SIGNS for d in found):
            return  # `a | b` of something else
        members = list(zip(site.parts or (), site.values, strict=False))
        if context.kind == "chord" and site.body is not None:
            members.append((site.body, site.body_value))
        for at, (span, value) in enumerate(members):
            if isinstance(value, Call):
                task = file.project.task_itself(file.path, value.func)
                if task is not None and not _may_sign(file, task, only=len(members) == 1):
                    message = f'task "{task.label}" runs here: a {context.kind} takes signatures'
                    yield context.finding(self, message, span, _signed(file, span))
            elif context.kind != "chord" or (site.body is not None and at == len(members) - 1):
                task = file.project.task_itself(file.path, value)
                if task is not None and task.is_plain:
                    message = (
                        f'task "{task.label}" is no signature, and a {context.kind} takes those'
                    )
                    first = context.kind != "chord" and (context.kind == "group" or at == 0)
                    given = Handed() if first else Handed(positional=(UNKNOWN,))
                    yield context.finding(self, message, span, _made(file, span, task, given))

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        dispatches = file.project.dispatches(file.path)
        sent = {
            dispatch.site.span: dispatch
            for dispatch in dispatches
            if dispatch.tasks and dispatch.site.called and dispatch.site.method in _SENDS
        }
        for dispatch in dispatches:
            site = dispatch.site
            if site.method not in _LINKING or not dispatch.tasks:
                continue
            for keyword, value in zip(site.keywords, site.given[len(site.args) :], strict=False):
                if keyword.name not in ("link", "link_error"):
                    continue
                linked = sent.get(keyword.value_span)
                if linked is not None:
                    yield _finding(self, CallContext(file, linked), keyword.name)
                elif _writes_json(file, dispatch):
                    yield from self._linked(file, keyword, value)

    def _linked(self, file: FileContext, keyword: KeywordSite, value: Expr) -> Iterator[Finding]:
        task = file.project.task_itself(file.path, value)
        if task is None or not task.is_plain:
            return
        span = keyword.value_span
        message = f'task "{task.label}" is no signature, and {keyword.name} takes those'
        given = Handed(positional=(UNKNOWN,))
        fixes = _made(file, span, task, given) if keyword.name == "link" else ()
        yield Finding(self.code, message, span, span, span, fixes)


def _writes_json(file: FileContext, dispatch: Dispatch) -> bool:
    if any(keyword.name in (None, "serializer") for keyword in dispatch.site.keywords):
        return False
    tasks = dispatch.tasks
    serializers = (file.project.effective(task, "serializer").value for task in tasks)
    return all(serializer == Const("json") for serializer in serializers)


def _may_sign(file: FileContext, task: Task, *, only: bool) -> bool:
    """Whether a task that is called like a function may return a signature.

    The `only` member of a workflow may be a list of them, which may come from anywhere.
    """
    text = file.project.text(task.path) if task.path in file.project.files else None
    if text is None or not task.is_plain:
        return True
    site = file.project.site(task)
    if not site.returns_value:
        return False
    return only or _SIGNATURE.search(site.span.of(text)) is not None


def _made(file: FileContext, span: Span, task: Task, given: Handed) -> tuple[Fix, ...]:
    """Sign a task, if it takes what it would get then."""
    if not is_checked(file.project, task) or mismatch(task.takes, given) is not None:
        return ()
    edit = Edit(Span(span.end, span.end), ".s()")
    return (Fix.in_file(file.path, "Use a signature: s", Applicability.SAFE, edit),)


def _signed(file: FileContext, span: Span) -> tuple[Fix, ...]:
    """Sign a task instead of calling it; `span` is that of the call."""
    callee = _CALLED.match(file.text, span.start, span.end)
    if callee is None:
        return ()
    edit = Edit(Span(callee.end(1), callee.end(1)), ".s")
    return (Fix.in_file(file.path, "Use a signature: s", Applicability.SAFE, edit),)


def _finding(rule: Rule, call: CallContext, where: str) -> Finding:
    site = call.site
    edit = Edit(call.method_span, "s")
    fix = Fix.in_file(call.file.path, "Use a signature: s", Applicability.SAFE, edit)
    label = call.dispatch.tasks[0].label
    message = f'{site.method} sends task "{label}" at once: {where} takes signatures'
    return call.finding(rule, message, fixes=(fix,))
