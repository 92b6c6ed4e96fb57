"""What features answer in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from celeryls.text import Edit, Span

if TYPE_CHECKING:
    from celeryls.engine import Diagnostic

Edits = Mapping[str, tuple[Edit, ...]]
"""Edits by path.  A path that does not exist yet is a file to create."""

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.celery"
CONVERT = "refactor.rewrite.celery.convertFunction"
CREATE_TASK = "refactor.extract.celery.task"
SET_UP = "refactor.extract.celery.app"
ADDITIONS: Mapping[str, tuple[str, str]] = {
    "schedule": ("Add a schedule", "celeryls.addSchedule"),
    "endpoint": ("Add an API endpoint", "celeryls.addEndpoint"),
    "metrics": ("Add Prometheus metrics", "celeryls.addMetrics"),
    "test": ("Add a test", "celeryls.addTest"),
}
"""What a task that exists can be given: the title and the command by the last part of the kind."""
ADD = "refactor.extract.celery."
"""What the kinds of those actions begin with."""
ACTION_KINDS = (
    QUICK_FIX,
    FIX_ALL,
    CONVERT,
    CREATE_TASK,
    SET_UP,
    *(ADD + addition for addition in ADDITIONS),
)
"""Every kind of action there is: leaves only."""
CREATE_TASK_COMMAND = "celeryls.createTask"
CONVERT_COMMAND = "celeryls.convertFunction"
SET_UP_COMMAND = "celeryls.setUp"
DIALOGUE_COMMANDS = (
    CREATE_TASK_COMMAND,
    CONVERT_COMMAND,
    SET_UP_COMMAND,
    *(command for _, command in ADDITIONS.values()),
)
"""The commands that ask questions first: those of `ide/dialogues.py`."""
OPEN_COMMAND = "celeryls.openDocumentation"
RUN_COMMAND = "celeryls.runTask"
SHOW_CALLERS_COMMAND = "celeryls.showCallers"
"""Commands of lenses, which a client says that it executes (docs/lsp-extensions.md).

Of the first the server has the questions and the line to type; only a client has a terminal.
"""


class CannotDo(Exception):
    """What was asked for can't be done; the message tells a person why, and what to do."""


@dataclass(frozen=True, slots=True)
class Action:
    """A code action.

    Either `edits` are there, or `data` is: JSON from which `resolve` makes them later.
    `disabled` is the reason, in plain words, why it can't be taken.  `command` is for an
    action that asks questions first: a client that can ask executes it with `data`.
    """

    title: str
    kind: str
    edits: Edits | None = None
    data: Mapping[str, Any] | None = None
    preferred: bool = False
    disabled: str | None = None
    diagnostics: tuple["Diagnostic", ...] = ()
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion item.

    `snippet` has LSP tab stops, `plain` none; both replace `word`.  `edits` are to be made
    elsewhere in the file, such as an import.
    """

    label: str
    detail: str
    documentation: str
    snippet: str
    plain: str
    word: Span
    edits: tuple[Edit, ...] = ()


def wanted(kind: str, only: tuple[str, ...]) -> bool:
    """Whether a client that asked for `only` these kinds wants this one (empty: all)."""
    return not only or any(kind == asked or kind.startswith(f"{asked}.") for asked in only)
