"""The answers of a form: from the command line, from a file, or from a person at a terminal."""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import warn
from celeryls.config.load import read_toml
from celeryls.forms import Field, FieldType, Form

Answers = dict[str, object]
Ask = Callable[[Answers], Form[Any]]
BACK = "<"


def read_answers(
    settings: Collection[str], answers_file: Path | None, known: Collection[str]
) -> Answers:
    """The answers of `--answers FILE` and of `--set FIELD=VALUE`; `known` are the fields.

    Raises `Failure`.
    """
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
    except FileNotFoundError:
        raise Failure(f"{path} does not exist") from None
    except OSError as error:
        raise Failure(f"{path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise Failure(f"{path}: {error}") from error
    if not isinstance(found, Mapping):
        raise Failure(f"{path}: answers are a table of field = value")
    return {str(key): value for key, value in found.items()}


def with_defaults(form_of: Ask, answers: Answers) -> Answers:
    """The answers, with defaults for what is left.  Raises `Failure` for what can't be used."""
    answers = dict(answers)
    form = form_of(answers)
    while not form.complete:
        for id_, error in form.errors.items():
            raise Failure(f"{id_}: {error}")
        answers |= {field.id: field.default for field in form.open if field.id not in answers}
        after = form_of(answers)
        if after.open == form.open:
            field = form.open[0]
            raise Failure(f"{field.id}: {field.question} {field.help} Say it: --set {field.id}=…")
        form = after
    return answers


def asked(form_of: Ask, answers: Answers) -> Answers:
    """The answers, with those of the person at the terminal to what is left, one at a time.

    Each is checked when it is given.  `<` goes back to the question before.
    """
    with suppress(ImportError):
        import readline  # noqa: F401  # arrow keys and the answers before, where there is one
    answers = dict(answers)
    earlier: dict[str, object] = {}
    history: list[str] = []
    click.secho(f"Enter takes the answer in brackets, {BACK} goes back, Ctrl-C leaves.", dim=True)
    while True:
        form = form_of(answers)
        field = _next(form, answers)
        if field is None:
            return answers
        if field.id in answers and field.error:
            warn(field.error)
        step = [other.id for other in form.fields].index(field.id) + 1
        # A wrong answer is not offered again: Enter would only be told the same.
        wrong = field.id in answers and field.error is not None
        before = None if wrong else earlier.get(field.id)
        given = _prompt(field, f"{step}/{len(form.fields)}", before)
        if given != BACK:
            answers[field.id] = given
            if field.id not in history:
                history.append(field.id)
            continue
        if field.id in history:  # asked once more, as the answer was wrong
            history.remove(field.id)
            answers.pop(field.id, None)
        if history:
            last = history.pop()
            earlier[last] = answers.pop(last)
        else:
            click.secho("This is the first question.", dim=True)


def _next(form: Form[Any], answers: Answers) -> Field | None:
    """The question to ask now.

    What is wrong only beside the answers to come (a soft limit above the default of the hard
    one) is told once these are given.
    """
    unanswered = next((field for field in form.fields if field.id not in answers), None)
    for field in form.open:
        if field.id in answers and not (unanswered and field.id == form.contradicted):
            return field
    return unanswered


def _prompt(field: Field, step: str, earlier: object) -> object:
    click.echo()
    click.echo(f"{click.style(step, dim=True)} {click.style(field.question, bold=True)}")
    if field.help:
        click.secho(field.help, dim=True)
    for number, choice in enumerate(field.choices, 1):
        name = click.style(choice.value, bold=True)
        click.echo(f"  {number}  {name}  {choice.description}")
    default = earlier
    if default is None and not field.error:
        default = field.default
    if field.type is FieldType.BOOL:
        default = "yes" if default in (True, "yes", "true") else "no"
    if default is None and not field.required:
        default = ""
    shown = default not in ("", None)
    while True:
        text = click.prompt(field.id, default=default, show_default=shown, prompt_suffix=" > ")
        text = str(text).strip()
        if not field.choices or not text.isdecimal():
            return text
        if 1 <= int(text) <= len(field.choices):
            return field.choices[int(text) - 1].value
        warn(f"Take a number from 1 to {len(field.choices)}, or the word behind it.")
