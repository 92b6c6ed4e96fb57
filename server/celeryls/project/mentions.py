"""Which files have a word."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from celeryls.facts import Body, FileFacts

_MOST = 64
"""Patterns that are remembered for a file."""


@dataclass(slots=True)
class _Read:
    """A text that was read, and which patterns were found in it."""

    body: Body
    text: str
    found: dict[str, bool] = field(default_factory=dict)


class Mentions:
    """Looks for words in files; one for all snapshots of a workspace.

    Texts are read when first asked for, and kept for as long as their file's facts are the same:
    somebody who types a word asks at each key.
    """

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def paths(
        self,
        files: Mapping[str, FileFacts],
        text_of: Callable[[str], str | None],
        word: str,
        pattern: str,
    ) -> Iterator[str]:
        """Those of `files` that have `word` in a place where `pattern` matches."""
        compiled = re.compile(pattern)
        for path, facts in files.items():
            read = self._read.get(path)
            if read is None or read.body is not facts.body:
                read = self._read[path] = _Read(facts.body, text_of(path) or "")
            found = read.found.get(pattern)
            if found is None:
                found = _has(read.text, word, compiled)
                if len(read.found) >= _MOST:
                    read.found.clear()
                read.found[pattern] = found
            if found:
                yield path

    def keep(self, files: Mapping[str, FileFacts]) -> None:
        """Forget the texts of all files but these."""
        self._read = {path: read for path, read in self._read.items() if path in files}


def _has(text: str, word: str, pattern: re.Pattern[str]) -> bool:
    at = text.find(word)
    while at >= 0 and not pattern.match(text, at):
        at = text.find(word, at + 1)
    return at >= 0
