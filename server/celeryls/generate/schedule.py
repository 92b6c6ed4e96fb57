"""A task that exists, run by the clock: its entry in `beat_schedule`."""

from collections.abc import Iterable

from celeryls.forms.schedules import Crontab, Interval, Schedule
from celeryls.forms.values import value_source
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.settings import place_of, put_into
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.cronspec import FIELDS
from celeryls.syntax import parse
from celeryls.syntax.expr import Const
from celeryls.syntax.imports import add_import
from celeryls.text.layout import quoted

_SETTING = "beat_schedule"
_SPARE = 16
"""Columns that a line of an entry may be indented by."""
_WAITS = "# A run that has not begun by then is dropped, as the next one is near."


def add_schedule(
    draft: ProjectDraft,
    task: Task,
    app: App | None,
    schedule: Schedule,
    arguments: Iterable[tuple[str, object]] = (),
) -> tuple[str, ...]:
    """Have beat send a task; what is worth knowing of it, a sentence each."""
    project = draft.project
    when = f"{schedule}{_zone(project, app, schedule)}"
    path = place_of(draft, app, _SETTING) if app is not None else None
    if app is not None and path is not None and task.name is not None:
        written = _imported(draft, path, schedule)
        key = _free_key(draft.project, task.decl.name)
        length = draft.project.conventions(path).line_length
        item = _entry(key, task.name, schedule, written, tuple(arguments), length)
        put_into(draft, app, _SETTING, item, f"{task.decl.name} runs {schedule}")
        return (f"It runs {when}.",)
    entry = f'{{"task": {quoted(task.name or task.decl.name)}, "schedule": {source(schedule)}}}'
    return (
        f"To have it run {when}, put {entry} into the setting beat_schedule by hand, since "
        "celeryls can't tell where.",
    )


def source(schedule: Schedule, called: str = "") -> str:
    """A schedule in Python; `called` is what the class goes by in the file, if not by its name."""
    if isinstance(schedule, Interval):
        number, unit = schedule.amount
        return f"{called or 'timedelta'}({unit}={number})"
    given = [
        f"{name}={text if text.isdecimal() else quoted(text)}"
        for name in FIELDS
        if (text := getattr(schedule, name)) != "*" or name == "minute"
    ]
    return f"{called or 'crontab'}({', '.join(given)})"


def expiry(schedule: Schedule) -> int | None:
    """Seconds after which a run is of no use, since the next one is near; `None` for none."""
    seconds = schedule.gap * 5 // 6
    return seconds if seconds >= 1 else None


def _entry(
    key: str,
    name: str,
    schedule: Schedule,
    called: str,
    arguments: tuple[tuple[str, object], ...],
    line_length: int,
) -> str:
    lines = [f'    "task": {quoted(name)},', f'    "schedule": {source(schedule, called)},']
    if arguments:
        items = [f"{quoted(name)}: {value_source(value)}" for name, value in arguments]
        line = f'    "kwargs": {{{", ".join(items)}}},'
        if len(line) + _SPARE > line_length:
            lines += ['    "kwargs": {', *(f"        {item}," for item in items), "    },"]
        else:
            lines.append(line)
    expires = expiry(schedule)
    if expires is not None:
        lines += [f"    {_WAITS}", f'    "options": {{"expires": {expires}}},']
    return "\n".join([f"{quoted(key)}: {{", *lines, "}"])


def _free_key(project: Project, function: str) -> str:
    """A name for the entry, in the manner of those that are there."""
    taken = {entry.name for entry in project.schedules() if entry.name}
    dashes = sum("-" in name for name in taken)
    underscores = sum("_" in name for name in taken)
    key = function.replace("_", "-") if dashes >= underscores else function
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}" if "-" in key else f"{key}_{number}"
    return free


def _imported(draft: ProjectDraft, path: str, schedule: Schedule) -> str:
    """Import what a schedule is written with; what it is called in the file."""
    module, name = "datetime", "timedelta"
    if isinstance(schedule, Crontab):
        module, name = "celery.schedules", "crontab"
    conventions = draft.project.conventions(path)
    own = {part.partition(".")[0] for part in (conventions.module,) if part}
    found = add_import(
        parse(draft.text(path) or ""),
        module,
        name,
        line_length=conventions.line_length,
        first_party=own,
    )
    draft.edit(path, found.edits, "")
    return found.local_name


def _zone(project: Project, app: App | None, schedule: Schedule) -> str:
    """Whose clock a crontab goes by: UTC unless `timezone` or `enable_utc` say otherwise."""
    if isinstance(schedule, Interval) or app is None:
        return ""
    zone, utc = project.setting(app, "timezone"), project.setting(app, "enable_utc")
    match zone.value, utc.value:
        case Const(value=str() as name), _ if name:
            return f", {name} time"
        case Const(value=None), Const(value=True):
            return ", UTC"
    return ", by the clock of the setting timezone"
