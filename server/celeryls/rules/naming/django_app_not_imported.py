"""CEL703."""

import ast
import os
import re
from collections.abc import Iterator

from celeryls.project import Project
from celeryls.project.apps import App
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.edits import add_item
from celeryls.syntax import Parsed, parse
from celeryls.syntax.bindings import bindings
from celeryls.syntax.imports import add_after_imports
from celeryls.text import Applicability, Edit, Fix, Span, newline_of

_NAME = "celery_app"


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

    Unsafe, since it edits another file, and whatever imports the package then imports the app.
    The lines of the example go into the package's `__init__.py`.
    """

    code = "CEL703"
    name = "django-app-not-imported"
    summary = "No module imports the app of a Django project, so shared tasks don't use it."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check(self, file: FileContext) -> Iterator[Finding]:
        project, path = file.project, file.path
        if project.interface(path).django_settings is None or project.is_test(path):
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
        init_path = os.path.join(folder, "__init__.py")
        fixes = tuple(import_in_package(init_path, init, module, apps[0].name))
        yield Finding(self.code, message, place, place, whole, fixes)


def import_in_package(path: str, text: str, module: str, app: str) -> Iterator[Fix]:
    """Import the app in the package, under the name that Celery's documentation has."""
    parsed = parse(text)
    if parsed.broken or any(bound.name == _NAME for bound in bindings(parsed.tree)):
        return
    imported = _NAME if app == _NAME else f"{app} as {_NAME}"
    lines = [f"from .{module} import {imported}"]
    listed = _all_of(parsed)
    edits: tuple[Edit, ...] = ()
    if listed is None:
        lines += ["", f'__all__ = ("{_NAME}",)']
    elif text[listed.start] in "[(":
        edits = add_item(text, listed, f'"{_NAME}"')
    added = add_after_imports(parsed, newline_of(text).join(lines))
    yield Fix.in_file(
        path,
        f"Import the app in {os.path.basename(os.path.dirname(path))}/__init__.py",
        Applicability.UNSAFE,
        added,
        *edits,
    )


def _all_of(parsed: Parsed) -> Span | None:
    """The value of `__all__`."""
    for node in parsed.tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return parsed.span(node.value)
    return None


def _place(text: str, app: App) -> Span | None:
    """Where the name of the app is assigned."""
    found = re.search(rf"^{re.escape(app.name)}(?=\s*(?::[^=\n]+)?=)", text, re.M)
    return Span(*found.span()) if found else None


def _has_shared_tasks(project: Project) -> bool:
    return any(t.kind == "shared_task" and not project.is_test(t.path) for t in project.tasks())


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
