"""How long something that is written lasts, in seconds."""

from datetime import timedelta
from math import inf

from celeryls.syntax.expr import Call, Const, Expr, Name


def seconds(value: Expr) -> float | None:
    """An evaluated number of seconds; `None` for what is none, without end, or not known."""
    number = value.value if isinstance(value, Const) else None
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    return number if -inf < number < inf else None


def length(value: Expr) -> float | None:
    """The seconds of an evaluated `timedelta` of numbers."""
    if not isinstance(value, Call) or value.func != Name("datetime.timedelta"):
        return None
    args = [seconds(item) for item in value.args]
    named = {name: seconds(item) for name, item in value.keywords}
    if None in args or None in named.values() or None in named:
        return None
    try:
        return timedelta(*args, **named).total_seconds()  # type: ignore[arg-type]
    except (TypeError, OverflowError, ValueError):
        return None
