"""The templates that a project has of its own: finding them, reading them, rendering them.

What others wrote is read from below one folder only, and rendered in a process of its own with
limits (`sandboxed.py`); docs/adr/0009-trust.md has the reasons.
"""

import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from celeryls.forms.errors import AnswerError
from celeryls.generate import sandboxed
from celeryls.project.conventions import OwnTemplates

SUFFIX = ".j2"
MAX_BYTES = 64_000
"""Of one template."""
MAX_FILES = 200
PATIENCE = 20.0
"""Seconds until the process is ended, whatever it does; on a machine that has little time."""
REMEDY = "mend it, or take the file away to have celeryls' own"
"""What to do about a template that can't be used."""


@dataclass(frozen=True, slots=True)
class OwnSources:
    """The templates of one project by name, as they were read.

    `folder` is how a person finds them: relative to the configuration, with `/`.
    """

    folder: str
    sources: Mapping[str, str]

    def path(self, name: str) -> str:
        """A template as it is shown."""
        return f"{self.folder}/{name}"


def read_own(templates: OwnTemplates) -> OwnSources:
    """The project's templates, whether or not it is trusted.

    Raises `AnswerError` if the folder is none, or leads out of the configuration's, and for a
    file that leads out of it, is too large or not UTF-8.
    """
    folder = own_folder(templates)
    shown = _relative(folder, templates.root.resolve())
    if not folder.is_dir():
        raise AnswerError(
            f"templates: there is no folder {shown} beside the configuration; make it with "
            "`celeryls templates eject`, or take the setting out."
        )
    sources: dict[str, str] = {}
    for path in _files(folder):
        name = _relative(path, folder)
        if len(sources) == MAX_FILES:
            raise AnswerError(f"{shown} has more than {MAX_FILES} templates; that can't be meant.")
        sources[name] = _read(path, folder, f"{shown}/{name}")
    return OwnSources(shown, sources)


def own_folder(templates: OwnTemplates) -> Path:
    """The folder, links followed; it need not exist.  Raises `AnswerError`."""
    root = templates.root.resolve()
    try:
        folder = (root / templates.folder).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise AnswerError(f"templates: {templates.folder!r} is no folder: {error}") from error
    if folder == root or not folder.is_relative_to(root):
        raise AnswerError(
            f"templates: {templates.folder} is not below the configuration's folder; name one "
            "that is, such as celeryls-templates."
        )
    return folder


def own_names(templates: OwnTemplates, names: Collection[str]) -> tuple[str, ...]:
    """Which of `names` the project has a file for.  Opens none; never raises."""
    try:
        folder = own_folder(templates)
    except AnswerError:
        return ()
    return tuple(name for name in names if (folder / name).is_file())


def render_own(
    own: OwnSources,
    ours: Path,
    template: str,
    context: Mapping[str, Any],
    *,
    line_length: int,
    parses: bool,
) -> str:
    """The text of a template, with the project's own in the place of ours.

    `ours` is the folder of ours; with `parses` the text has to be Python.  Raises `AnswerError`
    with the file and the line of what is wrong.
    """
    answer = _ask(
        {
            "path": [path for path in sys.path if path],
            "template": template,
            "sources": {**_all_sources(ours), **own.sources},
            "own": list(own.sources),
            "context": dict(context),
            "line_length": line_length,
            "parses": parses,
        },
        own,
    )
    if "text" in answer:
        return answer["text"]
    name = answer.get("template", "")
    where = own.path(name) if name in own.sources else own.folder
    line = f":{answer['line']}" if name in own.sources and answer.get("line") else ""
    problem = " ".join(answer["problem"].split()).rstrip(".")
    raise AnswerError(f"{where}{line}: {problem}; {REMEDY}.")


def _ask(request: sandboxed.Request, own: OwnSources) -> sandboxed.Answer:
    import subprocess  # takes a while, and few projects need it

    # -I: neither the environment nor the working folder says what is imported; -S: nor a .pth.
    command = [sys.executable, "-I", "-S", sandboxed.__file__]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return {"problem": f"takes longer than {PATIENCE:.0f} s"}
    except OSError as error:
        return {"problem": f"can't be rendered: {sys.executable}: {error.strerror or error}"}
    if done.returncode == 0:
        answer: sandboxed.Answer = json.loads(done.stdout)
        return answer
    limits = f"{sandboxed.MAX_SECONDS} s or {sandboxed.MAX_MEMORY // 1024**2} MB"
    if done.returncode < 0:
        return {"problem": f"takes more than {limits}, and was stopped"}
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return {"problem": f"can't be rendered: {last[:200]}"}


@lru_cache(maxsize=1)
def _all_sources(folder: Path) -> Mapping[str, str]:
    return {_relative(path, folder): path.read_text("utf-8") for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    """The templates below a folder, in order; links to folders are not followed."""
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(at, name) for name in sorted(files) if name.endswith(SUFFIX))


def _read(path: Path, folder: Path, shown: str) -> str:
    try:
        if not path.resolve().is_relative_to(folder):
            raise AnswerError(f"{shown} leads out of the folder; put the file itself there.")
        if not path.is_file():
            raise AnswerError(f"{shown} is no file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:
        raise AnswerError(f"{shown} can't be read: {error}") from error
    if len(data) > MAX_BYTES:
        raise AnswerError(f"{shown} is larger than {MAX_BYTES // 1000} kB; split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerError(f"{shown} is not UTF-8 at byte {error.start}; save it so.") from error


def _relative(path: Path, folder: Path) -> str:
    return PurePosixPath(*path.relative_to(folder).parts).as_posix()
