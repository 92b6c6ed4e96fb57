"""Where code reads settings under names in capitals: `app.conf.CELERYD_CONCURRENCY`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.facts.lookup import meaning, nodes_in_scopes
from celeryls.facts.walk import lines_with
from celeryls.rules.base import FileContext
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import Name
from celeryls.text import Span

_READ = re.compile(r"\.conf\b\s*(?:\.|\[\s*[\"']|\.get\(\s*[\"'])[A-Z][A-Z0-9_]+\b")
"""What only few files have, so that the others need not be parsed again."""


@dataclass(frozen=True, slots=True)
class SettingRead:
    """A setting that is read: its name as written, and where; `scope` is the expression."""

    name: str
    span: Span
    scope: Span


def reads_of(file: FileContext) -> Iterator[SettingRead]:
    """The reads of a file that name an app, in no order; tests are left out.

    What changes a setting, as `+=` does, reads it too.
    """
    if ".conf" not in file.text or not _READ.search(file.text) or file.project.is_test(file.path):
        return
    written = {site.span for site in file.project.body(file.path).settings}
    parsed = parse(file.text)
    for node, scope in nodes_in_scopes(parsed, lines_with(parsed, ".conf")):
        found = _read(parsed, node)
        if found is None or found[2] in written:
            continue
        app, name, span, whole = found
        owner = meaning(app, scope)
        if isinstance(owner, Name) and file.project.app_of(file.path, owner.dotted) is not None:
            yield SettingRead(name, span, whole)


_Read = tuple[ast.expr, str, Span, Span]


def _read(parsed: Parsed, node: ast.AST) -> _Read | None:
    """The app, the name, where that stands, and the whole, if a node reads a setting."""
    match node:
        case ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr=name):
            whole = parsed.span(node)
            return app, name, Span(whole.end - len(name), whole.end), whole
        case ast.Subscript(value=ast.Attribute(value=app, attr="conf"), slice=key):
            return _text(parsed, node, app, key)
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(value=app, attr="conf"), attr="get"),
            args=[key, *_],
        ):
            return _text(parsed, node, app, key)
    return None


def _text(parsed: Parsed, node: ast.expr, app: ast.expr, key: ast.expr) -> _Read | None:
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return None
    span = parsed.span(key)
    inner = Span(span.start + 1, span.end - 1)
    # A text in any other way than in plain quotes can't be edited by its name.
    known = inner.of(parsed.text) == key.value
    return (app, key.value, inner, parsed.span(node)) if known else None
