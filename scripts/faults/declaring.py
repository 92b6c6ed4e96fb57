"""Faults in how a task is declared."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from faults.plant import Fault, at_task, imported, kind, misspelt, with_option, without_argument
from faults.source import Call, Code, Task

_LEFT_ALONE = (
    r"^(name|bind|base|queue|acks_late|autoretry_for|retry_.*|.*time_limit|max_retries|task_.*)$"
)
"""Options that other rules ask for as well, and settings, which are no options before either."""
_OPTIONS = "track_started=True", "ignore_result=True", "max_retries=3", "default_retry_delay=5"


def _plain(code: Code) -> Iterator[Task]:
    return (task for task in code.tasks if task.is_plain)


@kind("CEL104")
def drop_self(code: Code) -> Iterator[Fault]:
    """`self` was the only parameter of a bound task."""
    for task in _plain(code):
        args = task.node.args
        if (
            task.bound
            and _first(task)
            and not task.positional
            and not args.vararg
            and not args.defaults
        ):
            start, end = _self(task)
            yield at_task(task, (start, end, ""))


@kind("CEL301", CEL104="the body may use the `self` that is gone")
def drop_self_before_others(code: Code) -> Iterator[Fault]:
    """The first real parameter takes the task now, so that calls hand over one too many."""
    for task in _plain(code):
        calls = _calls(code, task)
        clear = any(map(_is_full, calls)) and not task.node.args.vararg
        if task.bound and task.positional and clear:
            start, end = _self(task)
            places = [(c.module.path, c.module.span(c.node)) for c in calls]
            places.append((task.module.path, task.head))
            tests = code.tests.items()
            places += [(path, (0, len(text))) for path, text in tests if task.node.name in text]
            yield Fault(task.module, ((start, end, ""),), tuple(places))


@kind("CEL105", CEL102="a `self` that is handed on is not the task any more, so nothing retries it")
def drop_bind(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        if task.bound and isinstance(task.decorator, ast.Call) and _first(task) == "self":
            for keyword in task.decorator.keywords:
                if keyword.arg == "bind":
                    edit = without_argument(task.module, task.decorator, keyword)
                    yield at_task(task, edit)


@kind("CEL105")
def add_self(code: Code) -> Iterator[Fault]:
    """A task that nobody sends by place gets a `self`, and no `bind=True`."""
    for task in _plain(code):
        start = task.module.text.index("(", task.module.span(task.node)[0]) + 1
        if task.options is not None and "bind" not in task.options and not _calls(code, task):
            rest = task.node.args
            any_more = rest.posonlyargs or rest.args or rest.vararg or rest.kwonlyargs or rest.kwarg
            yield at_task(task, (start, start, "self, " if any_more else "self"))


@kind("CEL106")
def misspell_option(code: Code) -> Iterator[Fault]:
    for task in _undecorated(code):
        if isinstance(task.decorator, ast.Call) and task.options is not None and task.base:
            for keyword in task.decorator.keywords:
                name = keyword.arg or ""
                if len(name) > 6 and not re.match(_LEFT_ALONE, name):
                    start = task.module.span(keyword)[0]
                    yield at_task(task, (start, start + len(name), misspelt(name)))


@kind("CEL106")
def add_misspelt_option(code: Code) -> Iterator[Fault]:
    for number, task in enumerate(_undecorated(code)):
        name, _, value = _OPTIONS[number % len(_OPTIONS)].partition("=")
        if not task.has(name) and not code.words[misspelt(name)]:
            yield with_option(task, f"{misspelt(name)}={value}")


@kind("CEL106")
def setting_as_option(code: Code) -> Iterator[Fault]:
    """A setting's name in place of the option's."""
    for task in _undecorated(code):
        if not task.has("track_started") and not code.says(r"\.task_track_started\b"):
            yield with_option(task, "task_track_started=True")


@kind("CEL109")
def make_async(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        if isinstance(task.node, ast.FunctionDef) and not _yields(task):
            start = task.module.span(task.node)[0]
            yield at_task(task, (start, start, "async "))


@kind("CEL110")
def make_generator(code: Code) -> Iterator[Fault]:
    """`yield` in place of `return`, or at the end."""
    for task in _plain(code):
        if isinstance(task.node, ast.FunctionDef) and not _yields(task):
            returns = [n for n in task.own if isinstance(n, ast.Return) and n.value is not None]
            starts = [task.module.span(node)[0] for node in returns]
            if starts:
                yield at_task(task, *((at, at + len("return"), "yield") for at in starts))
            else:
                at = task.module.span(task.node.body[-1])[0]
                begin = task.module.line_start(at)
                if not task.module.text[begin:at].strip():
                    yield at_task(task, (at, at, f"yield 1\n{task.module.text[begin:at]}"))


@kind("CEL111")
def decorator_above(code: Code) -> Iterator[Fault]:
    """A decorator above the task's, so that the name is a plain function."""
    for task in _plain(code):
        if not _calls(code, task):
            start = task.head[0]
            edits = (
                (start, start, "@functools.lru_cache\n"),
                imported(task.module, "import functools"),
            )
            yield at_task(task, *edits)


@kind("CEL112")
def staticmethod_below(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        end = task.module.span(task.decorator)[1]
        yield at_task(task, (end, end, "\n@staticmethod"))


@kind("CEL113")
def double_decorator(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        if task.options is not None and "name" not in task.options:
            again = f"\n@{task.module.of(task.decorator)}"
            end = task.module.span(task.decorator)[1]
            yield at_task(task, (end, end, again))


@kind("CEL114")
def positional_name(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        if "name" not in (task.options or {"name": 0}):
            decorator, text = task.decorator, f'"{task.name}"'
            if isinstance(decorator, ast.Call):
                at = task.module.span(decorator.func)[1] + 1
                yield at_task(task, (at, at, f"{text}, " if decorator.keywords else text))
            else:
                at = task.module.span(decorator)[1]
                yield at_task(task, (at, at, f"({text})"))


@kind("CEL117")
def unreadable_rate(code: Code) -> Iterator[Fault]:
    rates = "10/x", "10/min", "ten/m", "5/d"
    if not code.says(r"(?i)task_annotations"):
        for number, task in enumerate(code.tasks):
            if not task.has("rate_limit"):
                yield with_option(task, f'rate_limit="{rates[number % len(rates)]}"')


@kind("CEL118", CEL211="the soft limit that is new may be swallowed by a loop that was there")
def soft_above_hard(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        if not task.has("soft_time_limit", "time_limit"):
            yield with_option(task, "soft_time_limit=600, time_limit=300")


@kind("CEL118", CEL211="the soft limit that is new may be swallowed by a loop that was there")
def soft_above_given_hard(code: Code) -> Iterator[Fault]:
    for task in _plain(code):
        limit = (task.options or {}).get("time_limit")
        if isinstance(limit, ast.Constant) and not task.has("soft_time_limit"):
            yield with_option(task, f"soft_time_limit={limit.value} * 2")


@kind("CEL120")
def reject_without_acks_late(code: Code) -> Iterator[Fault]:
    if not code.says(r"(?i)acks_late"):
        for task in _plain(code):
            if not task.has("reject_on_worker_lost"):
                yield with_option(task, "reject_on_worker_lost=True")


@kind("CEL701")
def same_name_twice(code: Code) -> Iterator[Fault]:
    """Two tasks of a module are given one name, as when one is copied."""
    for module in code.modules.values():
        tasks = [t for t in _plain(code) if t.module is module and "name" not in (t.options or {})]
        tasks = [task for task in tasks if not code.says(rf"[\"']{task.name}[\"']")]
        for one, other in pairwise(tasks):
            option = 'name="planted.task"'
            first, second = with_option(one, option), with_option(other, option)
            yield Fault(module, first.edits + second.edits, first.places + second.places)


@kind("CEL115")
def task_as_method(code: Code) -> Iterator[Fault]:
    """A task is moved into a class, and gets a `self`."""
    for task in _plain(code):
        text, module = task.module.text, task.module
        start, end = task.head[0], module.span(task.node)[1]
        whole = text[start:end]
        rest = task.positional or task.node.args.kwonlyargs or task.node.args.vararg
        alone = code.words[task.node.name] == 1
        if not task.bound and alone and '"""' not in whole and "'''" not in whole:
            at = text.index("(", module.span(task.node)[0]) + 1
            lines = [start + found.start() for found in re.finditer(r"(?m)^(?=.)", whole)]
            indents = [(line, line, "    ") for line in lines[1:]]
            first = (start, start, "class Planted:\n    ")
            yield at_task(task, first, (at, at, "self, " if rest else "self"), *indents)


def _undecorated(code: Code) -> Iterator[Task]:
    """Tasks without a decorator below, which might read what the one above was given."""
    return (task for task in code.tasks if task.node.decorator_list[-1] is task.decorator)


def _self(task: Task) -> tuple[int, int]:
    """The first parameter, with the comma and the space behind it."""
    arguments = [*task.node.args.posonlyargs, *task.node.args.args]
    start, end = task.module.span(arguments[0])
    text = task.module.text
    while text[end] in ", \n":
        end += 1
    return start, end


def _first(task: Task) -> str | None:
    arguments = [*task.node.args.posonlyargs, *task.node.args.args]
    return arguments[0].arg if arguments else None


def _yields(task: Task) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom | ast.Await) for node in task.own)


def _calls(code: Code, task: Task) -> list[Call]:
    return [call for call in code.calls if call.task is task]


def _is_full(call: Call) -> bool:
    """Whether every parameter has its argument."""
    given = len(call.node.args) + len(call.node.keywords)
    full = given == len(call.task.positional) and not call.is_spread
    return full and call.method.startswith("delay") and not call.task.node.args.kwarg
