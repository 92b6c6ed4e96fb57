"""Faults in schedules and settings."""

import ast
from collections.abc import Iterator

from faults.plant import (
    Fault,
    appended,
    at_node,
    imported,
    kind,
    misspelt,
    with_argument,
    without_argument,
)
from faults.source import Code, Module, Task

_NO_ARGUMENTS = "the task that is scheduled needs arguments, and the planted entry hands it none"
_FIELDS = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year")
_IMPORT = "from celery.schedules import crontab as planted_crontab\n\n"


# --- crontabs ---------------------------------------------------------------------------


def _crontabs(code: Code) -> Iterator[tuple[Module, ast.Call, dict[str, ast.keyword]]]:
    for module, node in code.nodes:
        if "crontab" not in module.text or not isinstance(node, ast.Call) or node.args:
            continue
        if code.meaning(module, node.func) == "celery.schedules.crontab":
            yield module, node, {str(item.arg): item for item in node.keywords}


@kind("CEL502", CEL505=_NO_ARGUMENTS)
def hour_of_25(code: Code) -> Iterator[Fault]:
    for module, node, fields in _crontabs(code):
        if "hour" in fields:
            start, end = module.span(fields["hour"].value)
            yield at_node(module, node, (start, end, "25"))


@kind("CEL502", CEL505=_NO_ARGUMENTS)
def field_that_is_not(code: Code) -> Iterator[Fault]:
    for module, node, _ in _crontabs(code):
        yield at_node(module, node, with_argument(module, node, "second=5"))


@kind("CEL502", CEL505=_NO_ARGUMENTS)
def whole_line_in_a_field(code: Code) -> Iterator[Fault]:
    for module, node, _ in _crontabs(code):
        start, end = module.span(node.func)[1] + 1, module.span(node)[1] - 1
        yield at_node(module, node, (start, end, '"0 4 * * *"'))


@kind("CEL501", CEL505=_NO_ARGUMENTS)
def crontab_without_minute(code: Code) -> Iterator[Fault]:
    for module, node, fields in _crontabs(code):
        hour = fields["hour"].value if "hour" in fields else None
        if "minute" in fields and isinstance(hour, ast.Constant) and str(hour.value).isdigit():
            yield at_node(module, node, without_argument(module, node, fields["minute"]))


@kind("CEL503", CEL505=_NO_ARGUMENTS)
def uneven_step(code: Code) -> Iterator[Fault]:
    for module, node, _ in _crontabs(code):
        start, end = module.span(node.func)[1] + 1, module.span(node)[1] - 1
        yield at_node(module, node, (start, end, 'minute="*/45"'))


# --- schedules --------------------------------------------------------------------------


def _known(code: Code) -> Iterator[tuple[Module, str, Task]]:
    """Each app that is made under one name, with some task."""
    tasks = [task for task in code.tasks if task.top and task.options is not None]
    for module, name, _ in code.apps:
        for task in tasks[:: max(1, len(tasks) // 8)]:
            yield module, name, task


def _scheduled(app: str, entry: str) -> str:
    return f'\n{_IMPORT}{app}.conf.beat_schedule = {{\n    "planted": {{{entry}}},\n}}\n'


@kind("CEL504", CEL505=_NO_ARGUMENTS)
def schedule_of_unknown_task(code: Code) -> Iterator[Fault]:
    for module, app, task in _known(code):
        name = misspelt(task.name)
        if code.is_clear(name, task):
            entry = f'"task": "{name}", "schedule": 60'
            yield appended(module, _scheduled(app, entry))


@kind("CEL504", CEL505=_NO_ARGUMENTS)
def scheduled_name_misspelt(code: Code) -> Iterator[Fault]:
    names = {task.name for task in code.tasks if task.options is not None}
    for module, entry in _entries(code):
        value = entry["task"]
        if isinstance(value, ast.Constant) and value.value in names:
            start, end = module.span(value)
            new = module.text[start:end].replace(value.value, misspelt(value.value))
            yield at_node(module, value, (start, end, new))


@kind("CEL506", CEL505=_NO_ARGUMENTS)
def schedule_args_without_comma(code: Code) -> Iterator[Fault]:
    for module, app, task in _known(code):
        entry = f'"task": "{task.name}", "schedule": 60, "args": (1)'
        yield appended(module, _scheduled(app, entry))


@kind("CEL507", CEL505=_NO_ARGUMENTS)
def schedule_with_misspelt_key(code: Code) -> Iterator[Fault]:
    entries = '"schedul": 60', '"schedule": 60, "arg": (1,)', '"schedule": 60, "kwarg": {}'
    for number, (module, app, task) in enumerate(_known(code)):
        entry = f'"task": "{task.name}", {entries[number % 3]}'
        good = f'"task": "{task.name}", "schedule": 5}},\n    "other": {{{entry}'
        yield appended(module, _scheduled(app, good))


@kind("CEL507", CEL505=_NO_ARGUMENTS)
def scheduled_key_misspelt(code: Code) -> Iterator[Fault]:
    for module, entry in _entries(code):
        beside = module.parents[module.parents[entry["task"]]]
        others = isinstance(beside, ast.Dict) and len(beside.keys) > 1
        for key in ("args", "kwargs", "options", *(["schedule"] if others else [])):
            if key in entry:
                start = module.text.rindex(key, 0, module.span(entry[key])[0])
                edit = (start, start + len(key), key[:-1])
                yield Fault(module, (edit,), ((module.path, edit[:2]),))


@kind("CEL507", CEL505=_NO_ARGUMENTS)
def schedule_with_misspelt_option(code: Code) -> Iterator[Fault]:
    for module, app, task in _known(code):
        entry = f'"task": "{task.name}", "schedule": 60, "options": {{"expire": 10}}'
        yield appended(module, _scheduled(app, entry))


@kind("CEL501", CEL505=_NO_ARGUMENTS)
def schedule_every_minute_of_an_hour(code: Code) -> Iterator[Fault]:
    for module, app, task in _known(code):
        entry = f'"task": "{task.name}", "schedule": planted_crontab(hour=3)'
        yield appended(module, _scheduled(app, entry))


@kind("CEL502", CEL505=_NO_ARGUMENTS)
def schedule_at_25(code: Code) -> Iterator[Fault]:
    bad = "minute=60", "hour=25", 'day_of_week="7"', "month_of_year=13", 'minute="a"'
    for number, (module, app, task) in enumerate(_known(code)):
        entry = f'"task": "{task.name}", "schedule": planted_crontab({bad[number % 5]}, {{}})'
        fields = "minute=0" if "minute" not in bad[number % 5] else "hour=0"
        yield appended(module, _scheduled(app, entry.replace("{}", fields)))


@kind("CEL508", CEL505=_NO_ARGUMENTS)
def same_signature_twice(code: Code) -> Iterator[Fault]:
    """An `add_periodic_task` is written twice, without names."""
    for module, node in code.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="add_periodic_task") as owner, args=[_, task]):
                start = module.span(node)[0]
                indent = module.text[module.line_start(start) : start]
                if not indent.strip():
                    add, text = module.of(owner), module.of(task)
                    twice = f"{add}(60, {text})\n{indent}{add}(90, {text})"
                    yield at_node(module, node, (*module.span(node), twice))


def _entries(code: Code) -> Iterator[tuple[Module, dict[str, ast.expr]]]:
    """The entries of schedules: dicts with a task and a schedule."""
    for module, node in code.nodes:
        if isinstance(node, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else "" for key in node.keys]
            entry = dict(zip(map(str, keys), node.values, strict=True))
            if {"task", "schedule"} <= entry.keys() and "CELERY" in module.text.upper():
                yield module, entry


# --- settings ---------------------------------------------------------------------------


def _written(code: Code, *lines: str) -> Iterator[Fault]:
    """Each of some settings at the end of each module that makes an app."""
    for module, app, _ in code.apps:
        for line in lines:
            yield appended(module, f"\n{app}.conf.{line}\n")


@kind("CEL601")
def misspelt_setting(code: Code) -> Iterator[Fault]:
    yield from _written(
        code,
        "task_track_startd = True",
        "worker_prefetch_multipler = 1",
        "result_expire = 60",
        "broker_conection_timeout = 3",
        "task_ignore_results = True",
    )


@kind("CEL602", CEL603="where new names stand beside it, Celery refuses to start")
def old_setting_name(code: Code) -> Iterator[Fault]:
    if code.says(r"config_from_object\([^)]*django.conf:settings[\"']\)"):
        return  # without a namespace Django's settings have the old names, and then all do
    yield from _written(
        code,
        "CELERYD_CONCURRENCY = 4",
        "CELERY_TRACK_STARTED = True",
        "CELERYD_PREFETCH_MULTIPLIER = 1",
    )


@kind("CEL801")
def pickle_accepted(code: Code) -> Iterator[Fault]:
    yield from _written(
        code,
        'accept_content = ["json", "pickle"]',
        'task_serializer = "pickle"',
        'result_serializer = "pickle"',
        'result_accept_content = ["pickle"]',
    )


@kind("CEL606")
def route_of_unknown_task(code: Code) -> Iterator[Fault]:
    for module, app, task in _known(code):
        name = misspelt(task.name)
        if not code.is_clear(name, task):
            continue
        routes = f'{{"{name}": {{"queue": "planted"}}}}'
        yield appended(module, f"\n{app}.conf.task_routes = {routes}\n")


@kind("CEL901")
def import_of_what_was_removed(code: Code) -> Iterator[Fault]:
    statements = (
        "from celery.task import task as planted",
        "from celery.decorators import periodic_task as planted",
        "import celery.task",
    )
    for number, module in enumerate(code.modules.values()):
        if any(task.module is module for task in code.tasks):
            edit = imported(module, statements[number % 3])
            yield Fault(module, (edit,), ((module.path, edit[:2]),))


def _settings(code: Code) -> Iterator[tuple[Module, ast.Assign, str]]:
    """The settings of Django's with the prefix of an app's namespace that are named once."""
    if code.says(
        r"config_from_object\(\s*[\"']django.conf:settings[\"'],\s*namespace=[\"']CELERY[\"']"
    ):
        for module in code.modules.values():
            if "settings" in module.name:
                for node in module.tree.body:
                    match node:
                        case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("CELERY_"):
                            if _is_alone(code, module, name):
                                yield module, node, name


def _is_alone(code: Code, module: Module, name: str) -> bool:
    """Whether a name is one of Celery's settings, no other is like it, and nobody reads it."""
    key, known = name[7:].lower(), _celerys()
    like = [other for other in known if other.startswith(key) or key.startswith(f"{other}_")]
    return len(name) > 12 and code.words[name] == 1 and like == [key] and key != "beat_scheduler"


def _celerys() -> frozenset[str]:
    """The names that Celery has for its settings."""
    from celery.app.defaults import NAMESPACES, flatten

    return frozenset(name for name, _ in flatten(NAMESPACES))


@kind("CEL601")
def django_setting_misspelt(code: Code) -> Iterator[Fault]:
    for module, node, name in _settings(code):
        start = module.span(node)[0]
        yield at_node(module, node, (start, start + len(name), f"CELERY_{misspelt(name[7:])}"))


@kind("CEL604")
def django_setting_without_prefix(code: Code) -> Iterator[Fault]:
    for module, node, name in _settings(code):
        if name.startswith(("CELERY_TASK_", "CELERY_WORKER_")) and not code.words[name[7:]]:
            start = module.span(node)[0]
            yield at_node(module, node, (start, start + len(name), name[7:]))
