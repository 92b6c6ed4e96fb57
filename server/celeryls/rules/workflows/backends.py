"""What rules about chords ask about the result backend."""

from celeryls.project import Project, Task
from celeryls.syntax.expr import Const


def backend_kind(project: Project, task: Task | None) -> str | None:
    """The kind of result backend in force: `redis`, `rpc`, `db`, as its URL begins.

    `None` where it is not known, and where nothing in source sets it: Celery reads an
    environment variable too (celery/app/utils.py, `Settings.result_backend`).
    """
    apps = [task.app] if task is not None and task.app is not None else list(project.apps)
    settings = {
        project.setting(app, "result_backend")
        for app in apps
        if not project.is_test(app.path or "")
    }
    if len(settings) != 1:
        return None
    setting = settings.pop()
    value = setting.value.value if isinstance(setting.value, Const) else None
    if setting.origin != "settings" or not isinstance(value, str):
        return None
    return value.partition(":")[0].partition("+")[0].lower()
