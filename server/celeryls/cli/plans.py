"""A dialogue in the terminal: questions, the plan, and then the files."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from celeryls.cli.answers import Answers, asked, with_defaults
from celeryls.cli.diffs import unified_diff
from celeryls.cli.failure import Failure
from celeryls.cli.terminal import visible, width
from celeryls.cli.workspaces import display
from celeryls.cli.writing import write_all
from celeryls.forms import AnswerError
from celeryls.generate import FileChange, Plan
from celeryls.ide.dialogue import Dialogue, Place, plan_of
from celeryls.ide.vocabulary import CannotDo
from celeryls.project import Project
from celeryls.text import Source, apply_edits
from celeryls.text.files import UnreadableSource, read_source

INTERRUPTED = 130
"""What shells have for a program that Ctrl-C ended."""


Command = TypeVar("Command", bound=Callable[..., None])


def dialogue_options(command: Command) -> Command:
    """The options of a command that holds a dialogue: for answers, and for what to do with them."""
    for option in reversed(
        (
            click.option(
                "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="An answer."
            ),
            click.option(
                "--answers",
                "answers_file",
                type=click.Path(path_type=Path),
                help="A TOML or JSON file with answers.",
            ),
            click.option(
                "--yes", is_flag=True, help="Ask nothing; take the default of what is not given."
            ),
            click.option(
                "--dry-run", is_flag=True, help="Show what would be written, and write nothing."
            ),
        )
    ):
        command = option(command)
    return command


def hold(
    dialogue: Dialogue,
    project: Project,
    place: Place,
    answers: Answers,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Ask what is not answered, show what would be written, and write it.

    With `yes`, or where nobody sits at a terminal, nothing is asked and defaults stand in; with
    `dry_run` nothing is written.
    """
    interactive = not yes and sys.stdin.isatty()
    try:
        try:
            answers = (asked if interactive else with_defaults)(
                lambda given: dialogue.form(project, place, given), answers
            )
        except AnswerError as error:
            raise Failure(error.message) from error
        try:
            plan = plan_of(dialogue, project, place, answers)
        except CannotDo as error:
            raise Failure(str(error)) from error
        before = {change.path: _read(change) for change in plan.changes}
        after = {change.path: _changed(change, before[change.path]) for change in plan.changes}
        if interactive or dry_run:
            _show(plan, before, after)
        if interactive and not dry_run and not click.confirm("\nWrite this?", default=True):
            _leave()
    except (click.Abort, KeyboardInterrupt):  # at a question, or while the next one is made up
        _leave()
    if not dry_run:
        write_all(before, after)
        for change in plan.changes:
            click.echo(f"{click.style('wrote', fg='green', bold=True)} {display(change.path)}")
    _say_what_is_next(plan)


def _leave() -> NoReturn:
    click.echo("\nNothing was written.", err=True)
    sys.exit(INTERRUPTED)


def _read(change: FileChange) -> Source | None:
    if change.is_new:
        return None
    try:
        return read_source(change.path)
    except (OSError, UnreadableSource) as error:
        raise Failure(f"{display(change.path)} can't be read: {error}") from error


def _changed(change: FileChange, before: Source | None) -> Source:
    source = before or Source("")
    return replace(source, text=apply_edits(source.text, change.edits))


def _show(plan: Plan, before: Mapping[str, Source | None], after: Mapping[str, Source]) -> None:
    """The plan: which files, what of them, and how the task is called."""
    click.echo()
    names = [visible(display(change.path)) for change in plan.changes]
    widest = max(map(width, names), default=0)
    for change, name in zip(plan.changes, names, strict=True):
        what = click.style("create" if change.is_new else "modify", fg="green", bold=True)
        padding = " " * (widest - width(name))
        click.echo(f"{what}  {name}{padding}  {visible('; '.join(change.summary))}")
    click.echo()
    for change in plan.changes:
        source = before[change.path]
        text = source.text if source is not None else ""
        diff = unified_diff(display(change.path), text, after[change.path].text)
        click.echo(diff, nl=False)
    if plan.calls:
        click.echo()
    for call in plan.calls:
        click.echo(f"{click.style('call', fg='cyan', bold=True)}: {call}")


def _say_what_is_next(plan: Plan) -> None:
    for note in plan.notes:
        click.echo(f"{click.style('note', fg='blue', bold=True)}: {note}")
    for step in plan.next_steps:
        click.echo(f"{click.style('next', fg='cyan', bold=True)}: {step.title}")
        if step.command:
            click.echo(f"    {step.command}")
