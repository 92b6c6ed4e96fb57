"""`celeryls init`."""

from pathlib import Path

import click

from celeryls.cli.answers import read_answers
from celeryls.cli.plans import hold
from celeryls.cli.workspaces import open_workspaces
from celeryls.forms.scaffold_form import FRAMEWORK_CHOICES, SCAFFOLD_FIELD_IDS
from celeryls.ide import set_up
from celeryls.ide.dialogue import Place


@click.command()
@click.argument(
    "framework", required=False, type=click.Choice([choice.value for choice in FRAMEWORK_CHOICES])
)
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="An answer.")
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(path_type=Path),
    help="A TOML or JSON file with answers.",
)
@click.option("--yes", is_flag=True, help="Ask nothing; take the default of what is not given.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
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
    (opened,) = open_workspaces((".",), may_be_empty=True)
    project = opened.workspace.snapshot()
    place = Place(str(project.folder / "celery_app.py"))
    hold(set_up.DIALOGUE, project, place, answers, yes=yes, dry_run=dry_run)
