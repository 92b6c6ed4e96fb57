"""The plan of an app where there is none: every file of it, and what comes after."""

import os
from pathlib import Path

from celeryls.forms.errors import AnswerError
from celeryls.forms.scaffold_form import Broker, ScaffoldSpec
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.next_steps import Addition, NextStep
from celeryls.generate.plan import Plan
from celeryls.generate.scaffold.declaring import Declared, declare_needs
from celeryls.generate.scaffold.django import write_django
from celeryls.generate.scaffold.module import write_app
from celeryls.generate.scaffold.places import LOCAL_FOLDER, app_path
from celeryls.generate.scaffold.web import WebApp, ensure_web_app, start_command
from celeryls.generate.shell import shell_line
from celeryls.project import Project
from celeryls.project.detection import Detection, Framework, detect
from celeryls.text import Edit, Span, newline_of

_URLS = {
    Broker.REDIS: "redis://localhost:6379/0",
    Broker.RABBITMQ: "amqp://guest@localhost//",
    Broker.SQS: "sqs://",
}
_IGNORED = (f"{LOCAL_FOLDER}/", "celerybeat-schedule*")
"""What a worker and a beat on this machine leave in the project's folder."""


def usual_answers(
    project: Project, framework: Framework | None = None
) -> tuple[Framework, str, str | None]:
    """What to propose: the framework, the app's file, the file to declare Celery in.

    The framework is the one detected unless one is given.  Files are relative to the project's
    folder; the last is `None` where there is nothing to ask.
    """
    found = detect(project)
    framework = framework or found.framework
    path = app_path(project, found, framework)
    file = None if found.declared_in is not None else found.dependency_file
    return framework, project.relative(str(path)), file and project.relative(file)


def plan_scaffold(project: Project, spec: ScaffoldSpec) -> Plan:
    """Plan an app for a project that has none.

    Raises `AnswerError`, with the field where one is to blame, for what can't be done.
    """
    found = detect(project)
    draft = ProjectDraft(project)
    if found.apps:
        return _declare_only(draft, found, spec)
    path = _path(project, found, spec)
    module = project.module_of(str(path))
    if module is None:
        raise AnswerError(
            f"{project.relative(str(path))} can't be imported from the project's folder.", "file"
        )
    notes: list[str] = []
    web: WebApp | None = None
    made_web = False
    if spec.framework is Framework.DJANGO:
        if found.django_settings is None:
            raise AnswerError(
                "There are no settings of Django here, or it is not clear which are in use. Make a "
                "project with django-admin startproject, or have manage.py name its settings.",
                "framework",
            )
        notes += write_django(draft, path, found.django_settings, spec)
    else:
        if spec.framework is not Framework.PLAIN:
            web, made_web = ensure_web_app(draft, spec, path.parent)
        write_app(draft, path, module, spec, web if spec.framework is Framework.FLASK else None)
        if any(task.kind == "shared_task" for task in project.tasks()):
            notes.append(
                f"Tasks under @shared_task find the app where {module} has been imported: whatever "
                "sends them has to import it too."
            )
    _ignore(draft)
    needs = declare_needs(draft, found, spec, made_web=made_web)
    notes += needs.notes
    return Plan(
        changes=draft.changes(),
        code=draft.text(str(path)) or "",
        notes=tuple(notes),
        next_steps=tuple(_next_steps(str(project.folder), module, spec, web, needs)),
    )


def _declare_only(draft: ProjectDraft, found: Detection, spec: ScaffoldSpec) -> Plan:
    """What is left to do where there is an app: Celery may be declared nowhere."""
    app = found.apps[0]
    already = (
        f"The project has an app already: {app.name} in {draft.project.relative(app.path or '')}."
    )
    if found.declared_in is not None or found.dependency_file is None or not spec.dependency:
        raise AnswerError(f"{already} celeryls new adds a task to it.")
    try:
        needs = declare_needs(draft, found, spec, made_web=False)
    except AnswerError as error:
        # A file that can't take it is no news to who has Celery running.
        raise AnswerError(f"{already} celeryls new adds a task to it.") from error
    install = [NextStep("Install it.", needs.install)] if needs.install else []
    return Plan(draft.changes(), "", notes=(already, *needs.notes), next_steps=tuple(install))


def _path(project: Project, found: Detection, spec: ScaffoldSpec) -> Path:
    """The file that the app goes to, which has to lie in the project, links followed."""
    if spec.file is None:
        return app_path(project, found, spec.framework)
    path = Path(os.path.normpath(project.folder / spec.file))
    if not path.resolve().is_relative_to(project.folder.resolve()):
        raise AnswerError(f"{spec.file} lies outside of the project.", "file")
    return path


def _ignore(draft: ProjectDraft) -> None:
    """Have git leave out what a worker and a beat on this machine write."""
    path = str(draft.project.folder / ".gitignore")
    text = draft.text(path)
    present = {line.strip().strip("/*") for line in (text or "").splitlines()}
    missing = [line for line in _IGNORED if line.strip("/*") not in present]
    summary = f"leaves out {' and '.join(missing)}"
    newline = newline_of(text or "")
    added = "".join(line + newline for line in missing)
    if text is None and not draft.exists(path):
        draft.create(path, added, f"new, {summary}")
    elif text is not None and missing:
        before = "" if not text or text.endswith(("\n", "\r")) else newline
        draft.edit(path, (Edit(Span(len(text), len(text)), before + added),), summary)


def _next_steps(
    folder: str, module: str, spec: ScaffoldSpec, web: WebApp | None, needs: Declared
) -> list[NextStep]:
    """What is left to do, in the order in which one does it."""
    steps = []
    if needs.install is not None:
        steps.append(NextStep("Install what it needs.", needs.install))
    steps.append(NextStep("Write the first task.", "celeryls new", Addition("task", folder)))
    app = module.rpartition(".")[0] if spec.framework is Framework.DJANGO else module
    steps.append(
        NextStep("Start a worker.", shell_line(["celery", "-A", app, "worker", "-l", "info"]))
    )
    if web is not None:
        steps.append(NextStep("Start the web part.", start_command(spec.framework, web)))
    elif spec.framework is Framework.DJANGO:
        steps.append(NextStep("Start the web part.", "python manage.py runserver"))
    url = _URLS.get(spec.broker)
    if url is not None:
        steps.append(
            NextStep(
                "In production, name the broker in the environment of all who send and work.",
                f"export CELERY_BROKER_URL={url}",
            )
        )
    return steps
