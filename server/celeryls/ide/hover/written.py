"""Values as Python writes them, and times as people do."""

import json
import re
from collections.abc import Sequence
from datetime import datetime

from celeryls.project.schedules import shown
from celeryls.project.zones import Zone
from celeryls.syntax.expr import Call, Const, Dict, Expr, Imported, Name, Seq, last_name

_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}
_MOST = 120
SECRET = re.compile("password|passwd|secret|access_key|credential|auth_kwargs|token", re.I)
"""What the name of something that nobody else should see has in it."""
_PASSWORD = re.compile(r"(://[^/@:\s\"']*:)[^/\s\"']*@")


def python(value: Expr) -> str:
    """A known value as Python; classes and calls go by their last name.  Not too long."""
    return cut(_python(value))


def without_secrets(value: Expr) -> str | None:
    """The same without the passwords of addresses; `None` for what holds other secrets.

    A card may be open while others look at the screen.
    """
    text = _python(value)
    return None if SECRET.search(text) else cut(_PASSWORD.sub(r"\1…@", text))


def cut(text: str) -> str:
    """A text that is not too long."""
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _python(value: Expr) -> str:
    match value:
        case Const(value=str() as text):
            return json.dumps(text, ensure_ascii=False)
        case Const(value=constant):
            return repr(constant)
        case Name() | Imported():
            return last_name(value)
        case Seq(kind="tuple", items=(item,)):
            return f"({_python(item)},)"
        case Seq(kind=kind, items=items):
            first, last = _BRACKETS[kind]
            return f"{first}{', '.join(map(_python, items))}{last}"
        case Dict(items=items):
            pairs = (f"{_python(k)}: {_python(v)}" for k, v in items if k is not None)
            return f"{{{', '.join(pairs)}}}"
        case Call():
            return shown(value)
    return "…"


def plain_value(value: object) -> str:
    """A default of the catalog as Python."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "()" if value == [] else repr(value)


def moments(runs: Sequence[datetime], now: datetime) -> str:
    """`Sat 28 Nov 03:00, Sun 29 Nov 03:00`: a day is named once, a year if it isn't this one."""
    found, before = [], None
    for run in runs:
        day = f"{_DAYS[run.weekday()]} {run.day} {_MONTHS[run.month - 1]}"
        if run.year != now.year:
            day += f" {run.year}"
        clock = f"{run:%H:%M}"
        found.append(clock if day == before else f"{day} {clock}")
        before = day
    return ", ".join(found)


def in_zone(zone: Zone | None) -> str:
    """The time zone, to stand after a time by the clock."""
    return f"({zone.name})" if zone is not None else "(time zone not known from source)"


# Those of `strftime` depend on the machine.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
