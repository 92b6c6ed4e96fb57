"""CEL603."""

import re
from collections.abc import Iterator

from celeryls.rules.base import Finding
from celeryls.rules.configuring.old_setting_name import is_old, is_safe, misfits, renamed
from celeryls.rules.configuring.sites import SettingContext, SettingRule
from celeryls.text import Applicability, Fix, Span

_AT_ONCE = ("module", "class", "dict", "object", "update")
"""Where Celery gets all settings at once; what is set one by one may come too late to matter."""

_READ = re.compile(r"\.conf\b(?!\s*\.\s*update\b)")


class MixedOldAndNewSettings(SettingRule):
    """## What it does

    Finds configurations with settings under old names (`CELERY_ACKS_LATE`) beside others under
    new names (`task_time_limit`), which Celery refuses to read.

    ## Why it matters

    The first look at a setting raises `ImproperlyConfigured: Cannot mix new and old setting keys`:
    the worker doesn't start, and neither does anything that sends a task.

    Celery's documentation:
    [New lowercase settings](https://docs.celeryq.dev/en/stable/userguide/configuration.html#new-lowercase-settings)

    ## Example

    ```python
    app.conf.update(CELERY_ACKS_LATE=True, task_time_limit=300)
    ```

    Use instead:

    ```python
    app.conf.update(task_acks_late=True, task_time_limit=300)
    ```

    ## Known limits

    Only what stands in one module, class, dict or call is compared, and nothing that is written
    under a condition. With a namespace Celery takes both, so there the rule is silent.

    ## Fix safety

    Safe: all old names in the configuration become new ones. Unsafe if other code reads one of
    the names, or the module takes names from another. There is no fix if a new name is taken.
    """

    code = "CEL603"
    name = "mixed-old-and-new-settings"
    summary = "Celery refuses a configuration that mixes old and new names of settings."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        written, project = context.written, context.file.project
        if written.site.where not in _AT_ONCE or written.form not in ("old", "new"):
            return
        if written.namespace or written.django:
            return
        if written.on_conf and (
            written.site.conditional
            or project.configs.is_configured(written.app)
            or written.app.path != context.file.path
            or _reads_before(context)
        ):
            return
        if written.site.where == "object" and _is_replaced(context):
            return
        config = context.same_config
        wrong = misfits(config)
        if not wrong or wrong[0] is not written:
            return
        one = next(w for w in config if w.form not in ("none", written.form))
        message = (
            f'Celery refuses to read "{context.name}" beside "{one.site.name}": '
            "old and new names of settings can't be mixed"
        )
        span = Span(config[0].site.span.start, config[-1].site.value_span.end)
        yield context.finding(self, message, evidence=span, fixes=_fixes(context))


def _reads_before(context: SettingContext) -> bool:
    """Whether a setting may be read before all are there, after which nobody looks for mixtures."""
    before = context.file.text[: context.same_config[-1].site.span.start]
    return _READ.search(before) is not None


def _is_replaced(context: SettingContext) -> bool:
    """Whether an app is given more than one configuration, of which the last counts."""
    calls = context.file.project.interface(context.file.path).app_calls
    given = [call for call in calls if call.method.startswith("config_from_")]
    return len([call for call in given if call.app == context.written.site.owner]) > 1


def _fixes(context: SettingContext) -> tuple[Fix, ...]:
    old = [w for w in context.same_config if is_old(w)]
    edits = renamed(context, old)
    new = {w.key for w in context.same_config if w.form == "new"}
    if edits is None or any(w.key in new for w in old):
        return ()
    how = Applicability.SAFE if is_safe(context, old) else Applicability.UNSAFE
    title = "Give all settings here their new names"
    return (Fix.in_file(context.file.path, title, how, *edits),)
