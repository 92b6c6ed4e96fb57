"""`celeryls check`."""

import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Literal

import click

from celeryls.cli.failure import Failure
from celeryls.cli.report import as_json, as_text, mended_lines, summary, unified_diff
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
        for line in mended_lines(run.mended):
            click.echo(line)
        click.echo(summary([item for _, _, item in run.found], len(run.mended)), err=False)
    worst = max((_RANK[item.severity] for _, _, item in run.found), default=-1)
    sys.exit(1 if worst >= _RANK[fail_on] or (diff and run.mended) else 0)


class _Run:
    def __init__(self, *, unsafe: bool, fix: bool, diff: bool) -> None:
        self.found: list[tuple[str, str, Diagnostic]] = []
        self.mended: tuple[tuple[str, Diagnostic], ...] = ()
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
        sources = _read(path for path in sorted(opened.files) if path in project.files)
        texts: Mapping[str, str] = {path: source.text for path, source in sources.items()}
        if self._fix or self._diff:
            project, texts = self._mend(project, sources, selection)
        for path, text in texts.items():
            found = check_file(project, path, text, selection)
            if found is None:
                warn(f"{display(path)}: not valid Python; left out")
            self.found += [(path, text, item) for item in found or ()]

    def _mend(
        self, project: Project, sources: Mapping[str, Source], selection: Selection
    ) -> tuple[Project, Mapping[str, str]]:
        """Fix these files, or show how; the project and their texts afterwards."""
        before = {path: source.text for path, source in sources.items()}
        result = fixed(project, before, selection, unsafe=self._unsafe)
        for path in sorted(result.failed):
            warn(f"{display(path)}: a fix gave code that does not parse, and was thrown away")
        self.mended += result.applied
        if self._diff:
            for path in sorted(result.texts):
                diff = unified_diff(display(path), before[path], result.texts[path])
                click.echo(diff, nl=False)
            return project, before
        _write(sources, result.texts)
        for path, text in result.texts.items():
            project = project.with_text(path, text)
        return project, {**before, **result.texts}


def _read(paths: Iterable[str]) -> dict[str, Source]:
    sources = {}
    for path in paths:
        # What can't be read was said when it was scanned.
        with suppress(OSError, UnreadableSource):
            sources[path] = read_source(path)
    return sources


def _write(sources: Mapping[str, Source], texts: Mapping[str, str]) -> None:
    """Write all of these files or none: a fix may need more than one of them."""
    written: list[str] = []
    for path, text in sorted(texts.items()):
        try:
            write_source(path, replace(sources[path], text=text))
        except (OSError, UnreadableSource) as error:
            for other in written:
                write_source(other, sources[other])
            raise Failure(
                f"{display(path)} can't be written, so nothing was changed: {error}"
            ) from error
        written.append(path)


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.strip() for value in values for item in value.split(",") if item.strip())
