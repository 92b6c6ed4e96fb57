"""`celeryls new`."""

import sys
from pathlib import Path

import click

from celeryls.cli.answers import read_answers
from celeryls.cli.init import set_up_first
from celeryls.cli.plans import dialogue_options, hold
from celeryls.cli.workspaces import open_workspaces
from celeryls.forms import FIELD_IDS
from celeryls.generate.extras import EXTRAS
from celeryls.ide import create_task
from celeryls.ide.dialogue import Place
from celeryls.project.detection import default_task_file


@click.command()
@click.argument("name", required=False)
@dialogue_options
def command(
    name: str | None,
    settings: tuple[str, ...],
    answers_file: Path | None,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Write a new task, asking what it needs to know."""
    answers = read_answers(settings, answers_file, (*FIELD_IDS, *EXTRAS))
    if name is not None:
        answers["name"] = name
    (opened,) = open_workspaces((".",), may_be_empty=True)
    project = opened.workspace.snapshot()
    if not yes and not dry_run and sys.stdin.isatty():
        project = set_up_first(project)
    place = Place(default_task_file(project), None, {"folder": str(Path.cwd())})
    hold(create_task.DIALOGUE, project, place, answers, yes=yes, dry_run=dry_run)
