"""A dependency declared in the file that a project keeps for that.

Pure functions of a file's name and text.  Comments, order and layout stay what they are.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from celeryls.forms.errors import AnswerError
from celeryls.text import newline_of

if TYPE_CHECKING:
    from tomlkit.items import Array

_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_SECTION = re.compile(r"\s*\[(?P<name>[^]]+)\]\s*(?:[#;].*)?\Z")
_KEY = re.compile(r"(?P<key>install_requires)\s*[=:](?P<value>.*)\Z")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package, the extras that are wanted of it, and the versions that will do."""

    name: str
    versions: str = ""
    extras: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """As pip takes it: `celery[redis]>=5.7,<6`."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}{self.versions}"


def declare(file: str, text: str, requirement: Requirement) -> str:
    """The text of a file with the requirement in it.

    Raises `AnswerError` where the file can't take it.
    """
    name = PurePath(file).name
    if name == "pyproject.toml":
        return _in_toml(name, text, requirement)
    if name == "Pipfile":
        return _in_toml(name, text, requirement)
    if name == "setup.cfg":
        return _in_setup_cfg(text, requirement)
    return _in_requirements(name, text, requirement)


# --- requirements.txt ------------------------------------------------------------------


def _in_requirements(name: str, text: str, requirement: Requirement) -> str:
    """A line more: in its place where the lines are sorted, else below the last one."""
    if "--hash=" in text:
        raise AnswerError(
            f"{name} has hashes, which a tool writes: add {requirement.line} with that."
        )
    newline = newline_of(text)
    lines = text.splitlines(keepends=True)
    places: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        found = _NAME.match(line)
        if found is not None and not line[0].isspace():
            places.append((at, _normal(found["name"])))
    names = [found for _, found in places]
    own = _normal(requirement.name)
    at = places[-1][0] + 1 if places else len(lines)
    if len(names) > 1 and names == sorted(names):
        at = next((place for place, found in places if found > own), at)
        # A comment above a line is about it.
        while at < len(lines) and at and lines[at - 1].startswith("#") and at - 1 > _first(places):
            at -= 1
    while at < len(lines) and at and lines[at - 1].rstrip("\r\n").endswith("\\"):
        at += 1  # the line before goes on
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += newline
    lines.insert(at, requirement.line + newline)
    return "".join(lines)


def _first(places: list[tuple[int, str]]) -> int:
    return places[0][0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- pyproject.toml and Pipfile --------------------------------------------------------


def _in_toml(name: str, text: str, requirement: Requirement) -> str:
    # Costs 50 ms to import, and nothing but this needs it here.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        if name == "Pipfile":
            packages = document.setdefault("packages", tomlkit.table())
            packages[requirement.name] = _value(requirement)
        elif "project" in document and not _is_poetry(document):
            project: Any = document["project"]
            listed = project.setdefault("dependencies", tomlkit.array())
            _append(listed, requirement.line, newline_of(text))
        else:
            tool: Any = document["tool"]
            tool["poetry"]["dependencies"][requirement.name] = _value(requirement)
    except (TOMLKitError, AttributeError, KeyError, TypeError) as error:
        raise AnswerError(
            f"{name} can't be edited ({error}): add {requirement.line} by hand."
        ) from error
    after = tomlkit.dumps(document)
    newline = newline_of(text)
    return after if newline == "\n" else re.sub(r"\r?\n", newline, after)


def _is_poetry(document: Any) -> bool:
    """Whether Poetry's own table holds the dependencies; from 2.0 on it may be PEP 621's."""
    poetry = document.get("tool", {}).get("poetry", {})
    return "dependencies" in poetry and "dependencies" not in document.get("project", {})


def _value(requirement: Requirement) -> Any:
    """The versions as Poetry and Pipenv take them, with extras in a table."""
    import tomlkit

    versions = requirement.versions or "*"
    if not requirement.extras:
        return versions
    table = tomlkit.inline_table()
    table.update({"version": versions, "extras": list(requirement.extras)})
    return table


def _append(listed: "Array", line: str, newline: str) -> None:
    """Append to an array in the layout that it has."""
    source = listed.as_string()
    if "\n" not in source:
        listed.append(line)
        return
    lines = source.splitlines()
    inner = [each for each in lines[1:-1] if each.strip()]
    indent = inner[-1][: len(inner[-1]) - len(inner[-1].lstrip())] if inner else "    "
    listed.add_line(line, indent=indent, newline=True)


# --- setup.cfg -------------------------------------------------------------------------


def _in_setup_cfg(text: str, requirement: Requirement) -> str:
    """A line more under `install_requires`, below the last one."""
    newline = newline_of(text)
    lines = text.splitlines(keepends=True)
    section, at = "", None
    for number, line in enumerate(lines):
        heading = _SECTION.match(line)
        if heading is not None and not line[0].isspace():
            section = heading["name"].strip()
        elif section == "options" and (found := _KEY.match(line.rstrip("\r\n"))):
            at = number
            if found["value"].strip():
                raise AnswerError(
                    f"install_requires in setup.cfg is on one line: add {requirement.line} by hand."
                )
            break
    if at is None:
        raise AnswerError(f"setup.cfg has no install_requires: add {requirement.line} by hand.")
    last, indent = at, "    "
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            break
        if line.strip() and line[0].isspace():
            last, indent = number, line[: len(line) - len(line.lstrip())]
    if not lines[last].endswith(("\n", "\r")):
        lines[last] += newline
    lines.insert(last + 1, f"{indent}{requirement.line}{newline}")
    return "".join(lines)
