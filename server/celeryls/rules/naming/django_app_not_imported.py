"""CEL703."""

import os
import re
from collections.abc import Iterator

from celeryls.project import Project
from celeryls.project.apps import App
from celeryls.project.walk import is_test_path
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.text import Span


class DjangoAppNotImported(Rule):
    """## What it does

    Finds the Celery app of a Django project, in a module such as `proj/celery.py`, that no other
    file imports.

    ## Why it matters

    A shared task belongs to the app that has been made when it is sent. The worker is started
    with the app, but the web server imports it only if some module does. If none does,
    `.delay()` in a view goes to `amqp://guest@localhost`, whatever the settings say: the
    connection is refused, or the message gets lost.

    Celery's documentation:
    [First steps with Django](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html);
    see [celery/celery#6370](https://github.com/celery/celery/issues/6370)

    ## Example

    ```python
    # proj/celery.py, while proj/__init__.py is empty
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
    app = Celery("proj")


    @shared_task
    def charge(order_id): ...
    ```

    Use instead:

    ```python
    # proj/__init__.py
    from .celery import app as celery_app

    __all__ = ("celery_app",)
    ```

    ## Known limits

    Only where the module of the app sets `DJANGO_SETTINGS_MODULE` and the project has shared
    tasks. Silent as soon as any file has the name of that module, in an import or a text.

    ## Fix safety

    There is no fix, since the lines that are missing belong into another file.
    """

    code = "CEL703"
    name = "django-app-not-imported"
    summary = "No module imports the app of a Django project, so shared tasks don't use it."
    severity = "warning"
    since = "0.1.0"
    fix = "none"

    def check(self, file: FileContext) -> Iterator[Finding]:
        project, path = file.project, file.path
        if project.interface(path).django_settings is None or is_test_path(path):
            return
        apps = [app for app in project.apps if app.path == path and "." not in app.name]
        folder, name = os.path.split(path)
        if len(apps) != 1 or name == "__init__.py" or "AppConfig" in file.text:
            return
        init = project.text(os.path.join(folder, "__init__.py"))
        place = _place(file.text, apps[0])
        if init is None or place is None or not _has_shared_tasks(project):
            return
        package, module = os.path.basename(folder), name.removesuffix(".py")
        if _is_imported(project, path, package, module):
            return
        message = (
            f'no module imports the app "{apps[0].name}", so shared tasks use it in workers only: '
            f"import it in {package}/__init__.py"
        )
        whole = Span(0, len(file.text))
        yield Finding(self.code, message, place, place, whole)


def _place(text: str, app: App) -> Span | None:
    """Where the name of the app is assigned."""
    found = re.search(rf"^{re.escape(app.name)}(?=\s*(?::[^=\n]+)?=)", text, re.M)
    return Span(*found.span()) if found else None


def _has_shared_tasks(project: Project) -> bool:
    return any(t.kind == "shared_task" and not is_test_path(t.path) for t in project.tasks())


def _is_imported(project: Project, path: str, package: str, module: str) -> bool:
    """Whether another file may import the module, or names it."""
    words = [f"{package}.{module}", f"from {package} import {module}", f"from . import {module}"]
    words += [f"from {dots}{module}" for dots in (".", "..", "...")]
    if project.mentioned_anywhere_beside(path, *words):
        return True
    # Among others, as in `from . import settings, celery`.
    listed = re.compile(rf"from\s+\.\s+import\b[^\n(]*(?:\([^)]*)?\b{re.escape(module)}\b")
    folder = os.path.dirname(path)
    beside = {other for other in project.files if os.path.dirname(other) == folder}
    beside.add(os.path.join(folder, "__init__.py"))
    return any(other != path and listed.search(project.text(other) or "") for other in beside)
