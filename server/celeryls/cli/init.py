"""`celeryls init`."""

from pathlib import Path

import click

from celeryls.cli.answers import Answers, read_answers
from celeryls.cli.plans import dialogue_options, hold
from celeryls.cli.workspaces import open_workspaces
from celeryls.forms.scaffold_form import FRAMEWORK_CHOICES, SCAFFOLD_FIELD_IDS
from celeryls.ide import set_up
from celeryls.ide.dialogue import Place
from celeryls.project import Project


@click.command()
@click.argument(
    "framework", required=False, type=click.Choice([choice.value for choice in FRAMEWORK_CHOICES])
)
@dialogue_options
def command(
    framework: str | None,
    settings: tuple[str, ...],
    answers_file: Path | None,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Set up Celery where there is no app, asking what it needs to know."""
    answers = read_answers(settings, answers_file, SCAFFOLD_FIELD_IDS)
    if framework is not None:
        answers["framework"] = framework
    _hold(_project(), answers, yes=yes, dry_run=dry_run)


def set_up_first(project: Project) -> Project:
    """Where there is no app, say so and offer to set one up; the project afterwards.

    For commands that need an app, at a terminal.  A project with tasks and no app is left alone:
    it may be a package that others use.
    """
    if set_up.has_app(project) or next(project.tasks(), None) is not None:
        return project
    click.echo("There is no Celery app in this project.")
    if not click.confirm("Set it up first?", default=True):
        return project
    _hold(project, {}, yes=False, dry_run=False)
    return _project()


def _project() -> Project:
    (opened,) = open_workspaces((".",), may_be_empty=True)
    return opened.workspace.snapshot()


def _hold(project: Project, answers: Answers, *, yes: bool, dry_run: bool) -> None:
    place = Place(str(project.folder / "celery_app.py"))
    hold(set_up.DIALOGUE, project, place, answers, yes=yes, dry_run=dry_run)
