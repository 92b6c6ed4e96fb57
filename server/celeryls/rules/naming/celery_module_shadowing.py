"""CEL707."""

import os
import re
from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.versions.imports import is_in_a_string
from celeryls.text import Span

_IMPORT = re.compile(r"^(?:from|import)[ \t]+(?P<module>celery(?:\.\w+)*)\b", re.M)


class CeleryModuleShadowing(Rule):
    """## What it does

    Finds a module `celery.py` that is in no package and imports Celery.

    ## Why it matters

    A script in the same folder that imports Celery gets this module, and so does the module
    itself: `ImportError: cannot import name 'Celery' from partially initialized module`.

    Celery's documentation:
    [First steps with Celery](https://docs.celeryq.dev/en/stable/getting-started/first-steps-with-celery.html)

    ## Example

    ```python
    # celery.py
    from celery import Celery

    app = Celery("shop")
    ```

    Use instead:

    ```python
    # celery_app.py
    from celery import Celery

    app = Celery("shop")
    ```

    ## Known limits

    A `celery.py` in a package is fine, as its name is `shop.celery`. A folder without an
    `__init__.py` counts as a package where its files import one another as parts of one.

    ## Fix safety

    There is no fix: the file has to be renamed.
    """

    code = "CEL707"
    name = "celery-module-shadowing"
    summary = "A module of one's own called celery hides Celery."
    severity = "error"
    since = "0.1.0"
    fix = "none"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if (
            os.path.basename(file.path) != "celery.py"
            or file.project.module_of(file.path) != "celery"
        ):
            return
        found = _IMPORT.search(file.text)
        if found is None or is_in_a_string(file.text, found.start()) or _is_in_a_package(file):
            return
        span = Span(*found.span("module"))
        message = "this module is called celery itself, so that it is what it imports: rename it"
        yield Finding(self.code, message, span, Span(*found.span()), span)


def _is_in_a_package(file: FileContext) -> bool:
    """Whether the folder is used as a package, though it has no `__init__.py`."""
    folder = os.path.dirname(file.path)
    part = re.compile(
        rf"^[ \t]*from[ \t]+\.|\b{re.escape(os.path.basename(folder))}\.celery\b", re.M
    )
    return any(
        part.search(file.project.text(path) or "")
        for path in file.project.files
        if os.path.dirname(path) == folder
    )
