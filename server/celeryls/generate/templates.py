"""Rendering the Jinja2 templates: ours in this process, a project's own in another.

`jinja2` is imported when the first template is rendered, not before.
"""

import dataclasses
import json
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celeryls.forms.errors import AnswerError
from celeryls.generate.own_templates import REMEDY, own_names, read_own, render_own
from celeryls.generate.sandboxed import OPTIONS
from celeryls.project.conventions import Conventions
from celeryls.text.layout import Page, quoted

if TYPE_CHECKING:
    from jinja2 import Environment

logger = logging.getLogger(__name__)
_PACKAGE = Path(__file__).resolve().parent.parent


def template_folder() -> Path:
    """Where the templates are: in the package when installed, beside `server/` in a checkout.

    Raises `FileNotFoundError` for an installation that lacks them.
    """
    for folder in (_PACKAGE / "templates", _PACKAGE.parent.parent / "templates"):
        if (folder / "task" / "task.py.j2").is_file():
            return folder
    raise FileNotFoundError(
        f"celeryls was installed without its templates: they are not in {_PACKAGE}"
    )


def render(template: str, context: Mapping[str, Any], conventions: Conventions) -> str:
    """The text of a template, its lines ending in `\\n`, within the project's line length.

    `context` has plain values: texts, numbers, lists, dicts, dataclasses.  If the project has
    templates of its own that take part and is trusted, they are used; `AnswerError` says what is
    wrong with them.
    """
    values: dict[str, Any] = json.loads(json.dumps(context, default=dataclasses.asdict))
    length = conventions.line_length
    if conventions.templates is not None and conventions.templates.trusted:
        own = read_own(conventions.templates)
        if _parts(template).intersection(own.sources):
            parses = template.endswith(".py.j2") and not _is_part(template)
            return render_own(
                own, template_folder(), template, values, line_length=length, parses=parses
            )
    made = environment(template_folder()).get_template(template)
    return made.render({**values, **Page(length).helpers()})


def not_written(name: str, template: str, conventions: Conventions) -> AnswerError:
    """What to say if the task `name` is not there although `template` was written.

    To blame are templates of the project, where some took part.
    """
    own = conventions.templates
    found = own_names(own, sorted(_parts(template))) if own is not None and own.trusted else ()
    if own is None or not found:
        return AnswerError("The task can't be written into this file as it is.")
    files = ", ".join(f"{own.folder}/{other}" for other in found)
    return AnswerError(f"{files}: what is written is not one task called {name}; {REMEDY}.")


def notes(template: str, conventions: Conventions) -> tuple[str, ...]:
    """A note if the project has templates for this that were not used, since it isn't trusted."""
    own = conventions.templates
    if own is None or own.trusted or not own_names(own, _parts(template)):
        return ()
    note = (
        f"The project's own templates ({own.folder}) were not used: this editor does not say "
        "that the workspace is trusted, by the initialization option trusted."
    )
    logger.info(note)
    return (note,)


def _parts(template: str) -> frozenset[str]:
    from celeryls.generate.catalogue import our_templates

    return our_templates().closure(template)


def _is_part(template: str) -> bool:
    from celeryls.generate.catalogue import our_templates

    return our_templates().template(template).part


@cache
def environment(folder: Path) -> "Environment":
    """The environment that templates of our own are rendered in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, **OPTIONS)
    made.filters["quote"] = quoted
    return made
