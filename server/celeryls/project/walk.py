"""Which files belong to a workspace folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER = frozenset(
    {"node_modules", "__pycache__", "site-packages", "__pypackages__", "venv", "env"}
)


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
    base = root or folder
    specs: list[tuple[str, GitIgnoreSpec]] = []
    excluded = [(os.fspath(base), _spec(exclude))] if exclude else []
    # The rules of the repository that the folder is in hold too.
    for parent in reversed((folder, *folder.parents)) if rules_above else ():
        if (parent / ".git").exists():
            for above in reversed((folder, *folder.parents)):
                if above.is_relative_to(parent) and above != folder:
                    specs += _ignore_file(os.fspath(above))
            break
    yield from _walk(os.fspath(folder), specs, excluded)


def _walk(
    folder: str,
    specs: list[tuple[str, "GitIgnoreSpec"]],
    excluded: list[tuple[str, "GitIgnoreSpec"]],
) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    specs = [*specs, *_ignore_file(folder)]
    folders: list[str] = []
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
                or _ignored(entry.path, specs, folder=True)
                or _ignored(entry.path, excluded, folder=True)
            ):
                continue
            folders.append(entry.path)
        elif is_file and not (
            _ignored(entry.path, specs, folder=False)
            or _ignored(entry.path, excluded, folder=False)
        ):
            yield entry.path
    for inner in folders:
        yield from _walk(inner, specs, excluded)


def is_home_or_root(folder: Path) -> bool:
    """Whether scanning `folder` would mean scanning someone's whole machine, or all homes."""
    try:
        folder = folder.resolve()
        home = Path.home().resolve()
    except (OSError, RuntimeError):
        return folder == folder.parent
    return folder == folder.parent or home.is_relative_to(folder)


def _ignored(path: str, specs: list[tuple[str, "GitIgnoreSpec"]], *, folder: bool) -> bool:
    ignored = False
    for base, spec in specs:
        relative = os.path.relpath(path, base).replace(os.sep, "/")
        verdict = spec.check_file(relative + "/" if folder else relative).include
        if verdict is not None:
            ignored = verdict
    return ignored


def _ignore_file(folder: str) -> list[tuple[str, "GitIgnoreSpec"]]:
    path = os.path.join(folder, ".gitignore")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read(256_000).splitlines()
    except OSError:
        return []
    return [(folder, _spec(tuple(lines)))]


def _spec(patterns: tuple[str, ...]) -> "GitIgnoreSpec":
    # Costs 20 ms to import; folders without patterns don't need it.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
