"""How the tools of a project want its code laid out: ruff, Black, flake8, pycodestyle.

Reads their configuration files and runs none of them.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from celeryls.config.load import read_toml

DEFAULT_LENGTH = 88
"""What ruff and Black take where nobody says."""
_PYCODESTYLE_LENGTH = 79
_SHORTEST, _LONGEST = 40, 320
_MAX_CHARACTERS = 256_000
_DEEPEST = 5
_QUOTES = {"double": '"', "single": "'", '"': '"', "'": "'"}
_STRICT = ("strict", "disallow_untyped_defs", "disallow_incomplete_defs")
_ANNOTATED = frozenset({"ALL", "ANN", "ANN0", "ANN001"})
_LAZY = "from __future__ import annotations"


@dataclass(frozen=True, slots=True)
class Formatting:
    """What tools say.

    `line_length` is in columns.  `quotes` is the character that strings are quoted with, `None`
    where no tool minds.  `lazy_annotations` says that each file has to begin with the import
    of that; `absolute_imports` that no import may be relative; `strict_types` that a parameter
    without a type is an error, at least beside others with one.
    """

    line_length: int = DEFAULT_LENGTH
    quotes: str | None = None
    lazy_annotations: bool = False
    absolute_imports: bool = False
    strict_types: bool = False


def formatting_of(path: str, tops: tuple[Path, ...]) -> Formatting:
    """What holds for the file `path`, which need not exist.

    The nearest configuration of each tool counts, up to the outermost of `tops` that the file is
    in.  Never raises; what can't be read says nothing.
    """
    folders = [*_folders(path, tops)]
    ruff = next(filter(None, map(_ruff, folders)), None)
    black = _nearest(folders, "black")
    flake8 = next(filter(None, (_section(folder, "flake8") for folder in folders)), None)
    pycodestyle = next(filter(None, (_section(folder, "pycodestyle") for folder in folders)), None)
    return Formatting(
        _length(ruff, black, flake8, pycodestyle),
        _quotes(ruff, black, flake8),
        _LAZY in map(str, _list(_lint(ruff, "isort").get("required-imports"))),
        _lint(ruff, "flake8-tidy-imports").get("ban-relative-imports") == "all",
        any(map(_checks_types, folders)) or _selects_annotations(ruff),
    )


def _folders(path: str, tops: tuple[Path, ...]) -> Iterator[Path]:
    """The folders that a file is in, the innermost first."""
    parents = [*Path(path).parents]
    last = max((at for at, parent in enumerate(parents) if parent in tops), default=0)
    yield from parents[: last + 1]


# --- what the settings come to ---------------------------------------------------------

_Settings = Mapping[str, Any]


def _length(
    ruff: _Settings | None,
    black: _Settings | None,
    flake8: _Settings | None,
    pycodestyle: _Settings | None,
) -> int:
    for formatter in (ruff, black):
        length = _number((formatter or {}).get("line-length"))
        if length is not None:
            # Lines that the formatter leaves may still be too long for the linter.
            return min(length, _number(_lint(ruff, "pycodestyle").get("max-line-length")) or length)
    if ruff is not None or black is not None:
        return DEFAULT_LENGTH
    for linter in (flake8, pycodestyle):
        if linter is not None:
            return _number(linter.get("max-line-length")) or _PYCODESTYLE_LENGTH
    return DEFAULT_LENGTH


def _quotes(
    ruff: _Settings | None, black: _Settings | None, flake8: _Settings | None
) -> str | None:
    formatting = _table((ruff or {}).get("format"))
    if "quote-style" in formatting:
        return _QUOTES.get(str(formatting["quote-style"]))
    inline = _lint(ruff, "flake8-quotes").get("inline-quotes")
    if inline is not None:
        return _QUOTES.get(str(inline))
    if black is not None:
        return None if black.get("skip-string-normalization") else '"'
    if formatting:
        return '"'
    return _QUOTES.get(str((flake8 or {}).get("inline-quotes")))


def _checks_types(folder: Path) -> bool:
    """Whether mypy is told there to mind functions without types, or with some missing."""
    tools = _table((_toml(folder / "pyproject.toml") or {}).get("tool"))
    inis = (_ini(folder / name).get("mypy", {}) for name in ("mypy.ini", ".mypy.ini", "setup.cfg"))
    return any(
        str(settings.get(option) or settings.get(option.replace("_", "-"))).lower() == "true"
        for settings in (_table(tools.get("mypy")), *inis)
        for option in _STRICT
    )


def _selects_annotations(ruff: _Settings | None) -> bool:
    found = _table((ruff or {}).get("lint")) or ruff or {}
    selected = {*map(str, _list(found.get("select")))}
    selected |= {*map(str, _list(found.get("extend-select")))}
    ignored = {*map(str, _list(found.get("ignore")))}
    return bool(selected & _ANNOTATED) and not ignored & {"ANN", "ANN0", "ANN001"}


def _lint(ruff: _Settings | None, name: str) -> _Settings:
    """The settings of one of ruff's linters, which once stood at the top."""
    return _table(_table((ruff or {}).get("lint")).get(name)) or _table((ruff or {}).get(name))


def _number(value: Any) -> int | None:
    """A length that ruff takes too; from an ini file it is a text."""
    with contextlib.suppress(ValueError):
        number = int(value) if isinstance(value, str | int) else 0
        if _SHORTEST <= number <= _LONGEST:
            return number
    return None


# --- reading files ---------------------------------------------------------------------


def _ruff(folder: Path, depth: int = 0) -> _Settings | None:
    """Ruff's settings in a folder, with those that they extend."""
    for name in (".ruff.toml", "ruff.toml", "pyproject.toml"):
        document = _toml(folder / name)
        found = document
        if document is not None and name == "pyproject.toml":
            tool = _table(document.get("tool"))
            found = _table(tool.get("ruff")) if "ruff" in tool else None
        if found is not None:
            return _extended(folder, found, depth)
    return None


def _extended(folder: Path, settings: _Settings, depth: int) -> _Settings:
    name = settings.get("extend")
    if not isinstance(name, str) or depth >= _DEEPEST:
        return settings
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        path = folder / Path(name).expanduser()
        document = _toml(path) or {}
        if path.name == "pyproject.toml":
            document = _table(_table(document.get("tool")).get("ruff"))
        return {**_extended(path.parent, document, depth + 1), **settings}
    return settings


def _nearest(folders: list[Path], tool: str) -> _Settings | None:
    for folder in folders:
        tools = _table((_toml(folder / "pyproject.toml") or {}).get("tool"))
        if tool in tools:
            return _table(tools[tool])
    return None


def _section(folder: Path, name: str) -> _Settings | None:
    for file in (f".{name}", "setup.cfg", "tox.ini"):
        found = _ini(folder / file).get(name)
        if found is not None:
            return found
    return None


def _toml(path: Path) -> _Settings | None:
    stamp = _stamp(path)
    return None if stamp is None else _read_toml(path, stamp)


@lru_cache(maxsize=64)
def _read_toml(path: Path, _stamp: tuple[int, int]) -> _Settings:
    with contextlib.suppress(OSError, ValueError):
        return read_toml(path)
    return {}


def _ini(path: Path) -> Mapping[str, _Settings]:
    stamp = _stamp(path)
    return {} if stamp is None else _read_ini(path, stamp)


@lru_cache(maxsize=64)
def _read_ini(path: Path, _stamp: tuple[int, int]) -> Mapping[str, _Settings]:
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(strict=False)
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            parser.read_string(file.read(_MAX_CHARACTERS))
    except (Error, OSError, ValueError):
        return {}
    return {
        # Both spellings are read.
        section: {key.replace("_", "-"): value for key, value in parser.items(section)}
        for section in parser.sections()
    }


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _table(value: Any) -> _Settings:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
