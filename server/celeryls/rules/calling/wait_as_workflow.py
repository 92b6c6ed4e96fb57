"""Waiting for a task within a task, written as the workflow that it stands for."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.rules.base import TaskContext
from celeryls.rules.calls import CHANGES_CALLS, CallContext, by_start
from celeryls.rules.definitions import Piece, definition
from celeryls.syntax.expr import Const
from celeryls.syntax.scan import has_comment
from celeryls.text import Applicability, Edit, Fix, Span, lines_of

_WAITS = ("get", "wait")
_HOW_LONG = frozenset({"timeout", "interval"})
_SIGNED = frozenset(
    {"args", "kwargs", "queue", "exchange", "routing_key", "priority", "countdown", "expires"}
)
"""Arguments of `apply_async` that mean the same to `signature`."""
_AT_ANY_TIME = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.expr_context,
)
"""What has the same value before a task as after it."""


def workflows(context: CallContext) -> Iterator[Fix]:
    """A chain that sends on what is waited for, or the task itself where that is returned."""
    outer = _around(context)
    name = outer.task.decl.name if outer is not None else ""
    piece = definition(context.file.text, name)
    if outer is None or piece is None or not _can_be_signed(context):
        return
    if not isinstance(piece.node, ast.FunctionDef):
        return
    wait = _Wait(context, piece)
    for block, is_last in _blocks(piece.node.body):
        for at, statement in enumerate(block):
            match statement:
                case ast.Return(value=ast.expr() as value) if wait.is_it(value):
                    yield from wait.replaced(outer, value)
                case ast.Expr(value=ast.Call(args=[first, *_]) as call) if wait.is_it(first):
                    if is_last and at + 1 == len(block):
                        yield from wait.sent_on(call)
                case ast.Assign(targets=[ast.Name(id=held)], value=value) if wait.is_it(value):
                    if is_last and at + 2 == len(block):
                        yield from wait.held(held, statement, block[-1])


def _around(context: CallContext) -> TaskContext | None:
    """The task that a call stands in, if its function is at the top of the file."""
    found = [one for one in context.file.tasks() if one.task.decl.qualname == context.site.within]
    if len(found) != 1 or found[0].task.decl.in_class or found[0].task.decl.in_function:
        return None
    return None if found[0].task.decl.is_generator else found[0]


def _can_be_signed(context: CallContext) -> bool:
    """Whether a call is about one task, and a signature can be given the same arguments."""
    task, site = context.task, context.site
    if task is None or not context.dispatch.is_direct:
        return False
    if not task.base.complete or task.base.has_method(*CHANGES_CALLS):
        return False
    if site.method == "delay":
        return True
    names = {keyword.name for keyword in site.keywords}
    starred = any(span.of(context.file.text).startswith("*") for span in site.args)
    return site.method == "apply_async" and names <= _SIGNED and len(site.args) < 3 and not starred


def _blocks(body: list[ast.stmt], is_last: bool = True) -> Iterator[tuple[list[ast.stmt], bool]]:
    """A block and those of its `if`s, each with whether a function ends with its last statement.

    What is in a `try`, a `with` or a loop is left out: that could notice the difference.
    """
    yield body, is_last
    for node in body:
        if isinstance(node, ast.If):
            ends = is_last and node is body[-1]
            yield from _blocks(node.body, ends)
            yield from _blocks(node.orelse, ends)


@dataclass
class _Wait:
    """A call that is waited for, in the function around it."""

    context: CallContext
    piece: Piece

    def span(self, node: ast.expr | ast.stmt) -> Span:
        return self.piece.place(self.piece.parsed.span(node))

    def is_it(self, node: ast.expr) -> bool:
        """Whether an expression is the result of the call, and only says how long to wait."""
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Call() as call, attr=method),
                args=args,
                keywords=keywords,
            ):
                span = self.context.site.span
                named = {keyword.arg for keyword in keywords}
                values = [*args, *(keyword.value for keyword in keywords)]
                return (
                    self.span(call) == span
                    and method in _WAITS
                    and len(args) < 2
                    and named <= _HOW_LONG
                    and all(_is_plain(value) for value in values)
                    and not self._has_comment(Span(span.end, self.span(node).end))
                )
        return False

    def replaced(self, outer: TaskContext, value: ast.expr) -> Iterator[Fix]:
        """`return self.replace(f.s(a))`: the result of that is the result of this task."""
        task, file = self.context.task, self.context.file
        base = outer.task.base
        if task is None or outer.task.bind is not True or not outer.task.decl.params:
            return
        if outer.has_inner_decorators or not base.complete or base.has_method("replace"):
            return
        if file.project.effective(task, "ignore_result").value != Const(False):
            return
        own, site = outer.task.decl.params[0].name, self.context.site
        if any(node.id == own and isinstance(node.ctx, ast.Store) for node in self._names()):
            return
        yield Fix.in_file(
            file.path,
            f'Replace this task with "{task.label}"',
            Applicability.UNSAFE,
            Edit(Span(site.span.start, site.span.start), f"{own}.replace("),
            Edit(self.context.method_span, self._signs),
            Edit(Span(site.span.end, self.span(value).end), ")"),
        )

    def sent_on(self, call: ast.Call) -> Iterator[Fix]:
        """`g.delay(f.delay(a).get())` as `(f.s(a) | g.s()).delay()`."""
        chain = self._chain(call)
        if chain is not None and not self._loses_comment(self.span(call)):
            yield self._sending(Edit(self.span(call), chain))

    def held(self, name: str, statement: ast.stmt, last: ast.stmt) -> Iterator[Fix]:
        """`x = f.delay(a).get()` and then `g.delay(x)`, where nothing else has `x`."""
        match last:
            case ast.Expr(value=ast.Call(args=[ast.Name(id=given), *_]) as call) if given == name:
                pass
            case _:
                return
        if self._is_bound_elsewhere(name) or sum(node.id == name for node in self._names()) != 2:
            return
        chain, gone, place = self._chain(call), self._line(statement), self.span(call)
        if chain is None or gone is None or self._has_comment(place):
            return
        if not self._loses_comment(self.span(statement)):
            yield self._sending(Edit(gone, ""), Edit(place, chain))

    def _sending(self, *edits: Edit) -> Fix:
        return Fix.in_file(self.context.file.path, "Send a chain", Applicability.UNSAFE, *edits)

    def _chain(self, call: ast.Call) -> str | None:
        """The chain to a call that is given the result first, if that just sends a task."""
        file, place = self.context.file, self.span(call)
        dispatch = file.once(by_start).get(place.start)
        if dispatch is None or dispatch.site.span != place or not dispatch.site.called:
            return None
        next_ = CallContext(file, dispatch)
        if dispatch.site.method != "delay" or next_.spreads or not _can_be_signed(next_):
            return None
        more = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
        if not all(_is_plain(value) for value in more):
            return None
        arguments = [*dispatch.site.args[1:], *(k.span for k in dispatch.site.keywords)]
        given = ", ".join(span.of(file.text) for span in arguments)
        signed = Span(place.start, next_.method_span.start).of(file.text)
        return f"({self._signature} | {signed}s({given})).delay()"

    @property
    def _signs(self) -> str:
        return "s" if self.context.site.method == "delay" else "signature"

    @property
    def _signature(self) -> str:
        """The call as a signature, its arguments as they are written."""
        text, span, method = (
            self.context.file.text,
            self.context.site.span,
            self.context.method_span,
        )
        return f"{text[span.start : method.start]}{self._signs}{text[method.end : span.end]}"

    def _names(self) -> Iterator[ast.Name]:
        return (node for node in ast.walk(self.piece.node) if isinstance(node, ast.Name))

    def _has_comment(self, span: Span) -> bool:
        return has_comment(self.context.file.text, span)

    def _is_bound_elsewhere(self, name: str) -> bool:
        """Whether a parameter has a name, or it is not one of the function's own."""
        nodes = [*ast.walk(self.piece.node)]
        if any(isinstance(node, ast.arg) and node.arg == name for node in nodes):
            return True
        outer = (node.names for node in nodes if isinstance(node, ast.Global | ast.Nonlocal))
        return any(name in names for names in outer)

    def _loses_comment(self, span: Span) -> bool:
        """Whether there is a comment around the call in something that is written anew."""
        inner = self.context.site.span
        around = Span(span.start, inner.start), Span(inner.end, span.end)
        return any(self._has_comment(part) for part in around)

    def _line(self, statement: ast.stmt) -> Span | None:
        """What to take out so that a statement is gone and a comment behind it stays."""
        text = self.context.file.text
        lines, span = lines_of(text), self.span(statement)
        first, last = lines.line_at(span.start), lines.line_at(span.end)
        rest = text[span.end : lines.line_span(last).end]
        if text[lines.line_start(first) : span.start].strip():
            return None
        if not rest.strip():
            return Span(lines.line_start(first), lines.line_start(last + 1))
        after = rest.lstrip()
        return Span(span.start, span.end + len(rest) - len(after)) if after[0] == "#" else None


def _is_plain(value: ast.expr) -> bool:
    return all(isinstance(node, _AT_ANY_TIME) for node in ast.walk(value))
