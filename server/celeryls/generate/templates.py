"""Finding and rendering the Jinja2 templates.

`jinja2` is imported when the first template is rendered, not before.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celeryls.text.layout import Page, quoted

if TYPE_CHECKING:
    from jinja2 import Environment

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


def render(template: str, context: Mapping[str, Any], *, line_length: int) -> str:
    """The text of a template, its lines ending in `\\n`.

    Beside `context` a template has `layout`, `comment`, `prose` and `fits`, which know the
    line length, and the filter `quote`.
    """
    helpers = Page(line_length).helpers()
    return environment(template_folder()).get_template(template).render({**context, **helpers})


@cache
def environment(folder: Path) -> "Environment":
    """The environment that templates of our own are rendered in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["quote"] = quoted
    return made
