"""CEL602."""

import re
from collections.abc import Iterator

from celeryls import catalog
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.configuring.reads import reads_of
from celeryls.rules.configuring.sites import (
    SettingContext,
    SettingRule,
    Written,
    is_used_beside,
    rename,
    stands_in,
)
from celeryls.rules.configuring.wholes import is_whole
from celeryls.text import Applicability, Edit, Fix

_OWN = ("CELERY", "BROKER_")
"""Beginnings of old names that nobody else's settings have: `S3_BUCKET` may be anyone's."""
NAMESPACE_SINCE: catalog.Version = (5, 7)
"""The version from which old names are read in a configuration with a namespace."""
_AT_ONCE = ("module", "class", "dict", "object", "update")
"""Where Celery gets all settings at once; what is set one by one may come too late to matter."""
_READ = re.compile(r"\.conf\b(?!\s*\.\s*update\b)")


class OldSettingName(SettingRule):
    """## What it does

    Finds settings under the names that they had up to Celery 3: `CELERYD_CONCURRENCY`,
    `CELERY_ACKS_LATE`, `BROKER_URL`. Also where they are read: `app.conf.CELERYD_CONCURRENCY`.

    ## Why it matters

    Celery still reads them, and won't any more from version 6 on: the setting is then back at
    its default, without a word. With a namespace the old name reads the default already.
    `celery upgrade settings` replaces text, also in comments and inside longer names, and one name
    a line; this renames what is a setting.

    Celery's documentation:
    [New lowercase settings](https://docs.celeryq.dev/en/stable/userguide/configuration.html#new-lowercase-settings)

    ## Example

    ```python
    app.conf.CELERYD_CONCURRENCY = 4
    ```

    Use instead:

    ```python
    app.conf.worker_concurrency = 4
    ```

    In Django's settings, read with `namespace="CELERY"`, it is `CELERY_WORKER_CONCURRENCY`.

    ## Known limits

    Only settings are looked at that an app of the project is seen to read. Django's settings that
    are read without a namespace can have no new names; there the rule is silent. So it is about
    names in Django's settings that may be another package's, such as `S3_BUCKET`. Of reads those
    are seen that name the app: `app.conf.X`, `app.conf["X"]` and `app.conf.get("X")`.

    ## Fix safety

    Safe if nothing but Celery reads the name. Where other code has the name too, the fix is
    unsafe: the setting is renamed here only. Without a namespace Celery refuses a mixture of old
    and new names, so all that stand in one configuration are renamed together; where others may
    join in, by `**`, a base class or an import, the fix is unsafe. There is no fix if the new name
    is taken.
    """

    code = "CEL602"
    name = "old-setting-name"
    summary = "A setting has its name of Celery 3, which Celery 6 no longer reads."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"
    tags = ("deprecated",)

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        for read in reads_of(file):
            key = catalog.setting_for_old_name(read.name)
            if key is None:
                continue
            message = f'"{read.name}" is the old name of "{key}"; Celery 6 won\'t read it'
            edit = Edit(read.span, key)
            fix = Fix.in_file(file.path, f'Rename to "{key}"', Applicability.SAFE, edit)
            yield Finding(self.code, message, read.span, read.scope, read.scope, (fix,))

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        written = context.written
        if not is_old(written) or is_mixed(context):
            return
        first = next(w for w in context.same_config if w.site.name == context.name)
        if first is not written:
            return
        assert written.key is not None
        new = written.spelled(written.key)
        taken = any(other.key == written.key for other in context.same_config if not is_old(other))
        note = "; Celery 6 won't read it"
        version = context.file.project.celery_version or catalog.NEWEST
        if written.namespace and not written.on_conf and version < NAMESPACE_SINCE:
            since = ".".join(map(str, NAMESPACE_SINCE))
            note = f"; with a namespace, Celery before {since} does not read it"
        if taken:
            wins = "the last one counts" if written.on_conf else "that one counts"
            note = f", which is written as well: {wins}"
        message = f'"{context.name}" is the old name of "{new}"{note}'
        yield context.finding(self, message, fixes=() if taken else _fixes(context, new))


def is_old(written: Written) -> bool:
    """Whether a setting has an old name and could have a new one."""
    if written.form != "old":
        return False
    return not written.django or (bool(written.namespace) and written.site.name.startswith(_OWN))


def is_mixed(context: SettingContext) -> bool:
    """Whether Celery certainly refuses the configuration for its mixture of old and new names."""
    written, project = context.written, context.file.project
    if written.site.where not in _AT_ONCE or written.namespace or written.django:
        return False
    if written.on_conf and (
        written.site.conditional
        or project.configs.is_configured(written.app)
        or written.app.path != context.file.path
        or _reads_before(context)
    ):
        return False
    if written.site.where == "object" and _is_replaced(context):
        return False
    return bool(misfits(context.same_config))


def _reads_before(context: SettingContext) -> bool:
    """Whether a setting may be read before all are there, after which nobody looks for mixtures."""
    before = context.file.text[: context.same_config[-1].site.span.start]
    return _READ.search(before) is not None


def _is_replaced(context: SettingContext) -> bool:
    """Whether an app is given more than one configuration, of which the last counts."""
    calls = context.file.project.interface(context.file.path).app_calls
    given = [call for call in calls if call.method.startswith("config_from_")]
    return len([call for call in given if call.app == context.written.site.owner]) > 1


def misfits(config: tuple[Written, ...]) -> tuple[Written, ...]:
    """The settings that Celery complains about (celery/app/utils.py, `detect_settings`).

    They are those of the fewer: old ones or new ones. One that stands there under both of its
    names is not counted.
    """
    if not config or config[0].namespace or config[0].django:
        return ()
    declared = catalog.settings()
    read = [w for w in config if w.key in declared and not w.site.conditional]
    old = {w.key for w in read if w.form == "old"}
    new = {w.key for w in read if w.form == "new"}
    if not old or not new:
        return ()
    fewer, others = ("new", old) if len(old) > len(new) else ("old", new)
    return tuple(w for w in read if w.form == fewer and w.key not in others)


def _fixes(context: SettingContext, new: str) -> tuple[Fix, ...]:
    written = context.written
    together = [written]
    if not _may_mix(context):
        seen = {context.name}
        for other in context.same_config:
            if is_old(other) and other.site.name not in seen:
                seen.add(other.site.name)
                together.append(other)
    edits = renamed(context, together)
    if edits is None:
        return ()
    title = f'Rename to "{new}"'
    if len(together) > 1:
        title = f"Rename {len(together)} settings to their new names"
    applicability = Applicability.SAFE if is_safe(context, together) else Applicability.UNSAFE
    return (Fix.in_file(context.file.path, title, applicability, *edits),)


def renamed(context: SettingContext, all_of: list[Written]) -> tuple[Edit, ...] | None:
    """The edits that give settings their new names, `None` if one of these is taken."""
    file = context.file
    bound = file.project.interface(file.path).names
    edits: dict[Edit, None] = {}
    for one in all_of:
        assert one.key is not None
        new = one.spelled(one.key)
        if one.site.where == "module" and new in bound:
            return None
        for same in context.same_config:
            if same.site.name == one.site.name:
                edits.update(dict.fromkeys(rename(same, new)))
    return tuple(edits)


def is_safe(context: SettingContext, all_of: list[Written]) -> bool:
    """Whether nothing but Celery reads what is renamed, and no old name joins in."""
    file = context.file
    project = file.project
    if not _may_mix(context) and not is_whole(context, all_of):
        return False
    if context.written.site.where == "module" and any(
        stands_in(file.text, one.spelled(one.key)) for one in all_of if one.key is not None
    ):
        return False  # the new name would be hidden by what has it, or hide that
    return not any(is_used_beside(project, file.path, file.text, one) for one in all_of)


def _may_mix(context: SettingContext) -> bool:
    """Whether Celery takes old and new names side by side here.

    It does with a namespace, and on `conf` if the settings come from somewhere else.
    """
    written = context.written
    if written.namespace:
        return True
    return written.on_conf and context.file.project.configs.is_configured(written.app)
