"""The file of findings that a project has decided to live with for now.

It is JSON: for each file, relative to the configuration, a line for each finding.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

DEFAULT_NAME = "celeryls-baseline.json"
Baseline: TypeAlias = Mapping[str, Sequence[str]]
"""Entries (see `celeryls.engine.baseline`) by file, with `/`."""


def read_baseline(path: Path) -> Baseline:
    """A baseline from its file; empty if there is none.

    Raises `ValueError` with a message for a person.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path} can't be read: {error}") from error
    if not isinstance(data, dict) or not all(
        isinstance(entries, list) and all(isinstance(entry, str) for entry in entries)
        for entries in data.values()
    ):
        raise ValueError(f"{path} is no baseline, as check --write-baseline writes it")
    return data


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline, sorted.  Raises `OSError`."""
    ordered = {name: sorted(baseline[name]) for name in sorted(baseline) if baseline[name]}
    path.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n", "utf-8")
