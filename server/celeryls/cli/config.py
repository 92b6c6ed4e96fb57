"""`celeryls config`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import warn
from celeryls.config import declared, load
from celeryls.config.schema import json_schema
from celeryls.project.environment import find_environment


@click.command()
@click.option("--schema", is_flag=True, help="Print the JSON schema of the settings.")
def command(*, schema: bool) -> None:
    """Show the settings in force here, where they come from, and what surrounds the project."""
    if schema:
        click.echo(json.dumps(json_schema(), indent=2))
        return
    loaded = load(Path.cwd())
    if loaded.broken:
        raise Failure("; ".join(problem.message for problem in loaded.problems))
    for problem in loaded.problems:
        warn(problem.message)
    click.echo(f"# from {loaded.path or 'defaults (no configuration file found)'}")
    for setting in declared():
        value = getattr(loaded.config, setting.attribute)
        mark = "" if value != setting.default else click.style("  # default", dim=True)
        if value is None:  # TOML has no word for nothing
            click.echo(f"# {setting.name} is not set")
            continue
        click.echo(f"{setting.name} = {_toml(value)}{mark}")
    environment = find_environment(loaded.root, loaded.config)
    version = environment.celery_version
    click.echo(f"# Celery {'.'.join(map(str, version)) if version else 'newest (none declared)'}")
    for folder in environment.site_packages:
        click.echo(f"# installed packages: {folder}")


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items()) + " }"
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return json.dumps(".".join(map(str, value)))
    return json.dumps(value)
