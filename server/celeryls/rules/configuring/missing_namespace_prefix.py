"""CEL604."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.rules.base import Finding
from celeryls.rules.configuring.sites import (
    SettingContext,
    SettingRule,
    occurs_beside,
    prefixed,
)
from celeryls.text import Applicability, Span

_OWN = ("TASK_", "WORKER_", "BEAT_", "RESULT_")
"""Beginnings of names that are Celery's alone: `REDIS_HOST` may be anyone's."""


class MissingNamespacePrefix(SettingRule):
    """## What it does

    Finds settings without the prefix that they need, where the app reads its settings with a
    namespace: `TASK_ACKS_LATE` in Django's settings and `namespace="CELERY"`.

    ## Why it matters

    Nobody reads them. The default stays in force, without a word.

    Celery's documentation:
    [First steps with Django](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html)

    ## Example

    ```python
    # settings.py, read with namespace="CELERY"
    TASK_ACKS_LATE = True
    ```

    Use instead:

    ```python
    CELERY_TASK_ACKS_LATE = True
    ```

    ## Known limits

    A name that occurs anywhere else in the project is taken for a setting of its own, and so are
    those that other packages may have as well, such as `REDIS_HOST` and `TIMEZONE`. Lower-case
    names in a configuration that is not Django's are read without the prefix, so they are right.

    ## Fix safety

    Safe: the setting then does what its author asked for. There is no fix if the name with the
    prefix is there as well.
    """

    code = "CEL604"
    name = "missing-namespace-prefix"
    summary = "A setting lacks the prefix of the namespace, so Celery does not read it."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        written, file, name = context.written, context.file, context.name
        if written.on_conf or not written.namespace or written.form != "none":
            return
        if not name.startswith(_OWN) or name.lower() not in catalog.settings():
            return
        if written.site.uses or occurs_beside(file.project, file.path, file.text, written):
            return
        right = prefixed(name.lower(), written.namespace)
        taken = any(other.key == name.lower() for other in context.same_config)
        if file.project.mentioned_beside(file.path, right):
            return  # written in another file; this one may be meant for something else
        message = f'"{name}" is not read: with namespace "{written.namespace}" it is "{right}"'
        fixes = () if taken else context.renaming(right, Applicability.SAFE)
        yield context.finding(self, message, evidence=Span(0, len(file.text)), fixes=fixes)
