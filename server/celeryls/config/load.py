"""Finding and reading configuration files."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from celeryls.config.baseline import Baseline, read_baseline
from celeryls.config.settings import Config, Problem, from_mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_BYTES = 256_000
"""No real file is this long."""
MAX_DOTS = 200
"""`tomllib` is quadratic in the length of a dotted key: 40 kB of it take 6 seconds."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration of a folder.

    `path` is the file it came from, `None` for the defaults; `root` the folder that relative
    paths in it refer to.  `broken` says that the file could not be read at all.  `baseline` are
    the findings that are known.
    """

    config: Config
    root: Path
    path: Path | None = None
    problems: tuple[Problem, ...] = ()
    broken: bool = False
    baseline: Baseline = field(default_factory=dict)


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file.  Raises `OSError`, or `ValueError` with a message for a person."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path}: larger than {MAX_BYTES // 1000} kB, not read")
    try:
        text = data.decode("utf-8")
        if _has_endless_key(text):
            raise ValueError(f"{path}: a key of more than {MAX_DOTS} parts, not read")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: not valid TOML: {error}") from error


def _has_endless_key(text: str) -> bool:
    if text.count(".") <= MAX_DOTS:
        return False
    unquoted = (part for line in text.splitlines() for part in re.split(r"""[=,"'\[\]{}]""", line))
    return any(part.count(".") > MAX_DOTS for part in unquoted) or any(
        len(re.findall(r"""["']\s*\.""", line)) > MAX_DOTS for line in text.splitlines()
    )


def find_config_file(folder: Path) -> Path | None:
    """`celeryls.toml`, or a `pyproject.toml`, in `folder` or the nearest one above it.

    A `pyproject.toml` without `[tool.celeryls]` ends the search only at a repository's root.
    """
    for parent in (folder, *folder.parents):
        own = parent / "celeryls.toml"
        if own.is_file():
            return own
        project = parent / "pyproject.toml"
        if project.is_file() and _has_table(project):
            return project
        if (parent / ".git").exists():
            return project if project.is_file() else None
    return None


def load(folder: Path, client: Mapping[str, Any] | None = None) -> Loaded:
    """The configuration in force for `folder`: its file, then what the client sent.

    Never raises: what can't be read is a problem, and the default holds.
    """
    loaded = _load(folder.absolute(), client)
    try:
        baseline = read_baseline(loaded.root / loaded.config.baseline)
    except ValueError as error:
        return replace(loaded, problems=(*loaded.problems, Problem(str(error))))
    return replace(loaded, baseline=baseline)


def _load(folder: Path, client: Mapping[str, Any] | None) -> Loaded:
    path = find_config_file(folder)
    if path is None:
        return merge(Loaded(Config(), folder), client)
    try:
        document = read_toml(path)
    except (OSError, ValueError) as error:
        problem = Problem(f"{error}; mend it, the defaults hold until then")
        return merge(Loaded(Config(), path.parent, path, (problem,), broken=True), client)
    table = document if path.name == "celeryls.toml" else _table(document)
    if not isinstance(table, Mapping):
        problem = Problem(f"{path}: tool.celeryls must be a table; using the defaults")
        return merge(Loaded(Config(), path.parent, path, (problem,)), client)
    config, problems = from_mapping(table, str(path))
    return merge(Loaded(config, path.parent, path, problems), client)


def merge(loaded: Loaded, client: Mapping[str, Any] | None) -> Loaded:
    """`loaded` with the client's settings over it."""
    if not client:
        return loaded
    config, problems = from_mapping(client, "editor settings", loaded.config, file=False)
    return Loaded(config, loaded.root, loaded.path, (*loaded.problems, *problems), loaded.broken)


def _table(document: Mapping[str, Any]) -> Any:
    tool = document.get("tool", {})
    return tool.get("celeryls", {}) if isinstance(tool, Mapping) else {}


def _has_table(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"celeryls" in file.read(MAX_BYTES)
    except OSError:
        return False
