"""Ways through a tree that visit no more than a question needs.

All of them are loops: source may nest deeper than Python recurses.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from celeryls.syntax import Parsed
from celeryls.text import Span

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_SIMPLE = (ast.Expr, ast.Assign, ast.Return, ast.FunctionDef, ast.ClassDef, ast.Raise, ast.Pass)
TRIES = (ast.Try, getattr(ast, "TryStar", ast.Try))
_DECORATED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NOT_ONLY_NODES = (ast.Dict, ast.arguments, ast.Global, ast.Nonlocal, ast.MatchClass)
_CHILDREN: dict[type[ast.AST], tuple[str, ...]] = {}
_CHILDLESS = frozenset({"ctx", "op", "ops", "id", "attr", "kind", "type_comment", "type_ignores"})


def statements(
    body: Sequence[ast.stmt], conditional: bool = False
) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements of one scope in order, each with whether it may not be reached.

    Those inside `if`, `try` and the like are among them, those of functions and classes not.
    """
    stack = [(node, conditional) for node in reversed(body)]
    while stack:
        node, conditional = stack.pop()
        yield node, conditional
        if isinstance(node, _SIMPLE):
            continue
        for block, may_not in reversed(_blocks(node)):
            stack += [(inner, conditional or may_not) for inner in reversed(block)]


def _blocks(node: ast.stmt) -> list[tuple[list[ast.stmt], bool]]:
    if isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While):
        return [(node.body, True), (node.orelse, True)]
    if isinstance(node, ast.With | ast.AsyncWith):
        return [(node.body, False)]
    if isinstance(node, ast.Match):
        return [(case.body, True) for case in node.cases]
    if isinstance(node, TRIES):
        caught = bool(node.handlers)
        handlers = [(handler.body, True) for handler in node.handlers]
        return [(node.body, caught), *handlers, (node.orelse, caught), (node.finalbody, False)]
    return []


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in order."""
    kind = type(node)
    fields = _CHILDREN.get(kind)
    if fields is None:
        fields = tuple(name for name in kind._fields if name not in _CHILDLESS)
        _CHILDREN[kind] = fields
    found: list[ast.AST] = []
    for field in fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += value
        elif isinstance(value, ast.AST):
            found.append(value)
    # `**spread` in a dict and a parameter without default leave gaps; `global` has names.
    if isinstance(node, _NOT_ONLY_NODES):
        return [item for item in found if isinstance(item, ast.AST)]
    return found


def header(node: ast.stmt) -> list[ast.AST]:
    """What is right below a statement, without the statements in it."""
    inner = (ast.stmt, ast.excepthandler, ast.match_case)
    return [child for child in children(node) if not isinstance(child, inner)]


def scope_parts(node: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
    """The nodes below one that are in the scope around it, and those in its own.

    A default, a decorator and what a comprehension goes through first are outside.  What binds
    the names of the inner scope (parameters, the targets of a comprehension) is in neither.
    """
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *_defaults(node.args)], [*node.body]
        case ast.Lambda():
            return _defaults(node.args), [node.body]
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases, *node.keywords], [*node.body]
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return _comprehension(node.generators, node.elt)
        case ast.DictComp():
            return _comprehension(node.generators, node.key, node.value)
    return children(node), []


def _defaults(arguments: ast.arguments) -> list[ast.AST]:
    return [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]


def _comprehension(
    generators: list[ast.comprehension], *results: ast.expr
) -> tuple[list[ast.AST], list[ast.AST]]:
    first, *others = generators
    tests = [test for generator in generators for test in generator.ifs]
    return [first.iter], [*(other.iter for other in others), *tests, *results]


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters, in the order of source."""
    variable = [arguments.vararg] if arguments.vararg else []
    keywords = [arguments.kwarg] if arguments.kwarg else []
    return [
        *arguments.posonlyargs,
        *arguments.args,
        *variable,
        *arguments.kwonlyargs,
        *keywords,
    ]


def body_span(parsed: Parsed, node: Function) -> Span:
    """The extent of the statements of a function."""
    return Span(parsed.start(node.body[0]), parsed.span(node.body[-1]).end)


def lines_with(parsed: Parsed, *words: str, within: Span | None = None) -> list[int]:
    """The lines, counted from 1, that have one of `words` somewhere."""
    start, end = within or Span(0, len(parsed.text))
    found = set()
    for word in words:
        at = parsed.text.find(word, start, end)
        while at >= 0:
            line = parsed.lines.line_at(at)
            found.add(line + 1)
            at = parsed.text.find(word, parsed.lines.line_start(line + 1), end)
    return sorted(found)


def renamed(parsed: Parsed, *names: str) -> dict[str, str]:
    """What imports call some names: `{"celery_chain": "chain"}`; `chain` is itertools' too.

    Only the text is looked at, so more may be found than there is.
    """
    text = parsed.text
    there = [name for name in names if f"{name} as " in text]
    if not there:
        return {}
    found = re.findall(rf"\b({'|'.join(there)}) as (\w+)", text)
    return {alias: name for name, alias in found}


def any_in(lines: Sequence[int], first: int, last: int | None) -> bool:
    """Whether one of `lines` is between two lines, both included."""
    at = bisect_left(lines, first)
    return at < len(lines) and last is not None and lines[at] <= last


def stands_on(node: ast.AST, lines: Sequence[int]) -> bool:
    """Whether a node, or something below it, may be on one of `lines`."""
    first: int | None = getattr(node, "lineno", None)
    if first is None:
        return True
    if isinstance(node, _DECORATED) and node.decorator_list:
        first = node.decorator_list[0].lineno
    return any_in(lines, first, node.end_lineno)  # type: ignore[attr-defined]


def nodes_on(roots: Iterable[ast.AST], lines: Sequence[int]) -> Iterator[ast.AST]:
    """The nodes at and below `roots` that may have something on one of `lines`; no order."""
    stack = [root for root in roots if stands_on(root, lines)] if lines else []
    while stack:
        node = stack.pop()
        yield node
        stack += [child for child in children(node) if stands_on(child, lines)]
