"""What to show beside the name under a cursor."""

from dataclasses import dataclass
from datetime import datetime

from celeryls.ide.hover.card import Card
from celeryls.ide.hover.cursor import Cursor
from celeryls.ide.hover.options import on_call_option, on_key, on_setting, on_task_option
from celeryls.ide.hover.schedules import on_schedule
from celeryls.ide.hover.task_card import UriOf
from celeryls.ide.hover.tasks import on_task
from celeryls.project import Project
from celeryls.text import Span

_KINDS = (on_task_option, on_call_option, on_key, on_schedule, on_setting, on_task)


@dataclass(frozen=True, slots=True)
class Hover:
    """A card as Markdown and as plain text, and the name that it is about."""

    markdown: str
    plain: str
    span: Span


def hover(
    project: Project,
    path: str,
    offset: int,
    *,
    now: datetime | None = None,
    uri_of: UriOf | None = None,
) -> Hover | None:
    """What is known of the thing that the character at `offset` belongs to; `None` if nothing.

    `now` is an aware time, by default the present.  With `uri_of` places in files are links.
    """
    text = project.text(path)
    if path not in project.files or text is None or not 0 <= offset < len(text):
        return None
    if text[offset].isspace() or any(h.start <= offset < h.end for h in project.body(path).holes):
        return None
    cursor = Cursor(project, path, text, offset, now, uri_of)
    for kind in _KINDS:
        found = kind(cursor)
        if found is not None:
            return _hover(*found)
    return None


def _hover(card: Card, span: Span) -> Hover:
    return Hover(card.markdown, card.plain, span)
