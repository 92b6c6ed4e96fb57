"""The facts of one function: its declaration, its place, what its body does."""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from celeryls.facts.makers import NOTHING, maker
from celeryls.facts.model import FunctionDecl, Param, ParamKind
from celeryls.facts.scopes import needed, own_nodes
from celeryls.facts.sites import DecoratorSite, FunctionSite, KeywordSite
from celeryls.facts.walk import (
    Function,
    body_span,
    children,
    lines_with,
    nodes_on,
    parameters,
    scope_parts,
    stands_on,
)
from celeryls.syntax import Parsed
from celeryls.syntax.expr import Const, Expr, dotted_name, to_expr
from celeryls.syntax.scan import TokenKind, scan
from celeryls.text import Span

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Not `\w`: names in many scripts have marks that it doesn't take.  Nor what the tree says: it
# has names in Unicode's normal form.
_DEF = re.compile(r"(?:async(?:\s|\\)+)?def(?:\s|\\)+([^\s\\(\[]+)")
_KEYWORD = re.compile(r"\*\*|[^\s\\=]+")


def function_decl(
    parsed: Parsed,
    node: Function,
    qualname: str,
    *,
    scope: Mapping[str, Expr],
    yields: Sequence[int],
    in_class: bool,
    in_function: bool,
) -> FunctionDecl:
    """A function as others see it.

    `scope` is what the functions around it assign, `yields` the lines that have a `yield`.
    """
    decorators = tuple(to_expr(decorator) for decorator in node.decorator_list)
    made = NOTHING if in_class or in_function else maker(parsed, node)
    return FunctionDecl(
        name=node.name,
        qualname=qualname,
        params=params_of(node.args),
        decorators=decorators,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_generator=stands_on(node, yields)
        and any(isinstance(n, ast.Yield | ast.YieldFrom) for n in own_nodes(node.body, yields)),
        in_class=in_class,
        in_function=in_function,
        returns=made.returns,
        inner=tuple(_inner_decl(parsed, inner, qualname) for inner in made.inner),
        changes=made.changes,
        scope=tuple(needed(scope, decorators).items()) if scope else (),
    )


def _inner_decl(parsed: Parsed, node: Function, prefix: str) -> FunctionDecl:
    """An inner function that its outer one returns, or hands to something that it returns."""
    made = maker(parsed, node, certainly=True)
    qualname = f"{prefix}.<locals>.{node.name}"
    return FunctionDecl(
        name=node.name,
        qualname=qualname,
        params=params_of(node.args),
        decorators=tuple(to_expr(decorator) for decorator in node.decorator_list),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_generator=False,
        in_class=False,
        in_function=True,
        returns=made.returns,
        inner=tuple(_inner_decl(parsed, inner, qualname) for inner in made.inner),
        changes=made.changes,
    )


def function_site(parsed: Parsed, node: Function, retries: Sequence[int]) -> FunctionSite:
    """Where a function stands in its file, and what its body does.

    `retries` are the lines of the file with the word.
    """
    start = parsed.start(node)
    found = _DEF.match(parsed.source, start)
    name = Span(*found.span(1)) if found else Span(start, start)
    attributes, passed = _first_param_use(parsed, node)
    return FunctionSite(
        line=node.decorator_list[0].lineno if node.decorator_list else node.lineno,
        def_line=node.lineno,
        span=parsed.span(node),
        name=name,
        parens=_parens(parsed.text, name.end),
        params=tuple(parsed.span(argument) for argument in parameters(node.args)),
        decorators=tuple(_decorator_site(parsed, d) for d in node.decorator_list),
        calls_retry=calls_retry(node.body, retries),
        first_param_attributes=attributes,
        passes_first_param=passed,
    )


def keyword_site(parsed: Parsed, keyword: ast.keyword) -> KeywordSite:
    """Where a keyword argument, or a `**spread`, stands."""
    span = parsed.span(keyword)
    found = _KEYWORD.match(parsed.text, span.start)
    name = Span(*found.span()) if found else Span(span.start, span.start)
    return KeywordSite(keyword.arg, span, name, parsed.span(keyword.value))


def params_of(arguments: ast.arguments) -> tuple[Param, ...]:
    """The parameters of a function, in the order of source."""
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(positional) - len(arguments.defaults))
    params = []
    for at, (argument, default) in enumerate(
        zip(positional, [*missing, *arguments.defaults], strict=True)
    ):
        kind = ParamKind.POSITIONAL_ONLY if at < len(arguments.posonlyargs) else ParamKind.NORMAL
        params.append(_param(argument, kind, default))
    if arguments.vararg:
        params.append(_param(arguments.vararg, ParamKind.VAR_POSITIONAL))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        params.append(_param(argument, ParamKind.KEYWORD_ONLY, default))
    if arguments.kwarg:
        params.append(_param(arguments.kwarg, ParamKind.VAR_KEYWORD))
    return tuple(params)


def _param(argument: ast.arg, kind: ParamKind, default: ast.expr | None = None) -> Param:
    value = to_expr(default) if isinstance(default, ast.Constant) else None
    return Param(
        argument.arg,
        kind,
        default is not None,
        _annotation(argument.annotation),
        value if isinstance(value, Const) else None,
    )


def _annotation(node: ast.expr | None) -> str | None:
    if node is None:
        return None
    name = dotted_name(node)
    if name is not None:
        return name
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError):
        # Too deep; a number with too many digits; an f-string that older versions can't write.
        return None


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


def calls_retry(body: Sequence[ast.stmt], lines: Sequence[int]) -> bool:
    """Whether `.retry(...)` is called on one of `lines`, inner functions included."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "retry"
        for node in nodes_on(body, lines)
    )


def returns_value(body: Iterable[ast.AST], lines: Sequence[int] | None = None) -> bool:
    """Whether a function returns anything but `None`, as far as it does so on `lines`."""
    for node in own_nodes(body, lines):
        match node:
            case ast.Return(value=None | ast.Constant(value=None)):
                pass
            case ast.Return():
                return True
    return False


def _first_param_use(parsed: Parsed, node: Function) -> tuple[frozenset[str], bool]:
    """The attributes read from the first parameter, and whether it is used in other ways.

    Inner functions count, they close over the parameter, unless they have one of that name.
    """
    first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
    if first is None:
        return frozenset(), False
    name = first.arg
    attributes: set[str] = set()
    passed = False
    lines = lines_with(parsed, name, within=body_span(parsed, node))
    stack: list[ast.AST] = [*node.body]
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Name):
            passed = passed or inner.id == name
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            if inner.value.id == name:
                attributes.add(inner.attr)
        elif isinstance(inner, _FUNCTIONS):
            has_its_own = any(argument.arg == name for argument in parameters(inner.args))
            stack += scope_parts(inner)[0] if has_its_own else children(inner)
        elif not isinstance(inner, ast.stmt) or stands_on(inner, lines):
            stack += children(inner)
    return frozenset(attributes), passed
