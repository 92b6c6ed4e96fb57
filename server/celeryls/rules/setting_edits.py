"""A setting of an app, written where the project has it or its neighbours.

Offsets are code points.
"""

import ast

from celeryls.project import Project
from celeryls.project.apps import App
from celeryls.rules.app_edits import Edits, all_places, places_of, write_on_conf
from celeryls.rules.base import FileContext
from celeryls.rules.configuring.sites import Written
from celeryls.rules.edits import add_item
from celeryls.syntax import Parsed, parse
from celeryls.syntax.scan import TokenKind, has_comment, scan
from celeryls.text import Edit, Span, newline_of

_Place = tuple[str, Written]
"""A file, and a setting that stands there."""


def set_setting(
    file: FileContext, app: App, key: str, value: str, *, beside: Written | None = None
) -> Edits | None:
    """Give a setting of an app a value, which is source with no quotes but `"`.

    A number that is written for it is replaced.  Where nothing is, it is written below the app's
    other settings, under the name that it has there: below the setting `beside` of this file if
    there is one.  `None` where that can't be done with certainty: where it is written twice, under
    a condition or as no number, and where the app's settings stand in several places.
    """
    written = file.once(places_of, app, key)
    if written:
        return _set_number(file.project, written, value)
    if file.project.setting(app, key).origin != "default":
        return None
    places = file.once(all_places, app)
    if not places:
        return write_on_conf(file.project, app, key, value)
    place = (file.path, beside) if beside is not None else _last(places)
    if place is None or not _takes_new_names(place, places):
        return None
    text = file.project.text(place[0])
    edits = _beside(text, place[1], key, value) if text is not None else ()
    return {place[0]: edits} if edits else None


def set_entry(
    file: FileContext, app: App, key: str, entry: str, value: str, *, beside: Written | None = None
) -> Edits | None:
    """Give an entry of a setting that is a dict a value: a number that is there is replaced.

    Where the setting is nowhere, it is written as `set_setting` does, and for the same reasons
    this may be `None`.
    """
    places = file.once(places_of, app, key)
    if not places:
        return set_setting(file, app, key, f'{{"{entry}": {value}}}', beside=beside)
    found = _only(file.project, places)
    if found is None:
        return None
    path, text, display = found
    parsed = parse(display.of(text))
    node = getattr(parsed.tree.body[0], "value", None) if parsed.tree.body else None
    if parsed.broken or not isinstance(node, ast.Dict):
        return None
    names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    if entry not in names:
        quote = "'" if display.of(text).lstrip("{ \t\r\n").startswith("'") else '"'
        edits = add_item(text, display, f"{quote}{entry}{quote}: {value}")
        return {path: edits} if edits else None
    inner = parsed.span(node.values[names.index(entry)])
    span = Span(display.start + inner.start, display.start + inner.end)
    if names.count(entry) > 1 or not _is_number(span.of(text)):
        return None
    return {path: (Edit(span, value),)}


def _set_number(project: Project, places: tuple[_Place, ...], value: str) -> Edits | None:
    """Replace the number that a setting is."""
    found = _only(project, places)
    if found is None or not _is_number(found[2].of(found[1])):
        return None
    return {found[0]: (Edit(found[2], value),)}


def _only(project: Project, places: tuple[_Place, ...]) -> tuple[str, str, Span] | None:
    """The file, its text and the value, if a setting is written once and nothing else has it."""
    path, written = places[0]
    text = project.text(path)
    if len(places) > 1 or written.site.conditional or written.site.uses or text is None:
        return None
    return path, text, written.site.value_span


def _is_number(source: str) -> bool:
    """Whether an expression is a number, or numbers that are reckoned with: `60 * 60`."""
    try:
        nodes = [*ast.walk(ast.parse(source.strip(), mode="eval").body)]
    except SyntaxError:
        return False
    if has_comment(source, Span(0, len(source))):
        return False
    number = ast.Constant | ast.BinOp | ast.operator
    return all(isinstance(node, number) for node in nodes) and not any(
        isinstance(node, ast.Constant) and not isinstance(node.value, int | float) for node in nodes
    )


def _last(places: tuple[_Place, ...]) -> _Place | None:
    """The last setting of the one object that the app's settings are read from.

    What is on `conf` beside such an object is the smaller part.
    """
    plain = [(p, w) for p, w in places if w.key is not None and not w.site.conditional]
    plain = [(p, w) for p, w in plain if not w.on_conf] or plain
    if len({(path, written.config) for path, written in plain}) != 1:
        return None
    return plain[-1]


def _takes_new_names(place: _Place, places: tuple[_Place, ...]) -> bool:
    """Whether a new name may join: Celery refuses those beside old ones without a namespace."""
    path, written = place
    if written.namespace and not written.on_conf:
        return True
    return not written.django and not any(
        other.form == "old" for at, other in places if (at, other.config) == (path, written.config)
    )


def _beside(text: str, written: Written, key: str, value: str) -> tuple[Edit, ...]:
    """Write a setting after another one, in the way that this is written."""
    parsed, site = parse(text), written.site
    statement = None if parsed.broken else _statement(parsed, parsed.tree.body, site.span)
    name = written.spelled(key)
    if statement is None:
        return ()
    if site.where in ("module", "class"):
        return _below(parsed, statement, f"{name} = {value}")
    if site.where == "attribute":
        return _below(parsed, statement, f"{site.owner}.conf.{name} = {value}")
    quote = text[site.span.start - 1]
    quoted = f"{quote}{name}{quote}"
    if quote in "'\"":
        value = value.replace('"', quote)
    if site.where == "item":
        return _below(parsed, statement, f"{site.owner}.conf[{quoted}] = {value}")
    for node in ast.walk(statement):
        if isinstance(node, ast.Dict) and any(
            key is not None and parsed.start(key) == site.span.start - 1 for key in node.keys
        ):
            return add_item(text, parsed.span(node), f"{quoted}: {value}")
        if isinstance(node, ast.Call) and any(
            parsed.start(keyword) == site.span.start for keyword in node.keywords
        ):
            end = parsed.span(node).end
            tokens = scan(text, parsed.span(node.func).end, end)
            opened = next(t.span.start for t in tokens if t.kind is TokenKind.OPEN)
            return add_item(text, Span(opened, end), f"{name}={value}")
    return ()


def _statement(parsed: Parsed, body: list[ast.stmt], span: Span) -> ast.stmt | None:
    """The statement around a place, at the top of a file or of a class."""
    for node in body:
        if parsed.span(node).contains(span.start):
            if isinstance(node, ast.ClassDef):
                return _statement(parsed, node.body, span)
            return node if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) else None
    return None


def _below(parsed: Parsed, statement: ast.stmt, line: str) -> tuple[Edit, ...]:
    """Put a line below a statement that has its lines for itself, comments aside."""
    text, lines = parsed.text, parsed.lines
    span = parsed.span(statement)
    margin = text[lines.line_start(lines.line_at(span.start)) : span.start]
    end = lines.line_span(lines.line_at(span.end)).end
    rest = text[span.end : end].strip()
    if margin.strip() or (rest and not rest.startswith("#")):
        return ()
    return (Edit(Span(end, end), newline_of(text) + margin + line),)
