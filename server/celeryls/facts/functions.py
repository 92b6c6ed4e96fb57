"""The facts of one function: its declaration, its place, what its body does."""

import ast
from collections.abc import Iterator, Sequence

from celeryls.facts.model import (
    DecoratorSite,
    FunctionDecl,
    FunctionSite,
    KeywordSite,
    Param,
    ParamKind,
)
from celeryls.syntax import Parsed
from celeryls.syntax.expr import UNKNOWN, Expr, Name, to_expr
from celeryls.syntax.scan import TokenKind, scan
from celeryls.text import Span

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def own_nodes(
    body: Sequence[ast.AST], nested: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]
) -> Iterator[ast.AST]:
    """All nodes below `body` that belong to its scope; inner functions go to `nested`.

    An inner function itself is yielded, with its decorators and defaults, which run outside it.
    """
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, _SCOPES):
            nested.append(node)
            arguments = node.args
            stack.extend(d for d in (*arguments.defaults, *arguments.kw_defaults) if d is not None)
            stack.extend(getattr(node, "decorator_list", ()))
        else:
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def local_values(node: _Function) -> dict[str, Expr]:
    """What a function assigns to its own names: the value, or unknown if assigned twice.

    Parameters are unknown too, so that they hide a module's name.
    """
    values: dict[str, Expr] = {}
    arguments = node.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        values[argument.arg] = UNKNOWN
    for inner in own_nodes(node.body, []):
        match inner:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = UNKNOWN if name in values else to_expr(value)
            case ast.Name(id=name, ctx=ast.Store()):
                values.setdefault(name, UNKNOWN)
    return values


def function_decl(
    node: _Function,
    qualname: str,
    locals_: dict[str, Expr],
    *,
    scope: tuple[tuple[str, Expr], ...],
    in_class: bool,
    in_function: bool,
) -> FunctionDecl:
    """A function as others see it."""
    returns: list[Expr] = []
    generator = False
    for inner in own_nodes(node.body, []):
        if isinstance(inner, ast.Return) and inner.value is not None:
            value = to_expr(inner.value)
            if isinstance(value, Name) and value.dotted in locals_:
                value = locals_[value.dotted]
            returns.append(value)
        elif isinstance(inner, ast.Yield | ast.YieldFrom):
            generator = True
    return FunctionDecl(
        name=node.name,
        qualname=qualname,
        params=tuple(_params(node.args)),
        decorators=tuple(to_expr(decorator) for decorator in node.decorator_list),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_generator=generator,
        in_class=in_class,
        in_function=in_function,
        returns=tuple(returns),
        scope=scope,
    )


def function_site(parsed: Parsed, node: _Function) -> FunctionSite:
    """Where a function stands in its file, and what its body does."""
    start = parsed.start(node)
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    name_start = parsed.text.find(node.name, start + (9 if _is_async(node) else 3))
    name = Span(name_start, name_start + len(node.name))
    arguments = node.args
    ordered = sorted(
        parsed.span(argument)
        for argument in (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *(a for a in (arguments.vararg, arguments.kwarg) if a is not None),
        )
    )
    retry, attributes, passed = _body_use(node)
    return FunctionSite(
        line=first,
        def_line=node.lineno,
        span=parsed.span(node),
        name=name,
        parens=_parens(parsed.text, name.end),
        params=tuple(ordered),
        decorators=tuple(_decorator_site(parsed, d) for d in node.decorator_list),
        calls_retry=retry,
        first_param_attributes=attributes,
        passes_first_param=passed,
    )


def keyword_site(parsed: Parsed, keyword: ast.keyword) -> KeywordSite:
    """Where a keyword argument, or a `**spread`, stands."""
    span = parsed.span(keyword)
    length = len(keyword.arg) if keyword.arg else 2
    return KeywordSite(
        keyword.arg, span, Span(span.start, span.start + length), parsed.span(keyword.value)
    )


def _is_async(node: _Function) -> bool:
    return isinstance(node, ast.AsyncFunctionDef)


def _params(arguments: ast.arguments) -> Iterator[Param]:
    positional = [*arguments.posonlyargs, *arguments.args]
    without_default = len(positional) - len(arguments.defaults)
    for at, argument in enumerate(positional):
        kind = ParamKind.POSITIONAL_ONLY if at < len(arguments.posonlyargs) else ParamKind.NORMAL
        yield _param(argument, kind, at >= without_default)
    if arguments.vararg:
        yield _param(arguments.vararg, ParamKind.VAR_POSITIONAL, False)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _param(argument, ParamKind.KEYWORD_ONLY, default is not None)
    if arguments.kwarg:
        yield _param(arguments.kwarg, ParamKind.VAR_KEYWORD, False)


def _param(argument: ast.arg, kind: ParamKind, has_default: bool) -> Param:
    annotation = None
    if argument.annotation is not None:
        try:
            annotation = ast.unparse(argument.annotation)
        except RecursionError:
            annotation = None
    return Param(argument.arg, kind, has_default, annotation)


def _decorator_site(parsed: Parsed, node: ast.expr) -> DecoratorSite:
    span = parsed.span(node)
    if not isinstance(node, ast.Call):
        return DecoratorSite(span, span, called=False, args=(), keywords=())
    return DecoratorSite(
        span,
        parsed.span(node.func),
        called=True,
        args=tuple(parsed.span(argument) for argument in node.args),
        keywords=tuple(keyword_site(parsed, keyword) for keyword in node.keywords),
    )


def _parens(text: str, start: int) -> Span:
    """The parameter list after a function's name, brackets of type parameters skipped."""
    depth = 0
    opened = start
    for token in scan(text, start):
        if token.kind is TokenKind.OPEN:
            if depth == 0:
                opened = token.span.start
            depth += 1
        elif token.kind is TokenKind.CLOSE:
            depth -= 1
            if depth == 0 and text[opened] == "(":
                return Span(opened, token.span.end)
    return Span(opened, opened)


def _body_use(node: _Function) -> tuple[bool, frozenset[str], bool]:
    """Whether it calls `.retry(...)`; the attributes read from its first parameter; other uses.

    Inner functions count: they close over the parameter.
    """
    first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
    retry = False
    attributes: set[str] = set()
    uses = owners = 0
    for statement in node.body:
        for inner in ast.walk(statement):
            match inner:
                case ast.Call(func=ast.Attribute(attr="retry")):
                    retry = True
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                    first is not None and name == first.arg
                ):
                    attributes.add(attribute)
                    owners += 1
                case ast.Name(id=name) if first is not None and name == first.arg:
                    uses += 1
    return retry, frozenset(attributes), uses > owners
