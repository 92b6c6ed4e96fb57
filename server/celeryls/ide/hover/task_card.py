"""A task at a glance: how it is declared, what is in force on it, who uses it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from celeryls import catalog
from celeryls.ide.callers import callers_in
from celeryls.ide.hover.card import Card, Code, Line, Link, Part, Strong, joined, one_line
from celeryls.ide.hover.schedule_card import schedule_line
from celeryls.ide.hover.written import python
from celeryls.ide.retry_schedule import retry_schedule
from celeryls.project import Project, Task
from celeryls.project.in_force import settled
from celeryls.project.timetables import timetable_of
from celeryls.rules.base import FileContext, TaskContext
from celeryls.rules.retrying.autoretry import is_never_retried
from celeryls.syntax.expr import Const, Seq, is_known
from celeryls.text import lines_of

UriOf = Callable[[str], str]
_CALLERS_SHOWN = 3
_SCHEDULES_SHOWN = 3
_TASKS_SHOWN = 8
_UNKNOWN_SHOWN = 4
_ALWAYS = ("acks_late",)
"""Options that are told even at their default: what they are decides what is lost."""
_ORIGINS = {
    "base": "base class",
    "annotations": "annotations",
    "settings": "settings",
    "default": "default",
}
_QUEUE_ORIGINS: dict[str, Part] = {
    **_ORIGINS,
    "annotations": Code("task_annotations"),
    "settings": Code("task_routes"),
}
_DECLARED = {"class": "class", "register": "call"}


def task_card(
    project: Project, task: Task, *, now: datetime | None = None, uri_of: UriOf | None = None
) -> Card:
    """The card of one task; `uri_of` makes links of files."""
    items = [
        *_options(project, task),
        *_queue(project, task),
        *_retries(project, task),
        *_schedules(project, task, now),
        *_callers(project, task, uri_of),
    ]
    return Card(signature(project, task), (_title(project, task),), tuple(items))


def tasks_card(
    project: Project, tasks: tuple[Task, ...], what: str, uri_of: UriOf | None = None
) -> Card:
    """Several tasks, each with its place; `what` they are."""
    items = [
        (
            Code(task.label),
            " in ",
            _place(project, task.path, project.site(task).span.start, uri_of),
        )
        for task in tasks[:_TASKS_SHOWN]
    ]
    more = len(tasks) - len(items)
    foot: tuple[Line, ...] = ((f"and {more} more",),) if more else ()
    return Card(head=((what,),), items=tuple(items), foot=foot)


def signature(project: Project, task: Task) -> str:
    """The head of the task's function, in one line as far as that is readable."""
    site = project.site(task)
    text = project.text(task.path) or ""
    if not site.name.length or site.parens.end > len(text):
        return ""
    parameters = one_line(site.parens.of(text), 300).replace("( ", "(").replace(", )", ")")
    keyword = "async def" if task.decl.is_async else "def"
    return f"{keyword} {task.decl.name}{parameters}"


def _title(project: Project, task: Task) -> Line:
    parts: list[Part] = [Strong("Celery task")]
    parts += [" ", Code(task.name)] if task.name is not None else [", its name is not known"]
    how = _how(project, task)
    if how:
        parts += [" · ", *how]
    if task.app is not None and task.app.name:
        parts += [" · app ", Code(task.app.name)]
    return tuple(parts)


def _how(project: Project, task: Task) -> Line:
    site = project.site(task)
    if task.decorator is not None and task.decorator < len(site.decorators):
        callee = site.decorators[task.decorator].callee.of(project.text(task.path) or "")
        own = ("the project's own ",) if task.kind == "wrapper" else ()
        return (*own, Code(f"@{one_line(callee)}"))
    if task.kind == "class":
        owner = task.decl.qualname.rpartition(".")[0]
        return ("class ", Code(owner)) if owner else ("a class",)
    return ("made by a call",) if task.kind == "register" else ()


# --- options ------------------------------------------------------------------------------


def _options(project: Project, task: Task) -> Iterator[Line]:
    found: dict[str, list[Part]] = {}
    unknown: list[Part] = []
    for name, option in catalog.task_options(project.celery_version).items():
        if option.kind == "handler" or name in ("name", "queue"):
            continue
        if option.kind == "decorator":
            if name in task.options:
                value = settled(name, task.options[name])
                shown = python(value) if is_known(value) else "…"
                found.setdefault(_declared(task), []).append(Code(f"{name}={shown}"))
            continue
        effective = project.effective(task, name)
        if not effective.known:
            if name in task.options:
                found.setdefault(_declared(task), []).append(Code(f"{name}=…"))
            elif effective.origin != "default":  # what no catalog can write down is Celery's own
                unknown.append(Code(name))
        elif effective.origin != "default" or name in _ALWAYS:
            origin = _ORIGINS.get(effective.origin, _declared(task))
            found.setdefault(origin, []).append(Code(f"{name}={python(effective.value)}"))
    for origin in (_declared(task), *_ORIGINS.values()):
        if origin in found:
            yield (Strong(origin.capitalize()), " ", *joined(found[origin]))
    if len(unknown) > _UNKNOWN_SHOWN:
        yield ("other options are not known from source",)
    elif unknown:
        yield ("not known from source: ", *joined(unknown))


def _declared(task: Task) -> str:
    return _DECLARED.get(task.kind, "decorator")


def _queue(project: Project, task: Task) -> Iterator[Line]:
    found = project.effective(task, "queue")
    match found.value:
        case Const(value=str() as queue):
            origin = _QUEUE_ORIGINS.get(found.origin, _declared(task))
        case Const(value=None):
            default = project.setting(task.app, "task_default_queue")
            value = default.value.value if isinstance(default.value, Const) else None
            if not isinstance(value, str):
                return
            queue = value
            origin = "default" if default.origin == "default" else Code("task_default_queue")
        case _:
            yield (Strong("Queue"), " not known from source")
            return
    yield (Strong("Queue"), " ", Code(queue), " (", origin, ")")


def _retries(project: Project, task: Task) -> Iterator[Line]:
    schedule = retry_schedule(project, task)
    if schedule is not None:
        errors = project.effective(task, "autoretry_for").value
        on: Line = ()
        if isinstance(errors, Seq) and errors.items and is_known(errors):
            on = (" on ", *joined(Code(python(error)) for error in errors.items))
        yield (Strong("Retries"), f" {schedule.words}", *on)
        return
    text = project.text(task.path)
    if task.is_plain and text is not None and task.decorator is not None:
        context = TaskContext(FileContext(project, task.path, text), task, project.site(task))
        if is_never_retried(context):
            yield (Strong("Retries"), " never")


# --- who uses it --------------------------------------------------------------------------


def _schedules(project: Project, task: Task, now: datetime | None) -> Iterator[Line]:
    known = 0
    every = [schedule for schedule in project.schedules() if task in schedule.tasks]
    for schedule in every:
        timetable = timetable_of(schedule.when, project.celery_version)
        if timetable is not None and known < _SCHEDULES_SHOWN:
            known += 1
            yield schedule_line(project, timetable, task.app, now)
    left = len(every) - known
    if left:
        more = "more " if known else ""
        yield (Strong("Runs"), f" by {left} {more}schedule{'s' * (left > 1)}")


def _callers(project: Project, task: Task, uri_of: UriOf | None) -> Iterator[Line]:
    known = callers_in(project)
    # What runs it by the clock is told by itself.
    counted = (caller for caller in known.of(task) if not caller.by_clock)
    callers = sorted(counted, key=lambda caller: project.is_test(caller.path))
    if not callers:
        if known.is_passed_on(task):
            yield (Strong("Callers"), " none found; it is passed on as a value")
        else:
            yield (Strong("Callers"), " none found")
        return
    places = [
        _place(project, caller.path, caller.offset, uri_of) for caller in callers[:_CALLERS_SHOWN]
    ]
    more = len(callers) - len(places)
    rest = (f" and {more} more",) if more else ()
    yield (Strong("Callers"), f" {len(callers)}: ", *joined(places), *rest)


def _place(project: Project, path: str, offset: int, uri_of: UriOf | None) -> Link:
    line = lines_of(project.text(path) or "").line_at(offset) + 1
    url = f"{uri_of(path)}#L{line}" if uri_of is not None else None
    return Link(f"{project.relative(path)}:{line}", url, code=True)
