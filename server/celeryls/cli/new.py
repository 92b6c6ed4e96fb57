"""`celeryls new`."""

import json
import keyword
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from celeryls.cli.diffs import unified_diff
from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import display, open_workspaces, warn
from celeryls.config.load import read_toml
from celeryls.forms import FIELD_IDS, Field, FieldType, Form
from celeryls.generate import FileChange
from celeryls.ide import create_task
from celeryls.ide.vocabulary import CannotDo
from celeryls.project import Project
from celeryls.project.detection import default_task_file
from celeryls.text import Source, apply_edits
from celeryls.text.files import UnreadableSource, read_source, write_source


@click.command()
@click.argument("name", required=False)
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
    name: str | None,
    settings: tuple[str, ...],
    answers_file: Path | None,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Write a new task, asking what it needs to know."""
    answers: dict[str, object] = {}
    if answers_file is not None:
        answers.update(_read_answers(answers_file))
    for setting in settings:
        field, separator, value = setting.partition("=")
        if not separator:
            raise Failure(f"--set takes FIELD=VALUE, not {setting!r}")
        answers[field.strip()] = value
    if name is not None:
        answers["name"] = name
    unknown = [field for field in answers if field not in FIELD_IDS]
    if unknown:
        raise Failure(f"no such field: {', '.join(unknown)}; there are {', '.join(FIELD_IDS)}")
    (opened,) = open_workspaces((".",), may_be_empty=True)
    project = opened.workspace.snapshot()
    path = _target(project, answers.pop("file", None))
    asks = not yes and sys.stdin.isatty()
    _ask_until_complete(project, path, answers, asks=asks)
    try:
        plan = create_task.plan(project, path, answers)
    except CannotDo as error:
        raise Failure(str(error)) from error
    for change in plan.changes:
        _carry_out(change, dry_run=dry_run)
    for note in plan.notes:
        click.echo(f"{click.style('note', fg='blue', bold=True)}: {note}")
    for step in plan.next_steps:
        command = f"\n    {step.command}" if step.command else ""
        click.echo(f"{click.style('next', fg='cyan', bold=True)}: {step.title}{command}")


def _carry_out(change: FileChange, *, dry_run: bool) -> None:
    """Write one file of a plan, or show what would be written."""
    path = change.path
    source = _source(path)
    after = apply_edits(source.text, change.edits)
    if dry_run:
        click.echo(unified_diff(display(path), source.text, after), nl=False)
        return
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_source(path, Source(after, source.encoding, source.bom))
    except (OSError, UnreadableSource) as error:
        raise Failure(f"{display(path)} can't be written: {error}") from error
    click.echo(f"{click.style('wrote', fg='green', bold=True)} {display(path)}")


def _source(path: str) -> Source:
    try:
        return read_source(path)
    except FileNotFoundError:
        return Source("")
    except (OSError, UnreadableSource) as error:
        raise Failure(f"{display(path)} can't be read: {error}") from error


def _target(project: Project, file: object) -> str:
    """The file to write to, which must lie in the project, links followed."""
    if file is None:
        return default_task_file(project)
    path = Path.cwd() / str(file)
    folder = project.folder.resolve()
    if not path.resolve().is_relative_to(folder):
        raise Failure(f"file: {file} lies outside of the project {display(folder)}")
    if path.suffix != ".py" or not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise Failure(f"file: {file} is not a Python module's name, such as shop/tasks.py")
    return str(path.resolve())


def _read_answers(path: Path) -> dict[str, object]:
    try:
        if path.suffix == ".toml":
            return read_toml(path)
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(f"{path}: {error}") from error
    if not isinstance(found, Mapping):
        raise Failure(f"{path}: answers are a table of field = value")
    return {str(key): value for key, value in found.items()}


def _ask_until_complete(
    project: Project, path: str, answers: dict[str, object], *, asks: bool
) -> None:
    """Ask what is not answered yet; without a person, defaults stand in and errors end it."""
    form: Form | None = create_task.form(project, path, answers if not asks else None)
    while form is not None:
        for field in form.open:
            if field.id in answers and field.error is None and asks and form.spec is None:
                continue
            if field.error is not None and not asks:
                raise Failure(f"{field.id}: {field.error}")
            if asks:
                if field.error is not None:
                    warn(field.error)
                answers[field.id] = _prompt(field)
            else:
                answers.setdefault(field.id, field.default)
        after = create_task.form(project, path, answers)
        form = None if after.complete else after


def _prompt(field: Field) -> Any:
    if field.help:
        click.secho(field.help, dim=True)
    for choice in field.choices:
        click.echo(f"  {click.style(choice.value, bold=True)}  {choice.description}")
    if field.type is FieldType.BOOL:
        return click.confirm(field.question, default=bool(field.default))
    default = "" if field.default is None and not field.required else field.default
    return click.prompt(field.question, default=default, show_default=default != "")
