"""Places where a `crontab` is made."""

import ast
from functools import cache, partial

from celeryls.facts.functions import keyword_site
from celeryls.facts.lookup import Scope
from celeryls.facts.model import CrontabSite
from celeryls.facts.walk import lines_with, scope_parts, stands_on
from celeryls.syntax import Parsed
from celeryls.syntax.expr import Expr, to_expr


def crontab_sites(parsed: Parsed) -> tuple[CrontabSite, ...]:
    """Every call of something by the name of `crontab`, and of its `from_string`, in order."""
    lines = lines_with(parsed, "crontab")
    lines_of = cache(partial(lines_with, parsed))
    found: list[CrontabSite] = []
    stack: list[tuple[ast.AST, Scope | None]] = [(node, None) for node in parsed.tree.body]
    while stack and lines:
        node, scope = stack.pop()
        if not stands_on(node, lines):
            continue
        if isinstance(node, ast.Call) and _is_crontab(node.func):
            found.append(_site(parsed, node, scope))
        outside, inside = scope_parts(node)
        stack += [(child, scope) for child in outside]
        if inside:
            inner = Scope(node, scope, lines_of)
            stack += [(child, inner) for child in inside]
    return tuple(sorted(found, key=lambda site: site.span))


def _is_crontab(called: ast.expr) -> bool:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name == "crontab":
            return True
        case ast.Attribute(value=owner, attr="from_string"):
            return _is_crontab(owner)
    return False


def _site(parsed: Parsed, node: ast.Call, scope: Scope | None) -> CrontabSite:
    return CrontabSite(
        target=_meaning(node.func, scope),
        span=parsed.span(node),
        target_span=parsed.span(node.func),
        args=tuple(parsed.span(argument) for argument in node.args),
        values=tuple(_meaning(argument, scope) for argument in node.args),
        keywords=tuple(keyword_site(parsed, keyword) for keyword in node.keywords),
        keyword_values=tuple(_meaning(keyword.value, scope) for keyword in node.keywords),
    )


def _meaning(node: ast.expr, scope: Scope | None) -> Expr:
    expr = to_expr(node)
    return expr if scope is None else scope.meaning(expr)
