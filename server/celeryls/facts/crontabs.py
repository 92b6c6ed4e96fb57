"""Places where a `crontab` is made."""

import ast
from collections.abc import Sequence

from celeryls.facts.functions import keyword_site
from celeryls.facts.lookup import Scope, meaning, nodes_in_scopes
from celeryls.facts.sites import CrontabSite
from celeryls.facts.walk import lines_with, renamed
from celeryls.syntax import Parsed


def crontab_sites(parsed: Parsed) -> tuple[CrontabSite, ...]:
    """Every call of something by the name of `crontab`, and of its `from_string`, in order."""
    if "crontab" not in parsed.text:
        return ()
    names = ("crontab", *renamed(parsed, "crontab"))
    found = [
        _site(parsed, node, scope)
        for node, scope in nodes_in_scopes(parsed, lines_with(parsed, *names))
        if isinstance(node, ast.Call) and _is_crontab(node.func, names)
    ]
    return tuple(sorted(found, key=lambda site: site.span))


def _is_crontab(called: ast.expr, names: Sequence[str]) -> bool:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in names:
            return True
        case ast.Attribute(value=owner, attr="from_string"):
            return _is_crontab(owner, names)
    return False


def _site(parsed: Parsed, node: ast.Call, scope: Scope | None) -> CrontabSite:
    return CrontabSite(
        target=meaning(node.func, scope),
        span=parsed.span(node),
        target_span=parsed.span(node.func),
        args=tuple(parsed.span(argument) for argument in node.args),
        values=tuple(meaning(argument, scope) for argument in node.args),
        keywords=tuple(keyword_site(parsed, keyword) for keyword in node.keywords),
        keyword_values=tuple(meaning(keyword.value, scope) for keyword in node.keywords),
    )
