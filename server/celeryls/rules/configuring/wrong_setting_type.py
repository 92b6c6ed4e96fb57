"""CEL605."""

import re
from collections.abc import Iterator

from celeryls import catalog
from celeryls.rules.base import Finding
from celeryls.rules.configuring.sites import SettingContext, SettingRule
from celeryls.syntax.expr import Const, Dict
from celeryls.text import Applicability, Edit, Fix, Span

NUMBERS = frozenset(
    {"broker_pool_limit", "task_protocol", "task_repr_maxlevels", "worker_concurrency"}
    | {"task_time_limit", "task_soft_time_limit"}
    | {"worker_max_memory_per_child", "worker_max_tasks_per_child"}
)
"""Settings that Celery compares or computes with as they are, so that `"4"` breaks it.

Others it converts first: `worker_prefetch_multiplier`, `result_expires`, `broker_heartbeat`.
"""
LISTS = frozenset({"accept_content", "result_accept_content"})
"""Settings of which a text is taken for the list of its characters; `imports` may be a text."""
_FALSE = frozenset({"false", "no", "off", "0", "f", "n"})
_NUMBER = re.compile(r"\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.I)
_WORDS = re.compile(r"\s*[\w.,:+-][\w\s.,:+-]*")
"""What a text is made of that isn't filled in by somebody, as `"{{ seconds }}"` is."""
_WHOLE = re.compile(r"[1-9]\d*")
_TIMEOUT = re.compile(
    r"""["']visibility_timeout["']\s*:\s*(?P<value>(["'])[^"'\\\n]*\2)\s*[,}\s]"""
)


class WrongSettingType(SettingRule):
    """## What it does

    Finds settings with a text where Celery needs a number, a list or `False`:
    `worker_concurrency = "4"`, `accept_content = "json"`, `task_acks_late = "false"`,
    `result_expires = "1 day"`, and a `visibility_timeout` that is a text.

    ## Why it matters

    Celery takes the value as it is. It fails when it first counts with it: in the worker, or when
    a task is sent. A text that says false is true, as any text is.

    Celery's documentation:
    [Configuration and defaults](https://docs.celeryq.dev/en/stable/userguide/configuration.html)

    ## Example

    ```python
    app.conf.worker_concurrency = "4"
    ```

    Use instead:

    ```python
    app.conf.worker_concurrency = 4
    ```

    ## Known limits

    Only texts are judged. A number as a text is reported where Celery does not convert it itself,
    and a text for a flag only where it says false. What comes from the environment isn't known.

    ## Fix safety

    Unsafe: the setting gets the value that it seems to ask for, which nobody has tried yet. There
    is no fix for texts that are no number.
    """

    code = "CEL605"
    name = "wrong-setting-type"
    summary = "A setting is a text where Celery needs a number, a list or False."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        key = context.written.key
        if key == "broker_transport_options":
            yield from self._visibility_timeout(context)
            return
        known = catalog.settings().get(key or "")
        if known is None:
            return
        value = context.value
        if not isinstance(value, Const) or not isinstance(value.value, str):
            return
        wrong = _wrong(known.name, known.type, value.value)
        if wrong is None:
            return
        why, instead = wrong
        place = context.written.site.value_span
        fixes = _fixes(context, place, value.value, instead)
        message = f'"{context.name}" is the text "{value.value}": {why}'
        yield context.finding(self, message, span=place, fixes=fixes)

    def _visibility_timeout(self, context: SettingContext) -> Iterator[Finding]:
        value, place = context.written.site.value, context.written.site.value_span
        given = dict(value.items).get(Const("visibility_timeout")) if isinstance(value, Dict) else 0
        if not isinstance(given, Const) or not isinstance(given.value, str):
            return
        found = _TIMEOUT.search(context.file.text, place.start, place.end)
        if found is None:
            return
        span = Span(*found.span("value"))
        instead = given.value if _WHOLE.fullmatch(given.value) else None
        fixes = _fixes(context, span, given.value, instead)
        message = f'"visibility_timeout" is the text "{given.value}": it must be a number'
        yield context.finding(self, message, span=span, fixes=fixes)


def _wrong(key: str, kind: str, text: str) -> tuple[str, str | None] | None:
    """Why a text is wrong for a setting, and what to write in its place if that is clear."""
    if key in LISTS and text:
        return "Celery takes each of its characters for a content type", f'["{text}"]'
    if kind == "bool" and text.strip().lower() in _FALSE:
        return "any text is true", "False"
    if kind not in ("int", "float") and key not in NUMBERS:
        return None
    if _NUMBER.fullmatch(text):
        whole = text if _WHOLE.fullmatch(text) else None
        return ("it must be a number", whole) if key in NUMBERS else None
    if text == "inf" or not _WORDS.fullmatch(text):
        return None
    return "it must be a number", None


def _fixes(context: SettingContext, span: Span, text: str, instead: str | None) -> tuple[Fix, ...]:
    """Write the right value where the text stands in plain quotes."""
    source = span.of(context.file.text)
    if instead is None or source not in (f'"{text}"', f"'{text}'"):
        return ()
    if instead.startswith("["):
        instead = f"[{source}]"
    edit = Edit(span, instead)
    return (Fix.in_file(context.file.path, f"Write {instead}", Applicability.UNSAFE, edit),)
