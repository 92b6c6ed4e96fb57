"""The cursor of a hover, which also knows what cards depend on."""

from dataclasses import dataclass
from datetime import datetime

from celeryls.ide import cursor
from celeryls.ide.hover.task_card import UriOf


@dataclass(frozen=True)
class Cursor(cursor.Cursor):
    """`now` is an aware time, `None` for the present.  With `uri_of` places are links."""

    now: datetime | None
    uri_of: UriOf | None
