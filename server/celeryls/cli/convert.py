"""`celeryls convert`."""

from dataclasses import replace

import click

from celeryls.cli.diffs import unified_diff
from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import display, existing, open_workspaces
from celeryls.ide.convert_function import conversion
from celeryls.ide.vocabulary import CannotDo
from celeryls.syntax import Parsed, parse
from celeryls.syntax.bindings import bindings
from celeryls.text import apply_edits
from celeryls.text.files import UnreadableSource, read_source, write_source


@click.command()
@click.argument("target", metavar="FILE::FUNCTION")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def command(target: str, *, dry_run: bool) -> None:
    """Turn a function into a bound task, its callers left as they are."""
    name, separator, function = target.rpartition("::")
    if not separator or not name or not function:
        raise Failure(f"convert takes FILE::FUNCTION, such as shop/tasks.py::sync, not {target!r}")
    file = existing(name)
    if not file.is_file():
        raise Failure(f"{name} is no file")
    (opened,) = open_workspaces((name,))
    path = str(file)
    try:
        source = read_source(path)
    except (OSError, UnreadableSource) as error:
        raise Failure(f"{display(path)} can't be read: {error}") from error
    project = opened.workspace.snapshot().with_text(path, source.text)
    parsed = parse(source.text)
    try:
        converted = conversion(project, path, parsed, _offset(parsed, function, display(path)))
    except CannotDo as error:
        raise Failure(f"{function} can't be converted: {error}") from error
    after = apply_edits(source.text, converted.edits)
    if dry_run:
        click.echo(unified_diff(display(path), source.text, after), nl=False)
    else:
        try:
            write_source(path, replace(source, text=after))
        except (OSError, UnreadableSource) as error:
            raise Failure(f"{display(path)} can't be written: {error}") from error
        done = click.style("converted", fg="green", bold=True)
        click.echo(f"{done} {function} in {display(path)}")
    for note in converted.notes:
        click.echo(f"{click.style('note', fg='blue', bold=True)}: {note}")


def _offset(parsed: Parsed, function: str, path: str) -> int:
    if parsed.broken:
        raise Failure(f"{path} has a syntax error; mend it first")
    import ast

    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            return parsed.start(node)
    known = [bound.name for bound in bindings(parsed.tree)]
    raise Failure(f"{path} has no function {function}; it defines {', '.join(known[:8]) or 'none'}")
