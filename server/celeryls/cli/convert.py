"""`celeryls convert`."""

from pathlib import Path

import click

from celeryls.cli.answers import read_answers
from celeryls.cli.failure import Failure
from celeryls.cli.plans import dialogue_options, hold
from celeryls.cli.workspaces import existing, open_workspaces
from celeryls.forms.running_questions import RUNNING_IDS
from celeryls.ide.convert_function import DIALOGUE
from celeryls.ide.dialogue import Place


@click.command()
@click.argument("target", metavar="FILE::FUNCTION")
@dialogue_options
def command(
    target: str,
    settings: tuple[str, ...],
    answers_file: Path | None,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Turn a function into a bound task, its callers left as they are."""
    name, separator, function = target.rpartition("::")
    if not separator or not name or not function:
        raise Failure(f"convert takes FILE::FUNCTION, such as shop/tasks.py::sync, not {target!r}")
    answers = read_answers(settings, answers_file, RUNNING_IDS)
    file = existing(name)
    if not file.is_file():
        raise Failure(f"{name} is no file")
    (opened,) = open_workspaces((name,))
    place = Place(str(file), None, {"function": function})
    hold(DIALOGUE, opened.workspace.snapshot(), place, answers, yes=yes, dry_run=dry_run)
