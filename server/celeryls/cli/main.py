"""The command and its subcommands, each loaded when it is called."""

import importlib
import io
import logging
import os
import sys
from typing import NoReturn

import click

from celeryls import __version__
from celeryls.cli.failure import COULD_NOT_RUN, Failure
from celeryls.cli.terminal import visible

logger = logging.getLogger(__name__)
_COMMANDS = {
    "server": ("celeryls.cli.server", "stable", "Run the language server."),
    "check": ("celeryls.cli.check", "stable", "Find mistakes in Celery code, and mend them."),
    "tasks": (
        "celeryls.cli.tasks",
        "preview",
        "List the tasks of a project and their options in force.",
    ),
    "graph": (
        "celeryls.cli.graph",
        "preview",
        "Draw who dispatches what: tasks, workflows and schedules.",
    ),
    "init": ("celeryls.cli.init", "preview", "Set up Celery where there is no app."),
    "new": ("celeryls.cli.new", "preview", "Write a new task."),
    "add": (
        "celeryls.cli.add",
        "preview",
        "Add a schedule, an endpoint, metrics or a test to a task.",
    ),
    "templates": (
        "celeryls.cli.templates",
        "preview",
        "List the templates of what is written, or copy one out to change it.",
    ),
    "convert": ("celeryls.cli.convert", "preview", "Turn a function into a bound task."),
    "rule": ("celeryls.cli.rule", "stable", "Explain a rule."),
    "config": ("celeryls.cli.config", "preview", "Show the settings in force."),
}
"""Module, status and one-line help by name, so that `--help` imports none of them.

The options and the output of a *stable* command change only with a new major version.
"""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(_COMMANDS[cmd_name][0]), "command", None)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, text if status == "stable" else f"{text} (preview)")
                    for name, (_, status, text) in _COMMANDS.items()
                ]
            )


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="celeryls")
@click.option("-v", "--verbose", is_flag=True, help="Log what is being done, to standard error.")
def _celeryls(*, verbose: bool) -> None:
    """The language server for Celery: finds what loses tasks, mends it, writes new ones."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )


def main() -> NoReturn:
    """Run the command.  Exit codes: 0 clean, 1 findings, 2 could not run."""
    # Code and paths have characters that an output may have no way to say.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    # Click asks only whether it writes to a terminal; see no-color.org.
    colour = False if os.environ.get("NO_COLOR") else None
    try:
        code = _celeryls.main(prog_name="celeryls", standalone_mode=False, color=colour)
    except Failure as failure:
        message = visible(" ".join(str(failure).splitlines()))
        mark = click.style("error", fg="red", bold=True)
        click.echo(f"{mark}: {message}", err=True, color=colour)
        code = COULD_NOT_RUN
    except click.ClickException as error:
        error.show()
        code = COULD_NOT_RUN
    except click.Abort:
        click.echo("Aborted; nothing was written.", err=True)
        code = COULD_NOT_RUN
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain again on exit.
        sys.stderr.close()
        code = 0
    except Exception as error:
        logger.debug("failed", exc_info=True)
        click.echo(
            f"{click.style('error', fg='red', bold=True)}: {type(error).__name__}: "
            f"{' '.join(str(error).split())[:300]}; this should not have happened: "
            "please report it with what --verbose prints",
            err=True,
            color=colour,
        )
        code = COULD_NOT_RUN
    sys.exit(code if isinstance(code, int) else 0)
