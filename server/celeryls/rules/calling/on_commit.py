"""Whether tasks have `delay_on_commit`, which Celery gives to projects of Django."""

from celeryls.catalog import NEWEST
from celeryls.rules.calls import CallContext

ON_COMMIT_SINCE = (5, 4)
"""The version from which Django projects have it (celery/contrib/django/task.py)."""


def has_on_commit(context: CallContext) -> bool:
    """Whether the tasks of a call certainly have `delay_on_commit`."""
    project = context.file.project
    if (project.celery_version or NEWEST) < ON_COMMIT_SINCE:
        return False
    apps = [app for app in project.apps if not project.is_test(app.path or "")]
    django = [
        app for app in apps if app.path and project.interface(app.path).django_settings is not None
    ]
    own_class = any(
        name == "task_cls" for app in apps if app.made_by for name, _ in app.made_by.keywords
    )
    plain = all(not t.base.classes and not t.base.externals for t in context.dispatch.tasks)
    return bool(apps) and len(django) == len(apps) and plain and not own_class
