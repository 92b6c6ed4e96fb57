"""Where a function asks to be retried, ignored or rejected, and what is around that."""

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property, partial

from celeryls.facts.calls import handed
from celeryls.facts.functions import keyword_site
from celeryls.facts.lookup import Scope
from celeryls.facts.scopes import bound_by, own_nodes
from celeryls.facts.sites import HandlerSite, RetrySite
from celeryls.facts.walk import (
    TRIES,
    Function,
    body_span,
    children,
    lines_with,
    scope_parts,
    stands_on,
)
from celeryls.syntax import Parsed
from celeryls.syntax.expr import Expr, Name, dotted_name, to_expr
from celeryls.text import Span

WORDS = (".retry", "Retry", "Ignore", "Reject")
"""What is on the lines that matter."""
_RAISED = frozenset({"Retry", "Ignore", "Reject"})
# They take an exception and raise none.
_HARMLESS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"}
    | {"str", "repr", "type", "isinstance", "format", "getattr", "hasattr"}
    | {"capture_exception", "print_exc", "print_exception", "format_exception", "format_exc"}
    | {"record_exception", "update_state"}
)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_LEAVES = (ast.Return, ast.Break)
_BROAD = ("Exception", "BaseException")
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)
_RAISES = frozenset(
    {"retry", "reraise", "exit", "_exit", "abort", "fail", "throw", "exc_info", "with_traceback"}
)


def retry_sites(parsed: Parsed, node: Function, lines: Sequence[int]) -> tuple[RetrySite, ...]:
    """Those of one function, in order; `lines` are those of the file with one of `WORDS`."""
    if not any(stands_on(statement, lines) for statement in node.body):
        return ()
    return tuple(sorted(_Reader(parsed, node, lines).sites(), key=lambda site: site.span))


def loop_handlers(
    parsed: Parsed, node: Function, lines: Sequence[int]
) -> tuple[tuple[HandlerSite, ...], ...]:
    """The handlers of each `try` in a loop of one function, in order.

    `lines` are those of the file with the word `except`.
    """
    found: list[tuple[HandlerSite, ...]] = []
    reader: _Reader | None = None
    stack: list[tuple[ast.AST, bool]] = [(inner, False) for inner in reversed(node.body)]
    while stack:
        inner, in_loop = stack.pop()
        if not stands_on(inner, lines) or isinstance(inner, _INNER):
            continue
        if isinstance(inner, TRIES) and in_loop:
            reader = reader or _Reader(parsed, node, lines)
            found.append(reader.handlers(inner))
        body = inner.body if isinstance(inner, _LOOPS) else []
        blocks = [each for each in children(inner) if isinstance(each, _BLOCKS)]
        stack += [(each, in_loop or each in body) for each in reversed(blocks)]
    return tuple(handlers for handlers in found if handlers)


def last_handlers(parsed: Parsed, node: Function, lines: Sequence[int]) -> tuple[HandlerSite, ...]:
    """The handlers of a `try` that one function ends with, if they do no more than log.

    `lines` are those of the file with the word `except`.
    """
    inner = node.body[-1]
    if not isinstance(inner, TRIES) or not stands_on(inner, lines):
        return ()
    handlers = _Reader(parsed, node, lines).handlers(inner)
    both = zip(inner.handlers, handlers, strict=True)
    return tuple(site for handler, site in both if all(map(_does_nothing, handler.body)))


def _does_nothing(node: ast.stmt) -> bool:
    """Whether a statement does nothing but log."""
    match node:
        case ast.Pass() | ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _HARMLESS
        case ast.Expr(value=ast.Constant()):
            return True
    return False


class _Reader:
    def __init__(self, parsed: Parsed, node: Function, lines: Sequence[int]) -> None:
        self._parsed = parsed
        self._node = node
        self._lines = lines
        self._scope = Scope(node, None, partial(lines_with, parsed))
        first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
        self._first = None if first is None else first.arg

    @cached_property
    def _rebound(self) -> bool:
        """Whether the first parameter's name is something else from some place on."""
        assert self._first is not None
        there = lines_with(self._parsed, self._first, within=body_span(self._parsed, self._node))
        return self._first in bound_by(self._node.body, there).counts

    def sites(self) -> Iterator[RetrySite]:
        stack: list[
            tuple[ast.AST, tuple[tuple[HandlerSite, ...], ...], tuple[HandlerSite, ...]]
        ] = [(statement, (), ()) for statement in self._node.body]
        alone: set[ast.AST] = set()
        raised: set[ast.AST] = set()
        while stack:
            node, tries, inside = stack.pop()
            if not stands_on(node, self._lines):
                continue
            if isinstance(node, TRIES):
                found = self.handlers(node)
                stack += [(inner, (found, *tries), inside) for inner in node.body]
                for site, handler in zip(found, node.handlers, strict=True):
                    stack += [(inner, tries, (site, *inside)) for inner in handler.body]
                stack += [(inner, tries, inside) for inner in (*node.orelse, *node.finalbody)]
                continue
            match node:
                case ast.Expr(value=value):
                    alone.add(value)
                case ast.Raise(exc=ast.expr() as value):
                    raised.add(value)
                    target = value.func if isinstance(value, ast.Call) else value
                    if (dotted_name(target) or "").rpartition(".")[2] in _RAISED:
                        call = value if isinstance(value, ast.Call) else None
                        yield self._site(value, target, call, tries, inside, raised=True)
                case ast.Call(func=ast.Attribute(value=owner, attr="retry")):
                    yield self._site(
                        node,
                        owner,
                        node,
                        tries,
                        inside,
                        method=True,
                        alone=node in alone,
                        raised=node in raised,
                    )
            stack += [(inner, tries, inside) for inner in scope_parts(node)[0]]

    def _site(
        self,
        node: ast.expr,
        target: ast.expr,
        call: ast.Call | None,
        tries: tuple[tuple[HandlerSite, ...], ...],
        inside: tuple[HandlerSite, ...],
        *,
        method: bool = False,
        alone: bool = False,
        raised: bool = False,
    ) -> RetrySite:
        span = self._parsed.span
        given = [*call.args, *_values(call.keywords)] if call is not None and method else []
        own = method and isinstance(target, ast.Name) and target.id == self._first
        return RetrySite(
            target=to_expr(target) if method else self._scope.meaning(to_expr(target)),
            method="retry" if method else "",
            own=own and not self._rebound,
            span=span(node),
            args=tuple(span(argument) for argument in call.args) if call else (),
            keywords=tuple(keyword_site(self._parsed, k) for k in call.keywords) if call else (),
            alone=alone,
            raised=raised,
            tries=tries,
            handlers=inside,
            given=tuple(handed(value, self._scope) for value in given),
        )

    def handlers(self, node: ast.Try) -> tuple[HandlerSite, ...]:
        """What a `try` has for exceptions."""
        return tuple(self._handler(node, handler) for handler in node.handlers)

    def _handler(self, around: ast.Try, handler: ast.ExceptHandler) -> HandlerSite:
        parsed = self._parsed
        start = parsed.offset(handler.lineno, handler.col_offset)
        after = start if handler.type is None else parsed.span(handler.type).end
        colon = parsed.text.find(":", after)
        types: tuple[Expr, ...] = ()
        if isinstance(handler.type, ast.Tuple):
            types = tuple(to_expr(item) for item in handler.type.elts)
        elif handler.type is not None:
            types = (to_expr(handler.type),)
        broad = not types or any(isinstance(t, Name) and t.last in _BROAD for t in types)
        # `except*` hands on what it does not name.
        lost = broad and isinstance(around, ast.Try) and not self._may_raise(handler)
        leaves = lost and any(isinstance(n, _LEAVES) for n in own_nodes(handler.body))
        return HandlerSite(Span(start, max(start, colon)), types, handler.name, lost, leaves)

    def _may_raise(self, handler: ast.ExceptHandler) -> bool:
        """Whether a handler raises, or hands on what it caught, which may be raised there."""
        names = (handler.name, self._first)
        stack: list[ast.AST] = [*handler.body]
        while stack:
            node = stack.pop()
            inner = scope_parts(node)[0]
            match node:
                case ast.Raise() | ast.Assert():
                    return True
                case ast.Name(id=name) if name in names:
                    return True
                case ast.Call(func=func):
                    last = func.attr if isinstance(func, ast.Attribute) else dotted_name(func)
                    if last in _RAISES or "raise" in (last or ""):
                        return True
                    if last in _HARMLESS:
                        inner = _without_names([*inner, *_values(node.keywords)])
                    elif isinstance(func, ast.Attribute):
                        inner.append(func.value)
                case ast.Attribute() | ast.FormattedValue() | ast.BinOp():
                    inner = _without_names(inner)
            stack += inner
        return False


def _values(keywords: list[ast.keyword]) -> list[ast.expr]:
    return [keyword.value for keyword in keywords]


def _without_names(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """What is read or formatted here does not get anywhere by that."""
    plain = [node for node in nodes if not isinstance(node, ast.Name | ast.keyword)]
    for node in plain:
        if isinstance(node, ast.Tuple):
            return [*(other for other in plain if other is not node), *_without_names(node.elts)]
    return plain
