"""`celeryls add`."""

from pathlib import Path

import click

from celeryls.cli.answers import read_answers
from celeryls.cli.failure import Failure
from celeryls.cli.plans import dialogue_options, hold
from celeryls.cli.workspaces import existing, open_workspaces
from celeryls.forms import AnswerError
from celeryls.forms.extras_form import SCHEDULE_FIELD_IDS
from celeryls.ide.add_extra import DIALOGUES, find_task
from celeryls.ide.dialogue import Place


@click.command()
@click.argument("what", type=click.Choice(list(DIALOGUES)))
@click.argument("target", metavar="FILE::TASK")
@dialogue_options
def command(
    what: str,
    target: str,
    settings: tuple[str, ...],
    answers_file: Path | None,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Add something to a task that exists."""
    name, separator, task = target.rpartition("::")
    if not separator or not name or not task:
        raise Failure(f"add takes FILE::TASK, such as shop/tasks.py::sync, not {target!r}")
    answers = read_answers(settings, answers_file, SCHEDULE_FIELD_IDS if what == "schedule" else ())
    file = existing(name)
    if not file.is_file():
        raise Failure(f"{name} is no file")
    (opened,) = open_workspaces((name,))
    project = opened.workspace.snapshot()
    place = Place(str(file), None, {"task": task})
    try:
        find_task(project, place)
    except AnswerError as error:
        raise Failure(error.message) from error
    hold(DIALOGUES[what], project, place, answers, yes=yes, dry_run=dry_run)
