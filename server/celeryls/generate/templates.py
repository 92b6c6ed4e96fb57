"""Finding and rendering the Jinja2 templates, and laying code out as a formatter would.

`jinja2` is imported when the first template is rendered, not before.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celeryls.forms.expressions import quoted

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = Path(__file__).resolve().parent.parent


def template_folder() -> Path:
    """Where the templates are: in the package when installed, beside `server/` in a checkout.

    Raises `FileNotFoundError` for an installation that lacks them.
    """
    for folder in (_PACKAGE / "templates", _PACKAGE.parent.parent / "templates"):
        if (folder / "task" / "task.py.j2").is_file():
            return folder
    raise FileNotFoundError(
        f"celeryls was installed without its templates: they are not in {_PACKAGE}"
    )


def render(template: str, context: Mapping[str, Any], *, line_length: int) -> str:
    """The text of a template, its lines ending in `\\n`.

    Beside `context` a template has `layout`, `comment`, `prose` and `fits`, which know the
    line length, and the filter `quote`.
    """
    page = _Page(line_length)
    helpers = {
        "layout": page.layout,
        "comment": page.comment,
        "prose": page.prose,
        "fits": page.fits,
    }
    return _environment().get_template(template).render({**context, **helpers})


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quote"] = quoted
    return environment


def width(text: str) -> int:
    """The columns that `text` takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


class _Page:
    """Layout within a line length, as ruff and Black do it."""

    def __init__(self, line_length: int) -> None:
        self.line_length = line_length

    def fits(self, line: str) -> bool:
        return width(line) <= self.line_length

    def layout(self, before: str, items: Sequence[object], after: str) -> str:
        """`before(items)after` in one line where it fits, else an item a line.

        The trailing comma makes formatters leave it so.
        """
        sources = [str(item) for item in items]
        line = f"{before}{', '.join(sources)}{after}"
        if self.fits(line) or not sources:
            return line
        indent = " " * (len(before) - len(before.lstrip()))
        lines = [f"{indent}    {source}," for source in sources]
        return "\n".join([before, *lines, indent + after])

    def comment(self, text: str, *, indent: int) -> str:
        """A comment of as many lines as it takes."""
        lead = " " * indent + "# "
        return lead + self._wrapped(text, len(lead), len(lead), "\n" + lead)

    def prose(self, text: str, *, indent: int, used: int) -> str:
        """Text that goes on where `used` columns are taken, further lines indented."""
        return self._wrapped(text, used, indent, "\n" + " " * indent)

    def _wrapped(self, text: str, used: int, indent: int, separator: str) -> str:
        lines: list[str] = []
        words: list[str] = []
        column = used
        for word in text.split():
            if words and column + width(word) > self.line_length:
                lines.append(" ".join(words))
                words, column = [], indent
            words.append(word)
            column += width(word) + 1
        return separator.join([*lines, " ".join(words)])
