"""Places where tasks are sent, signed, called, put together and scheduled."""

import ast
from collections.abc import Iterable, Iterator

from celeryls.facts.functions import keyword_site
from celeryls.facts.held import held, is_never_read
from celeryls.facts.lookup import Scope, meaning, nodes_in_scopes, within
from celeryls.facts.sites import CallSite, CanvasSite, EntryItem, ScheduleSite
from celeryls.facts.walk import lines_with, renamed
from celeryls.syntax import Parsed
from celeryls.syntax.expr import (
    UNKNOWN,
    Call,
    Const,
    Dict,
    Expr,
    Local,
    Name,
    Seq,
    Starred,
    dotted_name,
    to_expr,
)
from celeryls.text import Span

SENDS = frozenset({"delay", "apply_async", "delay_on_commit", "apply_async_on_commit"})
"""Methods that send a task."""
SIGNS = frozenset({"s", "si", "signature", "subtask"})
"""Methods that make a signature of a task."""
_BY_NAME = frozenset({"send_task", "signature", "subtask"})
_HANDS = SENDS | SIGNS | {"apply", "send_task", "set", ""}
"""Methods that are given arguments or options of a task."""
_MAKE = ("dict", "list", "tuple", "set")
METHODS = SENDS | SIGNS | {"send_task", "apply", "map", "starmap", "chunks", "add_periodic_task"}
"""Methods whose calls are facts."""
_CANVAS = frozenset({"chain", "group", "chord", "xmap", "xstarmap", "chunks"})
# Looked for with `str.find`, which is much faster than a pattern with as many branches.
_WORDS = (
    *("delay", "apply", "signature", "subtask", "send_task", "map(", "chunks(", "periodic_task"),
    *(".s(", ".si(", ".s)", ".si)", ".s,", ".si,", "chain(", "group(", "chord("),
    *('"schedule"', "'schedule'", "schedule="),
)


class Uses:
    """Collects them in one walk over a file."""

    def __init__(self, parsed: Parsed) -> None:
        self.calls: list[CallSite] = []
        self.canvases: list[CanvasSite] = []
        self.schedules: list[ScheduleSite] = []
        self._parsed = parsed
        self._in_pipes: set[ast.AST] = set()
        self._alone: set[ast.AST] = set()
        self._unused: set[ast.AST] = set()
        self._called: set[ast.AST] = set()
        self._bodies: dict[ast.AST, ast.expr] = {}
        """What a chord is called with: `chord(header)(body)`."""
        self._renamed = renamed(parsed, *_CANVAS, *_BY_NAME)
        words = (*_WORDS, *(f"{alias}(" for alias in self._renamed))
        for node, scope in nodes_in_scopes(parsed, lines_with(parsed, *words)):
            self._read(node, scope)

    def _read(self, node: ast.AST, scope: Scope | None) -> None:
        match node:
            case ast.Call(func=ast.Call() as made, args=[ast.expr() as body]):
                self._bodies[made] = body
            case ast.Expr(value=value):
                self._alone.add(value)
            case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in METHODS:
                self._called.add(node.func)
                self.calls.append(self._call(node, owner, method, scope))
            case ast.Attribute(value=owner, attr=method) if method in SENDS | SIGNS:
                if node not in self._called:
                    self.calls.append(self._passed(node, owner, scope))
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                name = self._renamed.get(name, name)
                if name in _BY_NAME:
                    self.calls.append(self._call(node, node.func, "", scope))
                elif name in _CANVAS:
                    self._canvas(node, scope)
                elif name == "dict":
                    self._entry(UNKNOWN, node, scope)
            case ast.BinOp(op=ast.BitOr()) if node not in self._in_pipes:
                self._pipe(node, scope)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() | ast.BinOp() as value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() | ast.BinOp() as value)
            ):
                if is_never_read(name, scope):
                    self._unused.add(value)
            case ast.Dict():
                self._entries(node, scope)
            case ast.Assign(targets=[ast.Subscript(slice=index)], value=value):
                self._entry(to_expr(index), value, scope)

    def _call(self, node: ast.Call, target: ast.expr, method: str, scope: Scope | None) -> CallSite:
        return _call_site(
            self._parsed,
            node,
            target,
            method,
            scope,
            alone=node in self._alone,
            unused=node in self._unused,
        )

    def _passed(self, node: ast.Attribute, target: ast.expr, scope: Scope | None) -> CallSite:
        span = self._parsed.span
        return CallSite(
            target=meaning(target, scope),
            method=node.attr,
            called=False,
            span=span(node),
            target_span=span(target),
            args=(),
            keywords=(),
            values=(),
            within=within(scope),
            alone=node in self._alone,
        )

    def _canvas(self, node: ast.Call, scope: Scope | None) -> None:
        arguments, body = node.args, None
        if self._last_name(node.func) == "chord":
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            body = arguments[1] if len(arguments) > 1 else given.get("body", self._bodies.get(node))
            arguments = arguments[:1] or [given[key] for key in ("header",) if key in given]
        arguments, each = _spread_out(arguments, scope)
        known = all(not isinstance(a, ast.Starred | ast.GeneratorExp) for a in arguments)
        span = self._parsed.span
        self.canvases.append(
            CanvasSite(
                callee=meaning(node.func, scope),
                span=span(node),
                parts=self._parts(arguments, scope) if known else None,
                within=within(scope),
                alone=node in self._alone,
                body=None if body is None else span(held(body, scope)),
                values=tuple(meaning(a, scope) for a in arguments) if known else (),
                body_value=UNKNOWN if body is None else meaning(body, scope),
                each=None if each is None else span(each),
                unused=node in self._unused,
            )
        )

    def _parts(self, members: Iterable[ast.expr], scope: Scope | None) -> tuple[Span, ...]:
        return tuple(self._parsed.span(held(member, scope)) for member in members)

    def _last_name(self, callee: ast.expr) -> str:
        """What the function that is called has for a name where it comes from."""
        name = (dotted_name(callee) or "").rpartition(".")[2]
        return self._renamed.get(name, name)

    def _pipe(self, node: ast.BinOp, scope: Scope | None) -> None:
        """`a | b | c`, which is `(a | b) | c` to Python."""
        parts: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitOr):
            self._in_pipes.add(left)
            parts.append(left.right)
            left = left.left
        parts = [left, *reversed(parts)]
        self.canvases.append(
            CanvasSite(
                callee=None,
                span=self._parsed.span(node),
                parts=self._parts(parts, scope),
                within=within(scope),
                alone=node in self._alone,
                values=tuple(meaning(part, scope) for part in parts),
                unused=node in self._unused,
            )
        )

    def _entries(self, node: ast.Dict, scope: Scope | None) -> None:
        """The entries in a schedule; the display itself may be one that stands alone."""
        keys = [UNKNOWN if key is None else to_expr(key) for key in node.keys]
        pairs = list(zip(keys, node.values, strict=True))
        entries = [self._entry(key, value, scope) for key, value in pairs]
        if any(entries):
            for key, value in pairs:
                self._entry(key, value, scope, beside_others=True)
        self._entry(UNKNOWN, node, scope)

    def _entry(
        self, key: Expr, node: ast.expr, scope: Scope | None, *, beside_others: bool = False
    ) -> bool:
        """Whether `node` is an entry, which is then among the facts."""
        missing = {"task", "schedule"} - _keys(node)
        if len(missing) > (1 if beside_others else 0):
            return False
        span = self._parsed.span(node)
        if any(other.span == span for other in self.schedules):
            return True
        items = tuple(self._items(node, scope))
        known = {item.key: item for item in items}
        self.schedules.append(
            ScheduleSite(
                key=key if isinstance(key, Const | Name) else UNKNOWN,
                task=known["task"].value if "task" in known else UNKNOWN,
                schedule=known["schedule"].value if "schedule" in known else UNKNOWN,
                span=span,
                task_span=known["task"].value_span if "task" in known else span,
                within=within(scope),
                items=items,
            )
        )
        return True

    def _items(self, node: ast.expr, scope: Scope | None) -> Iterator[EntryItem]:
        """What a dict display, or `dict(...)`, has under keys that are written out."""
        span = self._parsed.span
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        quoted = span(key)
                        place = Span(quoted.start + 1, quoted.end - 1)
                        yield EntryItem(key.value, place, meaning(value, scope), span(value))
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                for keyword in keywords:
                    if keyword.arg is not None:
                        start = span(keyword).start
                        place = Span(start, start + len(keyword.arg))
                        value = keyword.value
                        yield EntryItem(keyword.arg, place, meaning(value, scope), span(value))


def _spread_out(
    arguments: list[ast.expr], scope: Scope | None
) -> tuple[list[ast.expr], ast.expr | None]:
    """The members among the arguments of a workflow, and the one that a comprehension makes."""
    if len(arguments) != 1:
        return arguments, None
    only = arguments[0]
    inner = held(only.value if isinstance(only, ast.Starred) else only, scope)
    match inner:
        case ast.List(elts=members) | ast.Tuple(elts=members):
            return members, None
        case ast.ListComp(elt=member) | ast.GeneratorExp(elt=member):
            return arguments, member
    return arguments, None


def calls_of(parsed: Parsed, method: str) -> Iterator[CallSite]:
    """The calls of a method in a file, for one that is too common to be a fact: `x.set(...)`.

    What stands alone is not told.
    """
    for node, scope in nodes_in_scopes(parsed, lines_with(parsed, f".{method}")):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr == method:
                yield _call_site(parsed, node, owner, method, scope)


def _call_site(
    parsed: Parsed,
    node: ast.Call,
    target: ast.expr,
    method: str,
    scope: Scope | None,
    *,
    alone: bool = False,
    unused: bool = False,
) -> CallSite:
    span = parsed.span
    if method == "add_periodic_task":
        values = _periodic(node)
    elif method in _BY_NAME or not method:
        values = node.args[:1]
    else:
        values = []
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return CallSite(
        target=meaning(target, scope),
        method=method,
        called=True,
        span=span(node),
        target_span=span(target),
        args=tuple(span(argument) for argument in node.args),
        keywords=tuple(keyword_site(parsed, keyword) for keyword in node.keywords),
        values=tuple(meaning(value, scope) for value in values),
        within=within(scope),
        alone=alone,
        unused=unused,
        given=tuple(handed(value, scope) for value in given) if method in _HANDS else (),
    )


def handed(node: ast.expr, scope: Scope | None) -> Expr:
    """What an argument stands for; not the display that a variable began with, if it has changed.

    `args = [1]` and `args.append(2)` are no `[1]` any more.
    """
    value = meaning(node, scope)
    name = node.value if isinstance(node, ast.Starred) else node
    if scope is None or not isinstance(name, ast.Name):
        return value
    shown = value.value if isinstance(value, Starred) else value
    makes = isinstance(shown, Call) and isinstance(shown.func, Name) and shown.func.dotted in _MAKE
    if (makes or isinstance(shown, Seq | Dict)) and scope.may_change(name.id):
        return Local(name.id, "changed")
    return value


def _periodic(node: ast.Call) -> list[ast.expr]:
    """Schedule, signature and name of `add_periodic_task`, as far as they are there.

    Its parameters are those of celery/app/base.py, `Celery.add_periodic_task`.
    """
    given = dict(zip(("schedule", "sig", "args", "kwargs", "name"), node.args, strict=False))
    given.update({keyword.arg: keyword.value for keyword in node.keywords if keyword.arg})
    if not {"schedule", "sig"} <= given.keys():
        return []
    return [given[name] for name in ("schedule", "sig", "name") if name in given]


def _keys(node: ast.expr) -> set[str]:
    """The keys of a dict display, or of `dict(...)`, that are written out."""
    match node:
        case ast.Dict(keys=keys):
            texts = (key.value for key in keys if isinstance(key, ast.Constant))
            return {text for text in texts if isinstance(text, str)}
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return {keyword.arg for keyword in keywords if keyword.arg}
    return set()
