"""Values as a line of Python for people to look at, without the secrets in them."""

import re
from collections.abc import Iterator

from celeryls.syntax.expr import Call, Const, Dict, Expr, Imported, Name, Seq, last_name

MOST = 120
"""Longer texts are cut: they are there to be looked at, not to be read by a program."""
HIDDEN = "********"
_SECRET = re.compile(r"api_?key|passw|passphrase|secret|token|credential", re.I)
_IN_URL = re.compile(r"(?P<before>\w://[^\s/@:'\"]*:)[^\s/@'\"]+@")
_BRACKETS = {"list": "[{}]", "tuple": "({})", "set": "{{{}}}"}


def shown_value(value: Expr, name: str = "") -> str | None:
    """A value that is known, as source; `None` for one that is not.

    `name` is that of the option or setting: what is called a password or a token is not shown,
    and neither is the password in a URL (Celery's own report hides them as well,
    celery/app/utils.py).
    """
    source = _source(value, name)
    if source is None:
        return None
    if "@" in source:
        source = _IN_URL.sub(rf"\g<before>{HIDDEN}@", source)
    return source if len(source) <= MOST else f"{source[: MOST - 1]}…"


def _source(value: Expr, name: str) -> str | None:
    match value:
        case Const(value=str() | bytes()) if _SECRET.search(name):
            return repr(HIDDEN)
        case Const(value=constant):
            return repr(constant)
        case Name() | Imported():
            return last_name(value)
        case Seq(kind=kind, items=items):
            parts = [_source(item, name) for item in items]
            if None in parts:
                return None
            comma = "," if kind == "tuple" and len(parts) == 1 else ""
            return _BRACKETS[kind].format(", ".join(map(str, parts)) + comma)
        case Dict(items=items):
            return _dict(items)
        case Call(func=Name() | Imported() as func, args=args, keywords=keywords):
            given = [_source(argument, name) for argument in args]
            given += [
                None if key is None or (part := _source(item, key)) is None else f"{key}={part}"
                for key, item in keywords
            ]
            return None if None in given else f"{last_name(func)}({', '.join(map(str, given))})"
    return None


def _dict(items: tuple[tuple[Expr | None, Expr], ...]) -> str | None:
    parts = list(_entries(items))
    return None if None in parts else f"{{{', '.join(map(str, parts))}}}"


def _entries(items: tuple[tuple[Expr | None, Expr], ...]) -> Iterator[str | None]:
    for key, item in items:
        named = str(key.value) if isinstance(key, Const) else ""
        key_source = None if key is None else _source(key, "")
        value = _source(item, named)
        yield None if key_source is None or value is None else f"{key_source}: {value}"
