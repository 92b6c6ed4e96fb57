"""`celeryls check`."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from celeryls.cli.checking import Chosen, Run
from celeryls.cli.failure import Failure
from celeryls.cli.formats import FORMATS, Report, render
from celeryls.cli.workspaces import open_workspaces, warn
from celeryls.text import Source
from celeryls.text.files import UnreadableSource, decode, encode

_RANK = {"error": 3, "warning": 2, "info": 1, "hint": 0}
STDIN = "-"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="These rules as well.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: unsafe fixes too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--no-cache", is_flag=True, help="Read every file anew, and remember nothing.")
@click.option(
    "--output-format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="For people, programs, or the CI of GitHub, GitLab and others.",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Write what is found to the baseline, to be silent about it from now on.",
)
@click.option(
    "--force-exclude", is_flag=True, help="Leave out what the project excludes, even if named."
)
@click.option("--statistics", "counts", is_flag=True, help="Only how often each rule speaks.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@click.option(
    "--stdin-filename", metavar="FILE", help="The file that standard input (-) stands for."
)
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
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    output_format: str,
    stdin_filename: str | None,
    fail_on: str,
    *,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    no_cache: bool,
    counts: bool,
    watch: bool,
    write_baseline: bool,
    force_exclude: bool,
) -> None:
    """Find mistakes in Celery code, and mend them.

    Exits with 0 if there is nothing to report, 1 if there is, 2 if it could not run.
    """
    _refuse(
        {
            "--unsafe-fixes goes with --fix or --diff": unsafe_fixes and not (fix or diff),
            "--diff prints a diff; --output-format has no say in it": diff
            and output_format != "text",
            "--statistics prints text or json": counts and output_format not in ("text", "json"),
            "--statistics and --diff exclude each other": counts and diff,
            "--watch prints text, and changes nothing": watch
            and (fix or diff or output_format != "text"),
            "--force-exclude is for files that are named; --watch does without": force_exclude
            and watch,
            "--stdin-filename goes with - as the only path": bool(stdin_filename)
            and paths != (STDIN,),
            "--write-baseline goes with neither --fix, --diff, --watch nor -": write_baseline
            and (fix or diff or watch or STDIN in paths),
            "standard input (-) can't be checked beside files, nor watched": STDIN in paths
            and (len(paths) > 1 or watch),
        }
    )
    chosen = Chosen(_listed(select), _listed(extend_select), _listed(ignore))
    chosen.verify()
    if write_baseline:
        from celeryls.cli.baselines import write_baselines

        opened_workspaces = open_workspaces(paths, cached=not no_cache)
        click.echo(write_baselines(opened_workspaces, chosen))
        sys.exit(0)
    run = Run(chosen, fix=fix and not diff, unsafe=unsafe_fixes, diff=diff)

    def printed(report: Report) -> str:
        if counts:
            from celeryls.cli import statistics

            return (statistics.as_json if output_format == "json" else statistics.as_text)(report)
        return render(output_format, report)

    if watch:
        from celeryls.cli.watch import keep_checking

        keep_checking(paths, chosen, printed, cached=not no_cache)
    if paths == (STDIN,):
        _check_stdin(run, stdin_filename, cached=not no_cache)
    else:
        for opened in open_workspaces(paths, cached=not no_cache, force_exclude=force_exclude):
            run.workspace(opened)
    report = run.report
    if not diff:
        # What is mended goes to standard output, as the text that came in would have.
        text = printed(report)
        if text:
            click.echo(text, err=paths == (STDIN,) and fix)
        if run.stale:
            entries = "1 entry" if run.stale == 1 else f"{run.stale} entries"
            warn(f"{entries} of the baseline are not found any more: write it anew")
    worst = max((_RANK[one.item.severity] for one in report.found), default=-1)
    sys.exit(1 if worst >= _RANK[fail_on] or (diff and report.mended) else 0)


def _check_stdin(run: Run, name: str | None, *, cached: bool) -> None:
    """Check standard input as the file that it stands for, in the project around that."""
    path = Path(name or "stdin.py").absolute()
    path = path.parent.resolve() / path.name
    try:
        source = decode(sys.stdin.buffer.read())
    except UnreadableSource as error:
        raise Failure(f"standard input: {error}") from error
    run.stdin = {str(path): source}
    for opened in open_workspaces((str(path.parent),), may_be_empty=True, cached=cached):
        opened.workspace.open(str(path), source.text)
        run.workspace(replace(opened, files=(str(path),)))
    if run.fix:
        text = run.fixed.get(str(path), source.text)
        sys.stdout.buffer.write(encode(Source(text, source.encoding, source.bom)))
        sys.stdout.buffer.flush()


def _refuse(conflicts: dict[str, bool]) -> None:
    for message, there in conflicts.items():
        if there:
            raise Failure(message)


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.strip() for value in values for item in value.split(",") if item.strip())
