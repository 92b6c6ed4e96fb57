"""CEL601."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from celeryls import catalog
from celeryls.rules.base import Finding
from celeryls.rules.configuring.sites import (
    SettingContext,
    SettingRule,
    Written,
    occurs_beside,
)
from celeryls.rules.spelling import meant
from celeryls.syntax.expr import Const, Dict, Expr, Seq
from celeryls.text import Applicability, Fix, Span

_KINDS = {
    bool: {"bool", "any"},
    int: {"int", "float", "string", "any"},
    float: {"int", "float", "any"},
    str: {"string", "str", "bytes", "tuple", "int", "float", "any"},
    Seq: {"list", "tuple", "dict", "any"},
    Dict: {"dict", "bool", "any"},
}
"""What Celery calls the types of settings that take such a value; others may take any."""
_TAKES_LISTS = frozenset({"broker_url", "broker_read_url", "broker_write_url"})


class UnknownSetting(SettingRule):
    """## What it does

    Finds settings that Celery does not know but has under a name close by: `task_ack_late`,
    `CELERY_TASK_TIMELIMIT`, and `CELERY_TASK_ACKS_LATE` where no namespace is set. They are looked
    for in what `config_from_object` is given, on `app.conf`, in dicts that are put there
    (`app.conf.update(MORE)`), and among the arguments of `Celery(...)`.

    ## Why it matters

    Celery takes any name, without a word. The setting has no effect, its default stays in force,
    and nobody notices until it matters.

    Celery's documentation:
    [Configuration and defaults](https://docs.celeryq.dev/en/stable/userguide/configuration.html)

    ## Example

    ```python
    app.conf.task_ack_late = True
    ```

    Use instead:

    ```python
    app.conf.task_acks_late = True
    ```

    ## Known limits

    Only names close to one of Celery's are reported, in all versions that are known, and only if
    that takes such a value: `CELERY_TIMEZONES = [...]` is no `CELERY_TIMEZONE`. A name that
    occurs anywhere else in the project is taken for a setting of its own, and so are names that
    other packages are known to read.

    ## Fix safety

    Safe: the setting then does what its author asked for. There is no fix if the right name is
    there as well.
    """

    code = "CEL601"
    name = "unknown-setting"
    summary = "A setting that Celery does not know is accepted and has no effect."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        written, file = context.written, context.file
        if written.form != "none" or context.name.startswith("_") or written.site.uses:
            return
        meant = _meant(written)
        if meant is None or occurs_beside(file.project, file.path, file.text, written):
            return
        key, name = meant
        if not _fits(context.value, key):
            return
        message = f'Celery knows no setting "{context.name}"; it is "{name}"'
        whole = Span(0, len(file.text))
        yield context.finding(self, message, evidence=whole, fixes=_fixes(context, key, name))


def _meant(written: Written) -> tuple[str, str] | None:
    """The setting that a name most likely stands for, and how that is written here."""
    name = written.site.name
    if written.django and not written.namespace:
        near = _near(name, "old")
        return None if near is None else (_old_names()[near], near)
    if written.namespace and not written.on_conf:
        head = f"{written.namespace.rstrip('_')}_"
        if name.lower().startswith(head.lower()):
            rest = name[len(head) :].lower()
            if rest in catalog.known_settings() or catalog.is_third_party_setting(rest):
                return None
            near = _near(rest, "new")
            if near is not None:
                return near, written.spelled(near)
    elif not written.namespace and name.startswith("CELERY_"):
        rest = name.removeprefix("CELERY_").lower()
        if rest in catalog.settings():
            return rest, rest  # has a prefix, as if there were a namespace
    if catalog.is_third_party_setting(name.lower()):
        return None
    if name.isupper():
        near = _near(name, "old")
        key = None if near is None else _old_names()[near]
        if key is None and not written.namespace and name.startswith("CELERY_"):
            key = _near(name.removeprefix("CELERY_").lower(), "new")  # misspelled, and prefixed
    else:
        key = _near(name, "new")
    return None if key is None else (key, written.spelled(key))


@cache
def _old_names() -> Mapping[str, str]:
    """Old names, each with the new one."""
    return {old: key for key, known in catalog.settings().items() for old in known.old_names}


@cache
def _near(name: str, which: Literal["old", "new"]) -> str | None:
    """The one name that another is a misspelling of, if that is clear."""
    names = _old_names() if which == "old" else catalog.known_settings()
    return meant(name, names)


def _fits(value: Expr, key: str) -> bool:
    """Whether a setting may have such a value: `TIMEZONES = [...]` is no `timezone`."""
    known = catalog.settings().get(key)
    kind = _KINDS.get(type(value.value if isinstance(value, Const) else value))
    return known is None or kind is None or known.type in kind or key in _TAKES_LISTS


def _fixes(context: SettingContext, key: str, name: str) -> tuple[Fix, ...]:
    bound = context.file.project.interface(context.file.path).names
    if any(other.key == key for other in context.same_config):
        return ()
    if context.written.site.where == "module" and name in bound:
        return ()
    return context.renaming(name, Applicability.SAFE)
