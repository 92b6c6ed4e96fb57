"""What the new app needs to have installed, declared where the project declares such things."""

from dataclasses import dataclass
from pathlib import Path

from celeryls.catalog import NEWEST
from celeryls.forms.errors import AnswerError
from celeryls.forms.scaffold_form import Broker, ScaffoldSpec
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.requirement import Requirement, declare
from celeryls.generate.shell import shell_line
from celeryls.project.dependencies import dependencies
from celeryls.project.detection import Detection, Framework
from celeryls.text import Span, minimal_edit

_EXTRAS = {Broker.REDIS: ("redis",), Broker.SQS: ("sqs",)}
_WEB = {
    Framework.FLASK: (Requirement("flask", ">=3"),),
    Framework.FASTAPI: (Requirement("fastapi", ">=0.100"), Requirement("uvicorn", ">=0.30")),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What became of it: notes, and the line that installs what is new, `None` for nothing."""

    notes: tuple[str, ...] = ()
    install: str | None = None


def declare_needs(
    draft: ProjectDraft, found: Detection, spec: ScaffoldSpec, *, made_web: bool
) -> Declared:
    """Declare Celery, and the web framework if the web part is new.

    Raises `AnswerError` for a file that can't take it.
    """
    needed = _needed(draft, found, spec, made_web=made_web)
    if not needed:
        return Declared()
    lines = [requirement.line for requirement in needed]
    file = found.dependency_file
    by_hand = shell_line(["pip", "install", *lines])
    if file is None:
        where = "requirements.txt, or whichever file lists what the project needs"
        return Declared(
            (f"Nothing says what the project needs: put {_all(lines)} into {where}.",), by_hand
        )
    if not spec.dependency:
        return Declared((f"{_all(lines)} is not declared.",), by_hand)
    before = after = draft.text(file)
    if before is None or after is None:
        raise AnswerError(f"{draft.project.relative(file)} can't be read.", "dependency")
    try:
        for requirement in needed:
            after = declare(file, after, requirement)
    except AnswerError as error:
        raise AnswerError(f"{error.message} Then answer no to dependency.", "dependency") from error
    edit = minimal_edit(Span(0, len(before)), before, after)
    if edit is not None:
        draft.edit(file, (edit,), f"declares {_all(lines)}")
    return Declared(install=_install(Path(file), draft))


def _needed(
    draft: ProjectDraft, found: Detection, spec: ScaffoldSpec, *, made_web: bool
) -> list[Requirement]:
    needed = []
    if found.declared_in is None:
        needed.append(Requirement("celery", _versions(found), _EXTRAS.get(spec.broker, ())))
    if made_web:
        folder = Path(found.dependency_file or draft.project.folder / "x").parent
        wanted = _WEB[spec.framework]
        names = {item.name for item in wanted}
        declared = {item.name for item in dependencies(folder, names)}
        needed += [item for item in wanted if item.name not in declared]
    return needed


def _versions(found: Detection) -> str:
    """From the version that is installed on, else from the newest; the next major may differ."""
    major, minor = found.celery_version or NEWEST
    return f">={major}.{minor},<{major + 1}"


def _all(lines: list[str]) -> str:
    return lines[0] if len(lines) == 1 else f"{', '.join(lines[:-1])} and {lines[-1]}"


def _install(file: Path, draft: ProjectDraft) -> str:
    """The line that installs what a file declares, by the tool whose file it is."""
    folder, name = file.parent, file.name
    if name == "Pipfile":
        return "pipenv install"
    if name == "pyproject.toml":
        if (folder / "uv.lock").exists():
            return "uv sync"
        if (folder / "pdm.lock").exists():
            return "pdm install"
        if (folder / "poetry.lock").exists() or "[tool.poetry" in (draft.text(str(file)) or ""):
            return "poetry lock && poetry install"
    if name in ("pyproject.toml", "setup.cfg"):
        return "pip install -e ."
    shown = draft.project.relative(str(file))
    if file.suffix == ".in":
        compiled = shown.removesuffix(".in") + ".txt"
        install = shell_line(["pip", "install", "-r", compiled])
        return f"{shell_line(['pip-compile', shown])} && {install}"
    return shell_line(["pip", "install", "-r", shown])
