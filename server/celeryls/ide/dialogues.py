"""Every dialogue there is, by the command that begins it."""

from collections.abc import Callable, Mapping
from typing import Any

from celeryls.forms import Form
from celeryls.ide import add_extra, convert_function, create_task, run_task, set_up
from celeryls.ide.dialogue import Answers, Dialogue, Place
from celeryls.ide.vocabulary import RUN_COMMAND
from celeryls.project import Project

DIALOGUES: Mapping[str, Dialogue] = {
    dialogue.command: dialogue
    for dialogue in (
        create_task.DIALOGUE,
        convert_function.DIALOGUE,
        set_up.DIALOGUE,
        *add_extra.DIALOGUES.values(),
    )
}

FORMS: Mapping[str, Callable[[Project, Place, Answers | None], Form[Any]]] = {
    **{command: dialogue.form for command, dialogue in DIALOGUES.items()},
    RUN_COMMAND: run_task.form,
}
"""Every form that a command begins with.  One may raise `AnswerError`."""
