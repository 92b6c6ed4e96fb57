"""Where settings are written: on an app's `conf`, in modules, classes and dicts.

Which of these names are settings, and of which app, only other files can tell.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from celeryls.facts.scopes import bound_by
from celeryls.facts.sites import SettingPlace, SettingSite
from celeryls.facts.walk import Function, lines_with, nodes_on, parameters, stands_on, statements
from celeryls.syntax import Parsed
from celeryls.syntax.expr import dotted_name, to_expr
from celeryls.text import Span

_CONF = ".conf"
_PLAUSIBLE = re.compile(
    r"celery|(?:^|_)(?:accept|acks|arangodb|azure|beat|broker|cache|cassandra|control|cosmos"
    r"|couchbase|database|elasticsearch|enable|events?|gcs|imports?|include|mongodb|queues?|redis"
    r"|result|routes|s3|security|serializer|task|timezone|worker)",
    re.I,
)
"""Names without a word of this kind are no settings, whatever the namespace."""
_OF_CELERY = frozenset(
    {"main", "loader", "backend", "amqp", "events", "log", "control", "set_as_current", "tasks"}
    | {"broker", "include", "changes", "config_source", "fixups", "task_cls", "autofinalize"}
    | {"namespace", "strict_typing"}
)
"""The parameters of `Celery` itself (celery/app/base.py); others are settings."""


def setting_sites(parsed: Parsed) -> tuple[SettingSite, ...]:
    """Everything in a file that may be a setting, in the order of source."""
    found = [*_Module(parsed).sites(), *_on_conf(parsed)]
    return tuple(sorted(found, key=lambda site: site.span))


class _Module:
    """What stands at module level: assignments, dicts that have a name, classes."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed

    def sites(self) -> Iterator[SettingSite]:
        assigned: list[SettingSite] = []
        for node, conditional in statements(self._parsed.tree.body):
            if isinstance(node, ast.ClassDef):
                yield from self._class(node)
                continue
            for target, value in _assignments(node):
                if _PLAUSIBLE.search(target.id):
                    where = self._parsed.span(target)
                    assigned.append(
                        SettingSite(
                            target.id,
                            where,
                            to_expr(value),
                            self._parsed.span(value),
                            "module",
                            conditional=conditional,
                        )
                    )
                yield from _entries(self._parsed, value, "dict", target.id, conditional)
                yield from _constructor(self._parsed, value, target.id, conditional)
        yield from self._with_uses(assigned)

    def _class(self, node: ast.ClassDef) -> Iterator[SettingSite]:
        for inner, conditional in statements(node.body):
            for target, value in _assignments(inner):
                if _PLAUSIBLE.search(target.id):
                    yield SettingSite(
                        target.id,
                        self._parsed.span(target),
                        to_expr(value),
                        self._parsed.span(value),
                        "class",
                        node.name,
                        conditional,
                    )

    def _with_uses(self, assigned: Sequence[SettingSite]) -> Iterator[SettingSite]:
        names = {site.name for site in assigned}
        spans: dict[str, list[Span]] = {name: [] for name in names}
        for node in nodes_on(self._parsed.tree.body, lines_with(self._parsed, *names)):
            if isinstance(node, ast.Name) and node.id in names:
                spans[node.id].append(self._parsed.span(node))
        for site in assigned:
            others = sorted(span for span in spans[site.name] if span != site.span)
            yield replace(site, uses=tuple(others))


def _assignments(node: ast.stmt) -> Iterator[tuple[ast.Name, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target, value
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            yield target, value


def _constructor(
    parsed: Parsed, value: ast.expr, app: str, conditional: bool
) -> Iterator[SettingSite]:
    """`Celery("shop", task_acks_late=True)`: as if it were written on its `conf`."""
    match value:
        case ast.Call(func=ast.Name(id="Celery") | ast.Attribute(attr="Celery")):
            for site in _keywords(parsed, value, "update", app, conditional):
                if site.name not in _OF_CELERY:
                    yield site


def _on_conf(parsed: Parsed) -> Iterator[SettingSite]:
    """What is written on the `conf` of something, in functions too."""
    lines = lines_with(parsed, _CONF, "config_from_object")
    if not lines:
        return
    blocks: list[tuple[Iterable[ast.stmt], frozenset[str], bool]] = [
        (parsed.tree.body, frozenset(), False)
    ]
    while blocks:
        body, hidden, inside = blocks.pop()
        for node, conditional in statements([n for n in body if stands_on(n, lines)], inside):
            if not stands_on(node, lines):
                continue
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                blocks.append((node.body, hidden | _bound(node), True))
            elif isinstance(node, ast.ClassDef):
                blocks.append((node.body, hidden, True))
            else:
                for site in _statement(parsed, node, conditional):
                    if site.owner.partition(".")[0] not in hidden:
                        yield site


def _bound(function: Function) -> frozenset[str]:
    bound = bound_by(function.body)
    names = {*bound.counts, *(argument.arg for argument in parameters(function.args))}
    return frozenset(names - bound.elsewhere.keys())


def _statement(parsed: Parsed, node: ast.stmt, conditional: bool) -> Iterator[SettingSite]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _target(parsed, target, value, conditional)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _target(parsed, target, value, conditional)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="update")) as call):
            app = _app(owner)
            if app is None:
                return
            for argument in call.args:
                yield from _entries(parsed, argument, "update", app, conditional)
            yield from _keywords(parsed, call, "update", app, conditional)
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=owner, attr="config_from_object")) as call
        ):
            for argument in call.args[:1]:
                app = dotted_name(owner)
                if app is not None:
                    yield from _entries(parsed, argument, "object", app, conditional)


def _target(
    parsed: Parsed, target: ast.expr, value: ast.expr, conditional: bool
) -> Iterator[SettingSite]:
    match target:
        case ast.Attribute(value=owner, attr=name):
            app, end = _app(owner), parsed.span(target).end
            if app is not None:
                span = Span(end - len(name), end)
                yield SettingSite(
                    name,
                    span,
                    to_expr(value),
                    parsed.span(value),
                    "attribute",
                    app,
                    conditional,
                )
        case ast.Subscript(value=owner, slice=index):
            app = _app(owner)
            if app is not None:
                yield from _entry(parsed, index, value, "item", app, conditional)


def _app(owner: ast.expr) -> str | None:
    """The name of the app whose `conf` an expression is."""
    dotted = dotted_name(owner)
    return dotted.removesuffix(_CONF) if dotted is not None and dotted.endswith(_CONF) else None


def _entries(
    parsed: Parsed, value: ast.expr, where: SettingPlace, owner: str, conditional: bool
) -> Iterator[SettingSite]:
    """The entries of a dict display, or of `dict(...)`."""
    match value:
        case ast.Dict(keys=keys, values=values):
            for key, item in zip(keys, values, strict=True):
                if key is not None:
                    yield from _entry(parsed, key, item, where, owner, conditional)
        case ast.Call(func=ast.Name(id="dict")) as call:
            for argument in call.args:
                yield from _entries(parsed, argument, where, owner, conditional)
            yield from _keywords(parsed, call, where, owner, conditional)


def _keywords(
    parsed: Parsed, call: ast.Call, where: SettingPlace, owner: str, conditional: bool
) -> Iterator[SettingSite]:
    for keyword in call.keywords:
        if keyword.arg is None:
            yield from _entries(parsed, keyword.value, where, owner, conditional)
        elif _PLAUSIBLE.search(keyword.arg):
            start = parsed.start(keyword)
            yield SettingSite(
                keyword.arg,
                Span(start, start + len(keyword.arg)),
                to_expr(keyword.value),
                parsed.span(keyword.value),
                where,
                owner,
                conditional,
            )


def _entry(
    parsed: Parsed,
    key: ast.expr,
    value: ast.expr,
    where: SettingPlace,
    owner: str,
    conditional: bool,
) -> Iterator[SettingSite]:
    if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
        return
    span = parsed.span(key)
    inner = Span(span.start + 1, span.end - 1)
    # A text that is spelled in any other way than in plain quotes can't be edited by its name.
    if inner.of(parsed.text) == key.value and _PLAUSIBLE.search(key.value):
        yield SettingSite(
            key.value, inner, to_expr(value), parsed.span(value), where, owner, conditional
        )
