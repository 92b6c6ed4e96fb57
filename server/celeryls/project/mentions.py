"""Which files have a word."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from celeryls.facts import Body, FileFacts
from celeryls.text.files import UnreadableSource, read_bytes

_LETTER = re.compile(rb"\w")
_MOST = 64
"""Patterns that are remembered for a file, and questions about all others."""


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
        self.untraced: frozenset[str] = frozenset()
        """The files on disk without a trace of Celery."""
        self._answers: dict[tuple[str, ...], bool] = {}

    def in_untraced(self, *words: str) -> bool:
        """Whether a file on disk that has no trace of Celery has one of some words.

        Such files are many and read anew for each question; answers are kept until one changes.
        """
        untraced, answers = self.untraced, self._answers
        found = answers.get(words)
        if found is None:
            if len(answers) >= _MOST:
                answers.clear()
            wanted = [word.encode() for word in words]
            found = answers[words] = any(_file_has(path, wanted) for path in untraced)
        return found

    def changed(self, untraced: Iterable[str]) -> None:
        """These are the files without a trace now, or one of them was changed."""
        self.untraced, self._answers = frozenset(untraced), {}

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


def _file_has(path: str, words: Iterable[bytes]) -> bool:
    try:
        return has_word(read_bytes(path), words)
    except (OSError, UnreadableSource):
        return False


def has_word(data: bytes, words: Iterable[bytes]) -> bool:
    """Whether bytes have one of some words, not as a part of a longer one."""
    for word in words:
        at = data.find(word)
        while at >= 0:
            end = at + len(word)
            if not _LETTER.search(data[max(at - 1, 0) : at] + data[end : end + 1]):
                return True
            at = data.find(word, end)
    return False
