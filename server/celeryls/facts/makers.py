"""Functions that make an app or a task for others: factories and decorators of a project's own.

    def job(name, **options):
        options.setdefault("acks_late", True)
        return app.task(name=name, bind=True, **options)

What such a function returns, and what it does to its keyword arguments, is a part of a file's
interface.  Other functions have neither, so that typing in them changes nothing for others.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from celeryls.facts.model import Change
from celeryls.facts.scopes import bound_by, heads, local_values
from celeryls.facts.walk import (
    Function,
    body_span,
    lines_with,
    nodes_on,
    parameters,
    statements,
)
from celeryls.syntax import Parsed
from celeryls.syntax.expr import UNKNOWN, Call, Const, Expr, Name, Seq, rebuilt, to_expr
from celeryls.text import Span

_MAY_MAKE = re.compile(r"[Cc]elery|shared_task|\.task\b")
_NAMED_AFTER_APP = re.compile(r"(?i:celery|app(?:lication)?$)")
_MAY_DECORATE = re.compile(r"\*\*|\bdef\b|\bpartial\b|return\s+\w*(?:task|job)\w*\(")
_DECORATOR_NAME = re.compile(r"task|job|partial$")


@dataclass(frozen=True, slots=True)
class Maker:
    """What a function makes, in the terms of `FunctionDecl`; `inner` are still nodes."""

    returns: tuple[Expr, ...] = ()
    inner: tuple[Function, ...] = ()
    changes: tuple[Change, ...] = ()


NOTHING = Maker()


def maker(parsed: Parsed, node: Function, *, certainly: bool = False) -> Maker:
    """What a function makes, if it is one that may.

    `certainly` says so of an inner function that an outer one returns.
    """
    body = body_span(parsed, node)
    about_celery = (
        certainly
        or _NAMED_AFTER_APP.search(node.name) is not None
        or _MAY_MAKE.search(parsed.text, *body) is not None
    )
    if not about_celery and _MAY_DECORATE.search(parsed.text, *body) is None:
        return NOTHING
    functions = {
        inner.name: inner
        for inner, _ in statements(node.body)
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    values = [
        to_expr(inner.value)
        for inner, _ in statements(node.body)
        if isinstance(inner, ast.Return) and inner.value is not None
    ]
    if not about_celery and not any(_decorates(value, functions) for value in values):
        return NOTHING
    names = {name for value in values for name in heads(value)} - functions.keys()
    if names:
        known = local_values(node, lines_with(parsed, *names, within=body))
        stay = functions.keys() | {argument.arg for argument in parameters(node.args)}
        known = {name: value for name, value in known.items() if name not in stay}
        known.update(_other_arguments(parsed, node, body))
        values = [_inlined(value, known) for value in values]
    returned = {name for value in values for name in heads(value)}
    return Maker(
        tuple(dict.fromkeys(values)),
        tuple(function for name, function in functions.items() if name in returned),
        tuple(_changes(parsed, node)),
    )


def _other_arguments(parsed: Parsed, node: Function, body: Span) -> dict[str, Expr]:
    """`*args` that is bound again: what is passed on is not what the function was given."""
    star = node.args.vararg
    if star is None:
        return {}
    lines = lines_with(parsed, star.arg, within=body)
    return {star.arg: UNKNOWN} if star.arg in bound_by(node.body, lines).counts else {}


def _inlined(value: Expr, known: dict[str, Expr]) -> Expr:
    """A returned value with the names that the function assigns once replaced."""
    match value:
        case Name(dotted=dotted) if dotted in known:
            return known[dotted]
        case Name():
            return value
    return rebuilt(value, lambda inner: _inlined(inner, known))


def _decorates(value: Expr, functions: dict[str, Function]) -> bool:
    """Whether a returned value looks like that of a decorator, or of a function that makes one."""
    match value:
        case Name(dotted=dotted):
            return dotted in functions
        case Call(func=Name(dotted=dotted, last=last)):
            if dotted in functions or _DECORATOR_NAME.search(last):
                return True
            return any(name is None for name, _ in value.keywords)
        case Call(keywords=keywords):
            return any(name is None for name, _ in keywords)
    return False


def _changes(parsed: Parsed, node: Function) -> Iterator[Change]:
    """What happens to the `**kwargs` of a function, in order, inner functions included."""
    if node.args.kwarg is None:
        return
    name = node.args.kwarg.arg
    lines = lines_with(parsed, name, within=body_span(parsed, node))
    yield from _in_block(node.body, name, lines, sure=True, loops={})


def _in_block(
    body: Iterable[ast.stmt],
    name: str,
    lines: Sequence[int],
    *,
    sure: bool,
    loops: dict[str, Sequence[Expr]],
) -> Iterator[Change]:
    for node in body:
        match node:
            case ast.If(test=ast.Compare(left=key, ops=[ast.NotIn()]), body=[inner], orelse=[]):
                for change in _in_statement(inner, name, lines, sure=True, loops=loops):
                    # `if "x" not in options: options["x"] = ...` is `setdefault`.
                    same = change.how == "set" and change.key == to_expr(key)
                    yield replace(change, how="default" if same and sure else "touch")
            case ast.For(target=ast.Name(id=bound), iter=over, body=inner):
                items = to_expr(over)
                known = items.items if isinstance(items, Seq) else (UNKNOWN,)
                yield from _in_block(inner, name, lines, sure=False, loops={**loops, bound: known})
            case ast.If(body=first, orelse=second):
                yield from _in_block([*first, *second], name, lines, sure=False, loops=loops)
            case ast.With(body=inner):
                yield from _in_block(inner, name, lines, sure=sure, loops=loops)
            case _:
                simple = isinstance(node, ast.Assign | ast.Expr | ast.Return | ast.Delete)
                yield from _in_statement(node, name, lines, sure=sure and simple, loops=loops)


def _in_statement(
    node: ast.stmt,
    name: str,
    lines: Sequence[int],
    *,
    sure: bool,
    loops: dict[str, Sequence[Expr]],
) -> Iterator[Change]:
    for inner in nodes_on([node], lines):
        for change in _change(inner, name, node):
            how = change.how if sure else "touch"
            for key in _spelt_out(change.key, loops):
                yield Change(how, key, change.value)


def _change(node: ast.AST, name: str, statement: ast.stmt) -> Iterator[Change]:
    match node:
        case ast.Name(id=bound, ctx=ast.Store() | ast.Del()) if bound == name:
            yield Change("touch", UNKNOWN, UNKNOWN)
        case ast.Subscript(value=ast.Name(id=owner), slice=key, ctx=ast.Store() | ast.Del()):
            if owner == name:
                if isinstance(statement, ast.Assign):
                    yield Change("set", to_expr(key), to_expr(statement.value))
                else:
                    yield Change("touch", to_expr(key), UNKNOWN)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method)) if owner == name:
            yield from _method(node, method)


def _method(node: ast.Call, method: str) -> Iterator[Change]:
    if method == "setdefault" and len(node.args) == 2:
        yield Change("default", to_expr(node.args[0]), to_expr(node.args[1]))
    elif method == "update" and not node.args and all(k.arg for k in node.keywords):
        for keyword in node.keywords:
            yield Change("set", Const(keyword.arg), to_expr(keyword.value))
    elif method == "pop" and node.args:
        yield Change("touch", to_expr(node.args[0]), UNKNOWN)
    elif method in ("update", "clear", "popitem", "setdefault"):
        yield Change("touch", UNKNOWN, UNKNOWN)


def _spelt_out(key: Expr, loops: dict[str, Sequence[Expr]]) -> Iterator[Expr]:
    """A key for every value that the loop around it gives to the names in it."""
    for name, values in loops.items():
        if name in heads(key):
            for value in values:
                yield _inlined(key, {name: value})
            return
    yield key
