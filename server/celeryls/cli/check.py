"""`celeryls check`."""

import sys
from dataclasses import replace
from typing import Literal

import click

from celeryls.cli.failure import Failure
from celeryls.cli.report import as_json, as_text, summary, unified_diff
from celeryls.cli.workspaces import Opened, display, open_workspaces, warn
from celeryls.config import Config
from celeryls.engine import Diagnostic, Selection, check_file
from celeryls.ide.fix_all import fixed
from celeryls.project import Project
from celeryls.text import Source
from celeryls.text.files import UnreadableSource, read_source, write_source

_RANK = {"error": 3, "warning": 2, "info": 1, "hint": 0}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: unsafe fixes too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--no-cache", is_flag=True, help="Read every file anew, and remember nothing.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--fail-on",
    type=click.Choice(list(_RANK)),
    default="warning",
    show_default=True,
    help="The severity from which on findings make the exit code 1.",
)
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    output_format: Literal["text", "json"],
    fail_on: str,
    *,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    no_cache: bool,
) -> None:
    """Find mistakes in Celery code, and mend them.

    Exits with 0 if there is nothing to report, 1 if there is, 2 if it could not run.
    """
    if unsafe_fixes and not (fix or diff):
        raise Failure("--unsafe-fixes goes with --fix or --diff")
    if diff and output_format == "json":
        raise Failure("--diff prints a diff; JSON has the edits without it")
    run = _Run(unsafe=unsafe_fixes, fix=fix and not diff, diff=diff)
    for opened in open_workspaces(paths, cached=not no_cache):
        run.workspace(opened, _listed(select), _listed(ignore))
    if output_format == "json":
        click.echo(as_json(run.found))
    elif not diff:
        for path, text, item in run.found:
            click.echo(as_text(path, text, item))
        click.echo(summary([item for _, _, item in run.found], run.mended), err=False)
    worst = max((_RANK[item.severity] for _, _, item in run.found), default=-1)
    sys.exit(1 if worst >= _RANK[fail_on] or (diff and run.mended) else 0)


class _Run:
    def __init__(self, *, unsafe: bool, fix: bool, diff: bool) -> None:
        self.found: list[tuple[str, str, Diagnostic]] = []
        self.mended = 0
        self._unsafe = unsafe
        self._fix = fix
        self._diff = diff

    def workspace(self, opened: Opened, select: tuple[str, ...], ignore: tuple[str, ...]) -> None:
        loaded = opened.workspace.loaded
        given = Selection(replace(Config(), select=select, ignore=ignore)).problems
        if given:
            raise Failure("; ".join(problem.message for problem in given))
        for problem in Selection(loaded.config).problems:
            warn(f"{loaded.path}: {problem.message}")
        ignored = (*loaded.config.ignore, *ignore)
        selection = Selection(
            replace(loaded.config, select=select or loaded.config.select, ignore=ignored)
        )
        project = opened.workspace.snapshot()
        for path in sorted(opened.files):
            if path not in project.files:
                continue
            try:
                source = read_source(path)
            except (OSError, UnreadableSource):
                continue  # said when it was scanned
            project, text = self._file(project, path, source, selection)
            found = check_file(project, path, text, selection)
            if found is None:
                warn(f"{display(path)}: not valid Python; left out")
            self.found += [(path, text, item) for item in found or ()]

    def _file(
        self, project: Project, path: str, source: Source, selection: Selection
    ) -> tuple[Project, str]:
        """Fix a file if asked to; the project and the text afterwards."""
        if not (self._fix or self._diff):
            return project, source.text
        result = fixed(project, path, source.text, selection, unsafe=self._unsafe)
        if result.failed:
            warn(f"{display(path)}: a fix gave code that does not parse, and was thrown away")
        if result.text == source.text:
            return project, source.text
        self.mended += len(result.applied)
        if self._diff:
            click.echo(unified_diff(display(path), source.text, result.text), nl=False)
            return project, source.text
        try:
            write_source(path, replace(source, text=result.text))
        except (OSError, UnreadableSource) as error:
            raise Failure(f"{display(path)} can't be written: {error}") from error
        return project.with_text(path, result.text), result.text


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.strip() for value in values for item in value.split(",") if item.strip())
