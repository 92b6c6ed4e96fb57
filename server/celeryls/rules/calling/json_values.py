"""Which values, as they are written in source, JSON can't carry.

Asked of kombu by tests/rules/test_serializer_as_kombu.py.
"""

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from celeryls.syntax import parse
from celeryls.syntax.expr import Attribute, Call, Dict, Expr, Name, Seq, dotted_name
from celeryls.text import Span

_ITERATORS = ("map", "filter", "zip", "iter", "reversed", "enumerate")
BUILTINS: dict[str, tuple[str, str | None]] = {
    **dict.fromkeys(("set", "frozenset"), ("a set", "list")),
    **dict.fromkeys(_ITERATORS, ("an iterator", "list")),
    "range": ("a range", "list"),
    "bytearray": ("a bytearray", "bytes"),
    "memoryview": ("a memoryview", "bytes"),
    "object": ("an object", None),
    "open": ("a file", None),
    "slice": ("a slice", None),
}
"""What calls of builtins give, and what makes something of it that is carried."""
IMPORTED: dict[str, tuple[str, str | None]] = {
    **{f"pathlib.{name}": ("a path", "str") for name in ("Path", "PurePath", "PosixPath")},
    "datetime.timedelta": ("a timedelta", None),
    "collections.deque": ("a deque", "list"),
    "functools.partial": ("a function", None),
}
_PATH = IMPORTED["pathlib.Path"]
_VIEW: tuple[str, str | None] = ("a view of a dict", "list")
EXCEPTION: tuple[str, str | None] = ("an exception", "str")
_PLAUSIBLE = re.compile(r"[({]|\blambda\b|\bfor\b|\d[jJ]\b")
_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


@dataclass(frozen=True, slots=True)
class Uncarried:
    """A value that JSON can't carry: what it is, and the function that makes one that it can."""

    span: Span
    what: str
    wrapper: str | None


def uncarried(text: str, span: Span, meaning: Callable[[str], str | None]) -> Iterator[Uncarried]:
    """The values in an expression that JSON can't carry, those inside of lists and dicts too.

    `meaning` says what a dotted name in the file stands for: `builtins.set`, `pathlib.Path`;
    `None` if that is not certain.
    """
    source = span.of(text)
    if _PLAUSIBLE.search(source) is None:
        return  # a name or a literal, as most arguments are
    parsed = parse(f"({source}\n)")
    body = parsed.tree.body
    if parsed.broken or len(body) != 1 or not isinstance(body[0], ast.Expr):
        return
    todo = [body[0].value]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.List | ast.Tuple):
            todo += node.elts
            continue
        if isinstance(node, ast.Dict):
            todo += node.values
            continue
        found = _kind(node, meaning)
        if found is not None:
            inner = parsed.span(node)
            at = span.start - 1
            yield Uncarried(Span(inner.start + at, inner.end + at), *found)


def _kind(node: ast.expr, meaning: Callable[[str], str | None]) -> tuple[str, str | None] | None:
    match node:
        case ast.Set() | ast.SetComp():
            return "a set", "list"
        case ast.GeneratorExp():
            return "a generator", "list"
        case ast.Lambda():
            return "a function", None
        case ast.Constant(value=complex()):
            return "a complex number", None
        case ast.BinOp(op=ast.Div(), left=left):
            found = _kind(left, meaning)
            return found if found == _PATH else None
        case ast.Call(func=func):
            return _made_by(meaning(dotted_name(func) or ""))
    return None


def _made_by(name: str | None) -> tuple[str, str | None] | None:
    """What a call of something gives, if JSON can't carry that."""
    if name is None:
        return None
    module, _, last = name.rpartition(".")
    if module == "builtins":
        return EXCEPTION if last in _ERRORS else BUILTINS.get(last)
    return IMPORTED.get(name)


def held(value: Expr, meaning: Callable[[str], str | None]) -> tuple[str, str | None] | None:
    """What a variable holds, if JSON can't carry that; views of a dict too: `d.keys()`."""
    match value:
        case Seq(kind="set"):
            return BUILTINS["set"]
        case Call(func=Attribute(value=owner, name="keys" | "values" | "items"), args=()):
            is_dict = isinstance(owner, Call) and owner.func == Name("dict")
            return _VIEW if is_dict or isinstance(owner, Dict) else None
        case Call(func=Name(dotted=dotted)):
            return _made_by(meaning(dotted))
    return None
