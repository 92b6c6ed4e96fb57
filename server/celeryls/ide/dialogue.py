"""Dialogues: what can be asked for by a form, and is then planned.

Every front end goes through here: the server's commands, `celeryls new` and its like.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from celeryls.forms import AnswerError, Form
from celeryls.generate import Plan
from celeryls.ide.vocabulary import CannotDo
from celeryls.project import Project

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dialogue begins: a document, a cursor where there is one (code points), and what
    else the action that began it says."""

    path: str
    offset: int | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A form and what comes of it.

    `command` is what editors execute, `title` what they call it.  `form` makes the form after
    some answers (`None`: nobody was asked); `plan` plans what the answers came to.  Both raise
    `AnswerError`, the form for what no answer can mend.
    """

    command: str
    title: str
    form: Callable[[Project, Place, Answers | None], Form[Any]]
    plan: Callable[[Project, Place, Any], Plan]


def plan_of(dialogue: Dialogue, project: Project, place: Place, answers: Answers) -> Plan:
    """What the answers come to.  Raises `CannotDo`, naming what is wrong with them."""
    try:
        asked = dialogue.form(project, place, answers)
        if asked.spec is None or asked.errors:
            problems = "; ".join(f"{id_}: {error}" for id_, error in asked.errors.items())
            raise CannotDo(problems or "The form is not complete.")
        return dialogue.plan(project, place, asked.spec)
    except AnswerError as error:
        raise CannotDo(error.message) from error
