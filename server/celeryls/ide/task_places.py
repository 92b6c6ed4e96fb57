"""Where a new task may go: files inside of the project, names that nothing else has there.

Raises `AnswerError` for what can't be; looks at the disk, and follows links.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from celeryls.forms import AnswerError
from celeryls.forms.words import check_identifier, shown
from celeryls.project import Project
from celeryls.project.symbols import Module


def located(project: Project, folder: Path, answer: str) -> str:
    """The absolute path of a file that an answer names, seen from `folder`."""
    if answer.startswith("file:"):
        answer = url2pathname(urlsplit(answer).path)
    elif "\\" in answer and os.sep == "/":
        raise AnswerError(f"{shown(answer)} has a \\ in it; write / between folders.")
    root = Path(os.path.realpath(project.folder))
    try:
        real = Path(os.path.realpath(folder / answer))
        taken = next((part for part in real.parents if part.is_file()), None)
        is_folder = real.is_dir()
    except (OSError, ValueError):
        raise AnswerError(f"{shown(answer)} can't be looked at; take another file.") from None
    if not real.is_relative_to(root):
        raise AnswerError(f"{shown(answer)} lies outside of the project; take a file inside of it.")
    if taken is not None or is_folder:
        what = f"{taken.name} is a file" if taken is not None else f"{real.name} is a folder"
        raise AnswerError(f"{shown(answer)} can't be written: {what}; take another file.")
    inside = real.relative_to(root)
    _check_folders(root, inside)
    return str(project.folder / inside)


def _check_folders(root: Path, inside: Path) -> None:
    """Refuse new folders that would be no packages."""
    for folder in inside.parents:
        if folder.name and not (root / folder).exists():
            try:
                check_identifier(folder.name, "folder's name")
            except AnswerError as error:
                raise AnswerError(f"The file could not be imported: {error.message}") from None


def check_free(project: Project, path: str, name: str) -> None:
    """Refuse the name of a task that would hide something, or be hidden."""
    full = project.conventions(path).explicit_name(name) or f"{project.module_of(path)}.{name}"
    for task in project.tasks_named(full):
        raise AnswerError(
            f"{full} is the name of a task in {project.relative(task.path)} already; "
            "take another name."
        )
    text = project.text(path)
    if text is not None and path not in project.files:
        project = project.with_text(path, text)  # which has no trace of Celery yet
    if text is not None and project.resolve(path, name):
        raise AnswerError(f"{name} is taken in this file; take another name.")
    folder, file = os.path.split(path)
    if file == "__init__.py" and (
        os.path.exists(os.path.join(folder, f"{name}.py"))
        or os.path.isdir(os.path.join(folder, name))
    ):
        raise AnswerError(f"{name} is a module beside this file; take another name.")
    for other in _takers(project, path):
        if name in project.interface(other).names:
            raise AnswerError(
                f"{project.relative(other)} takes all names of this file, and has a {name}; "
                "take another name."
            )


def _takers(project: Project, path: str) -> Iterator[str]:
    """The files with `from this import *`."""
    for other, facts in project.files.items():
        for star in facts.interface.star_imports:
            symbols = project.module_symbols(other, star)
            if any(isinstance(symbol, Module) and symbol.path == path for symbol in symbols):
                yield other
