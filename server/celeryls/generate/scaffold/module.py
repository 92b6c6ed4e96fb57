"""The module of an app, and what its templates need to know."""

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

from celeryls.forms.scaffold_form import ScaffoldSpec
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.scaffold.places import LOCAL_FOLDER, folder_source, project_name
from celeryls.generate.scaffold.rendering import rendered
from celeryls.generate.scaffold.web import WebApp
from celeryls.text.layout import quoted

SOFT_TIME_LIMIT = 300
TIME_LIMIT = 360
VISIBILITY_TIMEOUT = 3600
"""Seconds: what Redis has by default (kombu/transport/redis.py), and far above the time limit."""

GENERIC_SINCE = (5, 7)
"""Celery's version from which `Task` takes parameters at run time."""

CONSTANTS = {
    "broker_url": "BROKER_URL",
    "results": "RESULTS",
    "options": "TRANSPORT_OPTIONS",
    "folder": "FOLDER",
    "part": "part",
}


def write_app(
    draft: ProjectDraft, path: Path, module: str, spec: ScaffoldSpec, web: WebApp | None
) -> None:
    """Write the module of an app that has its settings in it; `web` is a Flask app."""
    project = draft.project
    name = project_name(project, module)
    version = project.celery_version
    arguments = [quoted(name), f"include=[{', '.join(map(quoted, _task_modules(draft)))}]"]
    if web is not None:
        arguments.insert(1, "task_cls=FlaskTask")
    values = {
        **setting_values(spec),
        "celery_arguments": arguments,
        "flask": web is not None,
        "folder": folder_source(project, path),
        "generic": version is not None and version >= GENERIC_SINCE,
        "indent": 4,
        "local": {"os": "os"},
        "module": module,
        "name": CONSTANTS,
        "prefix": "",
        "skipped": (),
        "timezone": '"UTC"',
        "typed": True,
        "web": asdict(web or WebApp("", "", factory=False)),
    }
    text = rendered(project, str(path), "app", values)
    draft.create(str(path), text, "new, with the app and its settings")


def setting_values(spec: ScaffoldSpec, queue: str = "Queue") -> dict[str, Any]:
    """What `settings.py.j2` and `broker.py.j2` need of the answers; `queue` is kombu's class."""
    names = [quoted(name) for name in spec.queues]
    return {
        "queue_items": [f"{queue}({name}, routing_key={name})" for name in names],
        "folder_name": f"{LOCAL_FOLDER}/",
        "queues": spec.queues,
        "soft_time_limit": SOFT_TIME_LIMIT,
        "time_limit": TIME_LIMIT,
        "visibility_timeout": VISIBILITY_TIMEOUT,
    }


def _task_modules(draft: ProjectDraft) -> list[str]:
    """The modules whose tasks a worker is to know: those that there are."""
    project = draft.project
    found = {
        project.module_of(task.path) for task in project.tasks() if not project.is_test(task.path)
    }
    return sorted(module for module in found if module is not None)


def unused(names: Collection[str], name: str) -> str:
    """`name`, or with underscores behind it where a file has that."""
    while name in names:
        name += "_"
    return name
