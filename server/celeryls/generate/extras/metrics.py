"""Metrics of tasks for Prometheus: one module for all of them, which workers import."""

import os
import re
from pathlib import Path

from celeryls.facts import Import
from celeryls.forms.errors import AnswerError
from celeryls.generate.apps import app_for
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.quoting import requoted
from celeryls.generate.requirement import Requirement, declare
from celeryls.generate.settings import include
from celeryls.generate.templates import notes, render
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.dependencies import dependencies
from celeryls.project.detection import detect
from celeryls.project.modules import absolute_module
from celeryls.syntax.expr import Const, Seq
from celeryls.text import Span, minimal_edit

PORT = 9808
"""What exporters of Celery's metrics are usually asked at."""

_TEMPLATE = "extras/metrics.py.j2"
_PACKAGE = Requirement("prometheus-client", ">=0.20")
_NAMES = ("metrics", "task_metrics", "celery_metrics")
_SIGNAL = re.compile(r"\btask_(?:prerun|postrun|success|failure)\b")
_IMPORTS_IT = re.compile(r"^\s*(?:import|from)\s+prometheus_client\b", re.M)


def add_metrics(draft: ProjectDraft, task: Task) -> tuple[str, ...]:
    """Have the workers that run a task serve metrics of it; what is worth knowing of that.

    The module is for all tasks of the app, so there is one, however many tasks ask for it.
    Raises `AnswerError` where there is no app whose workers could.
    """
    project = draft.project
    app = task.app if task.app is not None and task.app.path else app_for(project, task.path, None)
    if app is None or app.path is None:
        raise AnswerError(
            "Metrics are served by an app's workers, and it is not clear which app that is."
            if project.apps
            else "Metrics are served by an app's workers, and there is no app: celeryls init "
            "makes one."
        )
    found = _present(project, app)
    path = found or _free_path(draft, app)
    module = project.module_of(path)
    if module is None:
        raise AnswerError(
            f"{project.relative(path)} can't be imported by that name from the project's folder."
        )
    said: tuple[str, ...] = ()
    if found is None:
        conventions = project.conventions(path)
        code = requoted(render(_TEMPLATE, {"port": PORT}, conventions), conventions.quotes)
        draft.create(path, code, "new, with metrics of all tasks")
        said = (
            f"Each worker serves metrics of all its tasks at http://localhost:{PORT}/metrics; "
            "CELERY_METRICS_PORT and CELERY_METRICS_HOST say otherwise.",
            *notes(_TEMPLATE, conventions),
        )
    else:
        said = (f"{project.relative(path)} has metrics of all tasks already.",)
    declared = _declare(draft) if found is None else ()
    return (*said, *_connect(draft, app, path, module), *declared)


def _present(project: Project, app: App) -> str | None:
    """The file that serves metrics of tasks already; the one beside the app before others."""
    found = []
    for path in sorted(project.files):
        text = project.text(path) or ""
        if _IMPORTS_IT.search(text) and _SIGNAL.search(text) and not project.is_test(path):
            found.append(path)
    beside = os.path.dirname(app.path or "")
    return min(found, key=lambda path: os.path.dirname(path) != beside, default=None)


def _free_path(draft: ProjectDraft, app: App) -> str:
    folder = os.path.dirname(app.path or "")
    for name in _NAMES:
        path = os.path.join(folder, f"{name}.py")
        if not draft.exists(path) and not draft.exists(os.path.join(folder, name)):
            return path
    taken = ", ".join(f"{name}.py" for name in _NAMES)
    raise AnswerError(f"{draft.project.relative(folder) or '.'} has {taken}: all are taken.")


def _connect(draft: ProjectDraft, app: App, path: str, module: str) -> tuple[str, ...]:
    """Have workers import the module, before they fork."""
    project = draft.project
    if _is_imported(project, app, path, module):
        return ()
    if include(draft, app, module, f"workers import {module}") is not None:
        return ()
    return (
        f"No worker imports {module}, since celeryls can't tell where to say so: add it to the "
        "app's include or imports.",
    )


def _is_imported(project: Project, app: App, path: str, module: str) -> bool:
    listed = [project.setting(app, key).value for key in ("include", "imports")]
    if app.made_by is not None:
        given = dict(app.made_by.keywords)
        listed += [project.evaluate(app.path or "", given["include"])] if "include" in given else []
    if any(isinstance(value, Seq) and Const(module) in value.items for value in listed):
        return True
    return any(
        other != path and not project.is_test(other) and _imports(project, other, module)
        for other in project.files
    )


def _imports(project: Project, path: str, module: str) -> bool:
    """Whether a file imports a module when it is imported itself."""
    parent, _, last = module.rpartition(".")
    own = project.module_of(path)
    for bindings in project.interface(path).names.values():
        for bound in bindings:
            if isinstance(bound, Import):
                at = absolute_module(own, path, bound.module, bound.level)
                if at == module or (at == parent and bound.name == last):
                    return True
    statement = rf"^\s*import\s(?:.*,)?\s*{re.escape(module)}\s*(?:,|#|$)"
    return re.search(statement, project.text(path) or "", re.M) is not None


def _declare(draft: ProjectDraft) -> tuple[str, ...]:
    """Declare the package that it takes, where the project declares such things."""
    project = draft.project
    file = detect(project).dependency_file
    by_hand = f"pip install {_PACKAGE.name}"
    if file is None:
        return (f"Nothing says what the project needs. Workers need this: {by_hand}",)
    before = draft.text(file) or ""
    folder = Path(file).parent
    # What an earlier step wrote is not on disk yet.
    if _PACKAGE.name in before or any(True for _ in dependencies(folder, {_PACKAGE.name})):
        return ()
    try:
        after = declare(file, before, _PACKAGE)
    except AnswerError as error:
        return (f"Workers need {_PACKAGE.name}. {error.message}",)
    edit = minimal_edit(Span(0, len(before)), before, after)
    if edit is not None:
        draft.edit(file, (edit,), f"declares {_PACKAGE.name}")
    return (f"Install what is declared now, {_PACKAGE.line}, before a worker starts.",)
