"""A card: what a hover shows, as lines of plain values; as Markdown and as plain text.

Names and code come from source that anybody may have written.  They are put in code spans that
they can't end, and what can't be seen, or changes the order of what is read, is shown as such.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

_TICKS = re.compile(r"`+")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of source, or a name."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """A word that a line begins with."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to; without a `url` it is no more than its text.  A `code` is a name."""

    text: str
    url: str | None
    code: bool = False


Part: TypeAlias = str | Code | Strong | Link
Line: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """`code` is Python on top of it; then come paragraphs, then `items`, then `foot`."""

    code: str = ""
    head: tuple[Line, ...] = ()
    items: tuple[Line, ...] = ()
    foot: tuple[Line, ...] = ()

    @property
    def markdown(self) -> str:
        blocks = [_fenced(self.code)] if self.code else []
        blocks += [_markdown(line) for line in self.head]
        if self.items:
            blocks.append("\n".join(f"- {_markdown(line)}" for line in self.items))
        blocks += [_markdown(line) for line in self.foot]
        return "\n\n".join(blocks)

    @property
    def plain(self) -> str:
        lines = [_seen(line) for line in self.code.splitlines()]
        lines += [_plain(line) for line in self.head]
        lines += [f"- {_plain(line)}" for line in self.items]
        return "\n".join([*lines, *(_plain(line) for line in self.foot)])


def joined(parts: Iterable[Part], between: str = ", ") -> Line:
    """Parts with a text between each two."""
    found: list[Part] = []
    for part in parts:
        if found:
            found.append(between)
        found.append(part)
    return tuple(found)


def one_line(source: str, most: int = 80) -> str:
    """A piece of source in one line that is not too long."""
    line = " ".join(source.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _seen(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _fenced(code: str) -> str:
    shown = "\n".join(_seen(line) for line in code.splitlines())
    longest = max((len(found) for found in _TICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{shown}\n{fence}"


def _markdown(line: Line) -> str:
    return "".join(_part(part) for part in line)


def _part(part: Part) -> str:
    match part:
        case Code(text=text):
            return _span(text)
        case Strong(text=text):
            return f"**{_escaped(text)}**"
        case Link(text=text, url=url, code=code):
            inner = _span(text) if code else _escaped(text)
            return inner if url is None else f"[{inner}]({_target(url)})"
    return _escaped(part)


def _span(text: str) -> str:
    """Text between as many backticks as it takes."""
    shown = _seen(" ".join(text.split("\n")))
    longest = max((len(found) for found in _TICKS.findall(shown)), default=0)
    if not longest:
        return f"`{shown}`" if shown.strip() else "` `"
    ticks = "`" * (longest + 1)
    return f"{ticks} {shown} {ticks}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", _seen(text))


def _target(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C")


def _plain(line: Line) -> str:
    found = []
    for part in line:
        match part:
            case str():
                found.append(_seen(part))
            case Link(text=text, url=url, code=False) if url is not None:
                found.append(f"{_seen(text)}: {url}")
            case _:
                found.append(_seen(part.text))
    return "".join(found)
