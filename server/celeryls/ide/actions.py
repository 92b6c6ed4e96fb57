"""All code actions of a place, and the edits behind them."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from celeryls.config import find_config_file
from celeryls.engine import Selection, check_file
from celeryls.facts import has_traces
from celeryls.ide import add_extra, convert_function, create_task, set_up
from celeryls.ide.fix_all import fix_all_edits, fixed, line_edits
from celeryls.ide.quick_fixes import ignore_in_project, quick_fixes
from celeryls.ide.vocabulary import FIX_ALL, QUICK_FIX, Action, CannotDo, Edits, wanted
from celeryls.project import Project
from celeryls.text import Edit, Span, minimal_edit

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where actions are asked for, and how.

    `only` are the kinds that the client wants (empty: all).  `invoked` says that a person
    asked, rather than an editor looking for a light bulb.  `asks` says that the client can
    ask questions (forms), `opens` that it can open a page of documentation.
    """

    project: Project
    path: str
    text: str
    span: Span
    selection: Selection
    only: tuple[str, ...] = ()
    invoked: bool = False
    asks: bool = False
    opens: bool = False


def actions(place: Place) -> Iterator[Action]:
    """Every action that applies, or nearly applies, at a place."""
    for feature in (_fix_all, _quick_fixes, _undefined_call, _convert, _create, _add, _set_up):
        try:
            yield from feature(place)
        except Exception:
            # The other features still answer.
            logger.exception("actions of %s failed on %s", feature.__name__, place.path)


def _quick_fixes(place: Place) -> Iterator[Action]:
    if wanted(QUICK_FIX, place.only):
        found = check_file(place.project, place.path, place.text, place.selection) or ()
        yield from quick_fixes(place.path, place.text, place.span, found, opens=place.opens)


def _undefined_call(place: Place) -> Iterator[Action]:
    if wanted(QUICK_FIX, place.only):
        yield from create_task.for_undefined_call(place.project, place.path, place.span)


def _convert(place: Place) -> Iterator[Action]:
    if _may_create(place):
        yield from convert_function.offers(
            place.project, place.path, place.text, place.span, place.only
        )


def _create(place: Place) -> Iterator[Action]:
    if _may_create(place):
        yield from create_task.offers(
            place.project, place.path, place.text, place.span, place.only, asks=place.asks
        )


def _add(place: Place) -> Iterator[Action]:
    if place.invoked or place.only:
        yield from add_extra.offers(
            place.project, place.path, place.span, place.only, asks=place.asks
        )


def _set_up(place: Place) -> Iterator[Action]:
    if _may_create(place):
        yield from set_up.offers(place.project, place.path, place.only, asks=place.asks)


def _may_create(place: Place) -> bool:
    """Whether what creates something may be offered: no light bulb in files without Celery."""
    return place.invoked or bool(place.only) or has_traces(place.text)


def _fix_all(place: Place) -> Iterator[Action]:
    if not (place.only and wanted(FIX_ALL, place.only)):
        return
    # Asked for on every save: nothing to mend must mean no edit at all.
    edits = fix_all_edits(place.project, place.path, place.text, place.selection)
    if edits:
        yield Action("Fix all safe Celery problems", FIX_ALL, edits={place.path: edits})


def resolve(project: Project, data: Mapping[str, Any], selection: Selection) -> Edits:
    """The edits of an action that was offered without them; `selection` are the rules that run.

    Raises `CannotDo` with a reason in plain words.
    """
    match data.get("action"):
        case "convertFunction":
            return convert_function.resolve(project, data)
        case "createTask":
            return create_task.resolve(project, data)
        case "add":
            return add_extra.resolve(project, data)
        case "setUp":
            return set_up.resolve(project, data)
        case "fixRule":
            path = str(data["path"])
            text = project.text(path) or ""
            result = fixed(
                project, {path: text}, selection, unsafe=True, only=str(data.get("rule"))
            )
            return {path: line_edits(text, result.texts.get(path, text))}
        case "ignoreInProject":
            return _ignore_in_project(project, str(data["path"]), str(data["rule"]))
    raise CannotDo("this action is not known to this version of celeryls")


def _ignore_in_project(project: Project, path: str, rule: str) -> Edits:
    config = find_config_file(Path(path).parent)
    if config is None:
        pyproject = project.folder / "pyproject.toml"
        config = pyproject if pyproject.is_file() else project.folder / "celeryls.toml"
    target = str(config)
    try:
        text = config.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return {target: (Edit(Span(0, 0), f'ignore = ["{rule}"]\n'),)}
    except (OSError, UnicodeDecodeError) as error:
        raise CannotDo(f"{config} can't be read: {error}") from error
    try:
        after = ignore_in_project(config, text, rule)
    except ValueError as error:
        raise CannotDo(str(error)) from error
    edit = minimal_edit(Span(0, len(text)), text, after)
    return {target: (edit,)} if edit is not None else {}
