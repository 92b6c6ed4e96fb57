"""What the form of a new task knows of its project before anybody is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from celeryls.forms.fields import Choice
from celeryls.forms.neighbours import Neighbour
from celeryls.forms.spec import STATUS

NO_TASK = "none"
"""The answer of who names no neighbour."""


def _no_neighbour(name: str) -> Neighbour | None:
    return None


def _anything(text: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class FormContext:
    """What is known before anybody is asked.

    `name`, `purpose`, `parameters` and `returns` are first answers to offer.  `taken` are the
    names that the task can't have in its file; `check_name` and `check_file` know more about
    both, and raise `AnswerError`.
    `file` and `app` are asked only where there is something to choose: a `file` to propose, more
    than one of `apps`.  `tasks` are registered names to offer as neighbours, and `neighbour` finds
    one, also of others, by its name.  `needed` are the parameters that a schedule has to give.
    `answered` are the fields that have an answer already.
    `json_arguments` and `json_results` say that JSON carries them, as it does by default.
    `extras` are those to ask for.
    """

    name: str = ""
    purpose: str = ""
    parameters: str = ""
    returns: str = STATUS
    taken: frozenset[str] = frozenset()
    queues: tuple[str, ...] = ()
    file: str | None = None
    apps: tuple[str, ...] = ()
    tasks: tuple[Choice, ...] = ()
    needed: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()
    neighbour: Callable[[str], Neighbour | None] = _no_neighbour
    check_name: Callable[[str], object] = _anything
    check_file: Callable[[str], object] = _anything
    extras: tuple[str, ...] = ()
    json_arguments: bool = True
    json_results: bool = True

    def find_task(self, raw: object) -> Neighbour | None:
        """The task that an answer names, if it does."""
        name = raw.strip() if isinstance(raw, str) else ""
        return self.neighbour(name) if name not in ("", NO_TASK) else None
