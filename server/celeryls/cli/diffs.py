"""Unified diffs, as `patch` and `git` take them."""

import difflib
import re

import click


def unified_diff(name: str, before: str, after: str) -> str:
    """A unified diff, in colour where the terminal takes it; lines keep their endings."""
    result = []
    for line in difflib.unified_diff(
        _diff_lines(before),
        _diff_lines(after),
        f"a/{name}",
        f"b/{name}",
    ):
        if not line.endswith("\n"):
            line += "\n\\ No newline at end of file\n"
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[0])
        result.append(click.style(line, fg=colour) if colour else line)
    return "".join(result)


def _diff_lines(text: str) -> list[str]:
    """The lines as `patch` and `git` see them: they end at `\\n` and nowhere else."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
