"""A project on its way through several steps of writing, over several files.

Each step sees the project as the steps before it left it, analysed anew, so that an entry in
the schedule can be added for a task that was written a moment ago.  Writes no file.
"""

import os
from dataclasses import dataclass

from celeryls.forms.errors import AnswerError
from celeryls.project import Project
from celeryls.syntax import parse
from celeryls.text import Edit, Span
from celeryls.text.draft import Draft


@dataclass(frozen=True, slots=True)
class FileChange:
    """What becomes of one file.

    `path` is absolute.  `edits` are of the text that the file had (`""` if `is_new`), in code
    points.  `summary` says what happens, a few words a line.
    """

    path: str
    edits: tuple[Edit, ...]
    is_new: bool
    summary: tuple[str, ...]


class ProjectDraft:
    """A project that changes step by step.

    `project` is the snapshot after the steps so far.  Files that are not Python are edited as
    text, and are not part of the snapshot.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._drafts: dict[str, Draft] = {}
        self._new: set[str] = set()
        self._summaries: dict[str, list[str]] = {}

    def text(self, path: str) -> str | None:
        """The text of a file after the steps so far; `None` if there is none to be read."""
        draft = self._drafts.get(path)
        return draft.text if draft is not None else self.project.text(path)

    def exists(self, path: str) -> bool:
        """Whether there is something at `path`, on disk, in an editor or in this draft."""
        return path in self._drafts or os.path.lexists(path) or self.text(path) is not None

    def create(self, path: str, text: str, summary: str) -> None:
        """Write a new file.  Raises `AnswerError` if there is one: nothing is overwritten."""
        if self.exists(path):
            raise AnswerError(f"{self.project.relative(path)} exists; nothing is overwritten.")
        self._new.add(path)
        self._drafts[path] = Draft("")
        self._take(path, (Edit(Span(0, 0), text),), summary)

    def edit(self, path: str, edits: tuple[Edit, ...], summary: str) -> None:
        """Edit a file, the edits being of `text(path)`.

        Raises `AnswerError` where the file can't be read, and where the result would not
        parse.
        """
        text = self.text(path)
        if text is None:
            raise AnswerError(f"{self.project.relative(path)} can't be read.")
        if edits:
            self._drafts.setdefault(path, Draft(text))
            self._take(path, edits, summary)

    def _take(self, path: str, edits: tuple[Edit, ...], summary: str) -> None:
        draft = self._drafts[path]
        draft.apply(edits)
        if summary:
            self._summaries.setdefault(path, []).append(summary)
        if path.endswith(".py"):
            if parse(draft.text).broken:
                raise AnswerError(f"{self.project.relative(path)} can't be changed as it is.")
            self.project = self.project.with_text(path, draft.text)

    def changes(self) -> tuple[FileChange, ...]:
        """The files that are to change, in the order in which the steps touched them."""
        return tuple(
            FileChange(path, draft.edits(), path in self._new, tuple(self._summaries.get(path, ())))
            for path, draft in self._drafts.items()
        )
