"""Where the tests of a module are, or would be."""

import os
from collections import Counter
from dataclasses import dataclass

from celeryls.generate.drafts import ProjectDraft
from celeryls.project import Project

_FOLDERS = ("tests", "test")


@dataclass(frozen=True, slots=True)
class TestPlace:
    """The file that a test goes to, which need not exist.

    `package` is an `__init__.py` to be made: with it pytest puts the folder above on Python's
    path, where the project's modules are (pytest's "prepend" import mode).  `needs_path` is the
    folder, relative to the project's, that pytest has to be told of otherwise.
    """

    path: str
    package: str | None = None
    needs_path: str | None = None


def test_place(draft: ProjectDraft, path: str, module: str) -> TestPlace:
    """Where tests of the module in the file `path` belong."""
    project = draft.project
    stem = module.rpartition(".")[2]
    name = f"test_{stem}.py"
    source_root = _source_root(path, module)
    inside = os.path.relpath(os.path.dirname(path), source_root)
    folder = _folder(project, os.path.dirname(path), inside)
    if folder is not None:
        return TestPlace(os.path.join(folder, name))
    top = source_root if os.path.basename(source_root) != "src" else os.path.dirname(source_root)
    folder = os.path.join(top, _FOLDERS[0])
    init = os.path.join(folder, "__init__.py")
    needs_path = os.path.relpath(source_root, top) if source_root != top else None
    is_new = not draft.exists(folder)
    return TestPlace(os.path.join(folder, name), init if is_new else None, needs_path)


def _source_root(path: str, module: str) -> str:
    root = os.path.dirname(path)
    levels = module.count(".") + (os.path.basename(path) == "__init__.py")
    for _ in range(levels):
        root = os.path.dirname(root)
    return root


def _folder(project: Project, beside: str, inside: str) -> str | None:
    """The folder of tests that there is: that of the package, else the one with most of them."""
    counts: Counter[str] = Counter()
    for path in (*project.files, *project.untraced):
        folder, name = os.path.split(path)
        if name.startswith("test_") and name.endswith(".py"):
            counts[folder] += 1
    for own in (*(os.path.join(beside, name) for name in _FOLDERS), beside):
        if own in counts:
            return own
    tops = Counter[str]()
    for folder, count in counts.items():
        parts = os.path.relpath(folder, project.folder).split(os.sep)
        at = next((at for at, part in enumerate(parts) if part in _FOLDERS), len(parts) - 1)
        tops[os.path.join(project.folder, *parts[: at + 1])] += count
    if not tops:
        return None
    # Tests of one Django app are no place for another's.
    general = {top: count for top, count in tops.items() if _holds(os.path.dirname(top), beside)}
    if not general:
        return None
    top = max(sorted(general), key=lambda each: general[each])
    mirrored = os.path.normpath(os.path.join(top, inside))
    return mirrored if mirrored in counts else top


def _holds(folder: str, inner: str) -> bool:
    """Whether a folder is around another; `src` stands beside its tests."""
    return os.path.commonpath([folder, inner]) == folder
