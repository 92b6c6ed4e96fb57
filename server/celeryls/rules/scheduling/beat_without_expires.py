"""CEL510."""

import re
from collections.abc import Iterator

from celeryls.facts import ScheduleSite
from celeryls.project.durations import seconds
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.edits import add_item
from celeryls.rules.scheduling.entries import beat_entries
from celeryls.rules.scheduling.intervals import interval_of
from celeryls.syntax.expr import Call, Const, Dict, parse_expr
from celeryls.text import Applicability, Edit, Fix, Span

_DICT = re.compile(r"dict[ \t]*(?=\()")
_PLAIN = re.compile(r"[\w.() */+-]+")
"""Source of a number that may be written once more, as it is."""
_LATER = frozenset({Const("countdown"), Const("eta")})


class BeatWithoutExpires(Rule):
    """## What it does

    Finds entries of a beat schedule whose messages never expire.

    ## Why it matters

    While no worker runs, beat goes on and puts a message on the queue with each tick. Once a worker
    is there again it runs the task as often as it was missed.

    Celery's documentation:
    [Available fields](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#available-fields)

    ## Example

    ```python
    app.conf.beat_schedule = {
        "poll": {"task": "shop.tasks.cleanup", "schedule": 30},
    }
    ```

    Use instead:

    ```python
    app.conf.beat_schedule = {
        "poll": {"task": "shop.tasks.cleanup", "schedule": 30, "options": {"expires": 30}},
    }
    ```

    ## Known limits

    A task that must not be missed has no `expires`, so the rule is off. Silent where the task has
    an `expires` of its own, or is not known, and for `add_periodic_task`.

    ## Fix safety

    Unsafe: a message that no worker took before the next one is sent is thrown away. The fix
    writes the seconds from one run to the next into `options`. There is none where those are not
    known or not always the same, as of `crontab(day_of_month=1)` or `crontab(hour="9,17")`; nor
    where the options have a `countdown` or an `eta`, or are written elsewhere.
    """

    code = "CEL510"
    name = "beat-without-expires"
    summary = "Messages of a periodic task pile up while no worker runs."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        project = file.project
        for entry in beat_entries(file):
            tasks = project.tasks_of(file.path, entry.task)
            if not tasks or _may_expire(file, entry):
                continue
            if all(project.effective(task, "expires").value == Const(None) for task in tasks):
                message = f'messages of task "{tasks[0].label}" never expire, and may pile up'
                fixes = tuple(_fixes(file, entry))
                yield Finding(self.code, message, entry.task_span, entry.span, entry.span, fixes)


def _may_expire(file: FileContext, entry: ScheduleSite) -> bool:
    """Whether the options of an entry have an `expires`, or may have one."""
    match parse_expr(entry.span.of(file.text)):
        case Dict(items=items) if not all(isinstance(key, Const) for key, _ in items):
            return True
        case Call(args=args, keywords=keywords) if args or None in dict(keywords):
            return True
    for item in entry.items:
        if item.key == "options":
            options = file.project.evaluate(file.path, item.value)
            if not isinstance(options, Dict):
                return options != Const(None)
            keys = {key for key, _ in options.items}
            return Const("expires") in keys or not all(isinstance(key, Const) for key in keys)
    return False


def _fixes(file: FileContext, entry: ScheduleSite) -> Iterator[Fix]:
    """Have messages expire when the next one is sent."""
    seconds_between = interval_of(file, entry)
    options = [item for item in entry.items if item.key == "options"]
    if seconds_between is None or len(options) > 1:
        return
    text, quote = file.text, _quote(file.text, entry)
    expires = _written(file, entry, seconds_between)
    key = f"{quote}expires{quote}: {expires}"
    edits: tuple[Edit, ...] = ()
    if not options:
        item = f"{quote}options{quote}: {{{key}}}"
        edits = _added(text, entry.span, item, f"options={{{key}}}")
    elif options[0].value_span.of(text) == "None":
        edits = (Edit(options[0].value_span, f"{{{key}}}"),)
    else:
        known = file.project.evaluate(file.path, options[0].value)
        if isinstance(known, Dict) and _LATER.isdisjoint(key for key, _ in known.items):
            edits = _added(text, options[0].value_span, key, f"expires={expires}")
    if edits:
        yield Fix.in_file(file.path, f"Add expires={expires}", Applicability.UNSAFE, *edits)


def _added(text: str, span: Span, item: str, keyword: str) -> tuple[Edit, ...]:
    """Add to a dict that is written in place: `item` to a display, `keyword` to `dict(...)`."""
    if text[span.start] == "{":
        return add_item(text, span, item)
    call = _DICT.match(text, span.start, span.end)
    return add_item(text, Span(call.end(), span.end), keyword) if call is not None else ()


def _written(file: FileContext, entry: ScheduleSite, number: float) -> str:
    """The interval as the entry has it, if that is a number there; else its seconds."""
    place = next(item.value_span for item in entry.items if item.key == "schedule")
    source = place.of(file.text)
    is_number = seconds(file.project.evaluate(file.path, entry.schedule)) is not None
    if is_number and _PLAIN.fullmatch(source):
        return source
    return str(int(number) if number == int(number) else number)


def _quote(text: str, entry: ScheduleSite) -> str:
    """The quotes that an entry has its texts in."""
    for at in (*(item.span.start - 1 for item in entry.items), entry.task_span.start):
        if text[at] in "'\"":
            return text[at]
    return '"'
