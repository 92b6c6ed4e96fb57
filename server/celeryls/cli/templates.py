"""`celeryls templates`."""

import difflib
import json
import textwrap
from collections.abc import Iterator
from typing import Literal

import click

from celeryls import __version__
from celeryls.cli.failure import Failure
from celeryls.cli.terminal import visible
from celeryls.cli.workspaces import configuration, display, warn
from celeryls.config import Loaded
from celeryls.forms import AnswerError
from celeryls.generate.catalogue import HELPERS, Template, our_templates
from celeryls.generate.own_templates import OwnSources, own_folder, read_own
from celeryls.project.conventions import OwnTemplates

DEFAULT_FOLDER = "celeryls-templates"
"""Where a template is copied to if the configuration names no folder."""


class _Names(click.Group):
    """Takes what is no command for the name of a template."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "show", _show, args
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Names,
    invoke_without_command=True,
    subcommand_metavar="[NAME | eject NAME]",
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, output_format: Literal["text", "json"]) -> None:
    """List the templates of the code that is written, or explain the one called NAME."""
    if ctx.invoked_subcommand is not None:
        return
    own = _own(configuration())
    if output_format == "json":
        click.echo(json.dumps([_item(template, own) for template in our_templates()], indent=2))
        return
    for template in our_templates():
        name = click.style(template.name, fg="cyan", bold=True)
        click.echo(f"{name}  {template.about}{_replaced(template, own)}")
        names = ", ".join(variable.name for variable in template.variables)
        click.echo(textwrap.fill(names, 96, initial_indent="    ", subsequent_indent="    "))


@click.command("show")
@click.argument("name")
def _show(name: str) -> None:
    """Explain a template."""
    template = our_templates().template(_known(name))
    own = _own(configuration())
    click.echo(f"{click.style(template.name, bold=True)}: {template.about}")
    if own is not None and template.name in own.sources:
        click.echo(f"The project has its own: {own.path(template.name)}")
    for title, lines in (
        ("It is given", _variables(template)),
        ("Source", _visible_lines(template.source)),
        *(_example(template, at) for at in range(len(template.examples))),
    ):
        click.echo(f"\n{click.style(title, fg='cyan', bold=True)}\n")
        for line in lines:
            click.echo(f"    {line}".rstrip())


@command.command("eject")
@click.argument("name", metavar="NAME")
def _eject(name: str) -> None:
    """Copy the template NAME into the project, to be changed there.

    It goes into the folder that the setting `templates` names, else into celeryls-templates.
    """
    template = our_templates().template(_known(name))
    loaded = configuration()
    configured = loaded.config.templates
    own = OwnTemplates(loaded.root, configured or DEFAULT_FOLDER, trusted=True)
    try:
        folder = own_folder(own)
    except AnswerError as error:
        raise Failure(error.message) from error
    path = folder / template.name
    if not path.parent.resolve().is_relative_to(folder):
        raise Failure(f"{display(path)} lies outside of {display(folder)}: a link leads there")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_header(template) + template.source)
    except FileExistsError as error:
        raise Failure(f"{display(path)} exists; nothing is overwritten") from error
    except OSError as error:
        raise Failure(f"{display(path)} can't be written: {error.strerror or error}") from error
    click.echo(f"{click.style('wrote', fg='green', bold=True)} {display(path)}")
    if configured is None:
        line = f'templates = "{DEFAULT_FOLDER}"'
        click.echo(f"{click.style('next', fg='cyan', bold=True)}: {_where(loaded)}: {line}")


def _own(loaded: Loaded) -> OwnSources | None:
    """The templates that the project has of its own; what is wrong with them is a warning."""
    if loaded.config.templates is None:
        return None
    try:
        own = read_own(OwnTemplates(loaded.root, loaded.config.templates, trusted=True))
    except AnswerError as error:
        warn(error.message)
        return None
    names = our_templates().names
    for name in sorted(set(own.sources) - set(names)):
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
        if near:
            warn(f"{own.path(name)} takes the place of none; did you mean {near[0]}?")
    return own


def _known(name: str) -> str:
    found = our_templates().find(name)
    if found is None:
        near = difflib.get_close_matches(name, our_templates().names, n=1)
        hint = f'did you mean "{near[0]}"?' if near else "celeryls templates lists all"
        raise Failure(f'there is no template "{name}"; {hint}')
    return found


def _item(template: Template, own: OwnSources | None) -> dict[str, object]:
    return {
        "name": template.name,
        "about": template.about,
        "own": own.path(template.name) if own and template.name in own.sources else None,
        "includes": list(template.includes),
        "variables": [
            {"name": variable.name, "type": variable.type, "about": variable.about}
            for variable in template.variables
        ],
    }


def _replaced(template: Template, own: OwnSources | None) -> str:
    if own is None or template.name not in own.sources:
        return ""
    return click.style(f"  (the project's: {visible(own.path(template.name))})", fg="yellow")


def _variables(template: Template) -> Iterator[str]:
    widest = max((len(variable.name) for variable in template.variables), default=0)
    for variable in template.variables:
        yield f"{variable.name:{widest}}  {variable.type:11}  {variable.about}"


def _example(template: Template, at: int) -> tuple[str, Iterator[str]]:
    example = template.examples[at]
    about = f": {example.about}" if example.about else ""
    return f"Example{about}", _visible_lines(example.expected)


def _visible_lines(text: str) -> Iterator[str]:
    """The lines of a text that a terminal is shown."""
    return (visible(line) for line in text.splitlines())


def _header(template: Template) -> str:
    """What somebody who opens the copy wants to know, as a comment of Jinja's."""
    lines = [
        f"{{# {template.about}",
        "",
        f"   Copied from celeryls {__version__}. It is given:",
        *(f"     {known.name} ({known.type}): {known.about}" for known in template.variables),
        f"   It may call {', '.join(HELPERS)}, and has the filter quote.",
        "#}",
    ]
    return "\n".join(lines) + "\n"


def _where(loaded: Loaded) -> str:
    """Where a setting is to be written."""
    path = loaded.path
    if path is None and (loaded.root / "pyproject.toml").is_file():
        path = loaded.root / "pyproject.toml"
    if path is None or path.name == "celeryls.toml":
        return f"write into {display(path or loaded.root / 'celeryls.toml')}"
    return f"write into {display(path)}, below [tool.celeryls]"
