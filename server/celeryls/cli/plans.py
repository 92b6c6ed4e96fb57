"""A dialogue in the terminal: answers taken and asked for, the plan shown and carried out."""

import json
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from celeryls.cli.diffs import unified_diff
from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import display, warn
from celeryls.config.load import read_toml
from celeryls.forms import Field, FieldType
from celeryls.generate import FileChange, Plan
from celeryls.ide.dialogue import Dialogue, Place, plan_of
from celeryls.ide.vocabulary import CannotDo
from celeryls.project import Project
from celeryls.text import Source, apply_edits
from celeryls.text.files import UnreadableSource, read_source, write_source

Answers = dict[str, object]


def read_answers(
    settings: Collection[str], answers_file: Path | None, known: Collection[str]
) -> Answers:
    """The answers of `--answers FILE` and of `--set FIELD=VALUE`; `known` are the fields."""
    answers: Answers = {}
    if answers_file is not None:
        answers.update(_from_file(answers_file))
    for setting in settings:
        field, separator, value = setting.partition("=")
        if not separator:
            raise Failure(f"--set takes FIELD=VALUE, not {setting!r}")
        answers[field.strip()] = value
    unknown = [field for field in answers if field not in known]
    if unknown:
        raise Failure(f"no such field: {', '.join(unknown)}; there are {', '.join(known)}")
    return answers


def _from_file(path: Path) -> Answers:
    try:
        if path.suffix == ".toml":
            return read_toml(path)
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(f"{path}: {error}") from error
    if not isinstance(found, Mapping):
        raise Failure(f"{path}: answers are a table of field = value")
    return {str(key): value for key, value in found.items()}


def hold(
    dialogue: Dialogue,
    project: Project,
    place: Place,
    answers: Answers,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Ask what is not answered, plan it, and carry it out, or show it with `dry_run`."""
    _complete(dialogue, project, place, answers, asks=not yes and sys.stdin.isatty())
    try:
        plan = plan_of(dialogue, project, place, answers)
    except CannotDo as error:
        raise Failure(str(error)) from error
    for change in plan.changes:
        _carry_out(change, dry_run=dry_run)
    _say(plan)


def _complete(
    dialogue: Dialogue, project: Project, place: Place, answers: Answers, *, asks: bool
) -> None:
    """Ask what is open; without a person, defaults stand in and errors end it."""
    form = dialogue.form(project, place, answers if not asks else None)
    while not form.complete:
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
        form = dialogue.form(project, place, answers)


def _prompt(field: Field) -> Any:
    if field.help:
        click.secho(field.help, dim=True)
    for choice in field.choices:
        click.echo(f"  {click.style(choice.value, bold=True)}  {choice.description}")
    if field.type is FieldType.BOOL:
        return click.confirm(field.question, default=bool(field.default))
    default = "" if field.default is None and not field.required else field.default
    return click.prompt(field.question, default=default, show_default=default != "")


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


def _say(plan: Plan) -> None:
    for note in plan.notes:
        click.echo(f"{click.style('note', fg='blue', bold=True)}: {note}")
    for step in plan.next_steps:
        command = f"\n    {step.command}" if step.command else ""
        click.echo(f"{click.style('next', fg='cyan', bold=True)}: {step.title}{command}")
