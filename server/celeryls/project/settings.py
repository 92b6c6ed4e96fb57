"""Values of settings, and the names that settings go by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from celeryls import catalog
from celeryls.syntax.expr import UNKNOWN, Const, Dict, Expr, Seq


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in force.  `origin` says where it comes from; `Unknown` values are unknown.

    What no readable source writes is at its default; unknown is only what is computed, and
    what several apps disagree on.
    """

    value: Expr
    origin: Literal["settings", "default", "unknown"]


UNKNOWN_SETTING = Setting(UNKNOWN, "unknown")


def settled(value: Expr) -> Setting:
    """An evaluated value as a setting; only a running program knows what a call comes to."""
    if isinstance(value, Const | Seq | Dict):
        return Setting(value, "settings")
    return UNKNOWN_SETTING


def agreed(found: Iterable[Setting | None]) -> Setting | None:
    """What several places say, if all say the same."""
    values = set(found)
    if not values:
        return None
    return values.pop() if len(values) == 1 else UNKNOWN_SETTING


def from_display(display: Expr, spellings: tuple[str, ...]) -> Setting | None:
    """A setting in a dict display."""
    if not isinstance(display, Dict):
        return UNKNOWN_SETTING
    written = dict(display.items)
    for spelling in spellings:
        if Const(spelling) in written:
            return settled(written[Const(spelling)])
    return None if all(isinstance(key, Const) for key in written) else UNKNOWN_SETTING


def in_update(value: Expr, key: str) -> Expr | None:
    """The value that `conf.update(value)` writes for `key`, `None` if it leaves it alone."""
    if not isinstance(value, Dict):
        return UNKNOWN
    for name, item in value.items:
        if isinstance(name, Const) and isinstance(name.value, str):
            if is_same(name.value, key):
                return item
        else:
            return UNKNOWN
    return None


def is_same(written: str, key: str) -> bool:
    """Whether a name that was written on `conf` means the setting `key`."""
    return written == key or catalog.setting_for_old_name(written) == key


def spellings_of(key: str, namespace: str) -> tuple[str, ...]:
    """The names that Celery reads a setting by, in its order (celery/utils/collections.py)."""
    option = catalog.settings().get(key)
    old = option.old_names if option is not None else ()
    if not namespace:
        return (key, *old)
    prefixed = f"{namespace.rstrip('_')}_{key}"
    return (prefixed.upper() if namespace.isupper() else prefixed.lower(), key, *old)


def default_value(value: object) -> Expr:
    """A default of the catalog as an expression."""
    if value is None or isinstance(value, str | int | float):
        return Const(value)
    if value == []:
        return Seq("tuple", ())
    return Dict(()) if value == {} else UNKNOWN
