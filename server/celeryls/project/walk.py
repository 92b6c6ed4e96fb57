"""Which files belong to a workspace folder."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER = frozenset(
    {"node_modules", "__pycache__", "site-packages", "__pypackages__", "venv", "env"}
)
_PLAIN = re.compile(r"[\w.+@-]+/?")
"""A line of a `.gitignore` that is a name and nothing else."""


def python_files(
    folder: Path,
    exclude: tuple[str, ...] = (),
    root: Path | None = None,
    *,
    rules_above: bool = True,
) -> Iterator[str]:
    """The Python files below `folder`, as absolute paths, in a stable order.

    Left out: what `.gitignore` files name, virtual environments, hidden folders, links to
    folders (they may be loops, and lead elsewhere), and `exclude` (patterns as in
    `.gitignore`, relative to `root`).  Folders that can't be read are skipped.  Without
    `rules_above`, `.gitignore` files of the folders around `folder` don't count.
    """
    for _, files in python_folders(folder, exclude, root, rules_above=rules_above):
        yield from files


def python_folders(
    folder: Path,
    exclude: tuple[str, ...] = (),
    root: Path | None = None,
    *,
    rules_above: bool = True,
    within: Collection[str] | None = None,
) -> Iterator[tuple[str, list[str]]]:
    """Each folder that `python_files` looks into, with the Python files in it.

    If `within` is given, no folders but these are looked into; `folder` always is.
    """
    base = root or folder
    rules: list[_Rules] = []
    excluded = [_Rules(os.fspath(base), exclude)] if exclude else []
    # The rules of the repository that the folder is in hold too.
    for parent in reversed((folder, *folder.parents)) if rules_above else ():
        if (parent / ".git").exists():
            for above in reversed((folder, *folder.parents)):
                if above.is_relative_to(parent) and above != folder:
                    rules += _ignore_file(os.fspath(above))
            break
    yield from _walk(os.fspath(folder), rules, excluded, within)


def _walk(
    folder: str, rules: list["_Rules"], excluded: list["_Rules"], within: Collection[str] | None
) -> Iterator[tuple[str, list[str]]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    rules = [*rules, *_ignore_file(folder)]
    folders: list[str] = []
    files: list[str] = []
    for entry in entries:
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            # A pipe would keep its reader waiting.
            is_file = not is_folder and entry.name.endswith(".py") and entry.is_file()
        except OSError:
            continue
        if is_folder:
            if (
                entry.name.startswith(".")
                or entry.name in _NEVER
                or os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))
                or _ignored(entry.path, rules, folder=True)
                or _ignored(entry.path, excluded, folder=True)
            ):
                continue
            folders.append(entry.path)
        elif is_file and not (
            _ignored(entry.path, rules, folder=False)
            or _ignored(entry.path, excluded, folder=False)
        ):
            files.append(entry.path)
    yield folder, files
    for inner in folders:
        if within is None or inner in within:
            yield from _walk(inner, rules, excluded, within)


def is_home_or_root(folder: Path) -> bool:
    """Whether scanning `folder` would mean scanning someone's whole machine, or all homes."""
    try:
        folder = folder.resolve()
        home = Path.home().resolve()
    except (OSError, RuntimeError):
        return folder == folder.parent
    return folder == folder.parent or home.is_relative_to(folder)


class _Rules:
    """The patterns of one file; `base` is the folder that they are relative to."""

    def __init__(self, base: str, lines: Sequence[str]) -> None:
        # Costs 20 ms to import; folders without patterns don't need it.
        from pathspec import GitIgnoreSpec

        self._base = base.rstrip(os.sep) + os.sep
        try:
            self._spec = GitIgnoreSpec.from_lines(lines)
        except (ValueError, re.error):
            lines = [line for line in lines if _is_pattern(line)]
            self._spec = GitIgnoreSpec.from_lines(lines)
        # To ask each pattern about each path would cost more than to read the files.  Most
        # patterns are about a name wherever it is, and most names are seen again and again.
        self._plain = {line.rstrip("/") for line in lines if _PLAIN.fullmatch(line)}
        named = [line for line in lines if _is_about_a_name(line) and not _PLAIN.fullmatch(line)]
        by_name = _matchers(GitIgnoreSpec.from_lines(named))
        everything = _matchers(self._spec)
        self._by_path = _matchers(
            GitIgnoreSpec.from_lines(line for line in lines if not _is_about_a_name(line))
        )
        self._name = cache(lambda name: any(match(name) for match in by_name))
        self._above = cache(lambda above: any(match(above) for match in everything))

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """Whether a path below `base` is left out; `None` if no pattern is about it."""
        relative = path.removeprefix(self._base).replace(os.sep, "/") + ("/" if folder else "")
        start = relative.rfind("/", 0, -1) + 1
        name = relative[start:]
        if (
            name.rstrip("/") in self._plain
            or self._name(name)
            or (start and self._above(relative[:start]))
            or any(match(relative) for match in self._by_path)
        ):
            return self._spec.check_file(relative).include
        return None


def _is_pattern(line: str) -> bool:
    """Whether a line means something; git passes over one that doesn't, such as `!`."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _is_about_a_name(line: str) -> bool:
    """Whether a line of a `.gitignore` matches names, in whatever folder they are."""
    return "/" not in line.rstrip().removesuffix("/") and "\\" not in line and "**" not in line


def _matchers(spec: "GitIgnoreSpec") -> list[Callable[[str], object]]:
    found: list[Callable[[str], object]] = []
    for pattern in spec.patterns:
        regex: re.Pattern[str] | None = getattr(pattern, "regex", None)
        if regex is not None and pattern.include is not None:
            found.append(regex.search)
    return found


def _ignored(path: str, rules: list[_Rules], *, folder: bool) -> bool:
    ignored = False
    for item in rules:
        verdict = item.verdict(path, folder=folder)
        if verdict is not None:
            ignored = verdict
    return ignored


def _ignore_file(folder: str) -> list[_Rules]:
    path = os.path.join(folder, ".gitignore")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read(256_000).splitlines()
    except OSError:
        return []
    return [_Rules(folder, lines)]


def is_test_path(path: str) -> bool:
    """Whether a file is a test by its place or name."""
    parts = path.replace("\\", "/").split("/")
    name = parts[-1]
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name in ("conftest.py", "tests.py")
        or any(part in ("tests", "test", "testing") for part in parts[:-1])
    )
