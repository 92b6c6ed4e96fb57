"""Faults in how a task is sent."""

import ast
from collections.abc import Iterator

from faults.plant import (
    Fault,
    at_node,
    imported,
    in_body,
    kind,
    misspelt,
    replaced,
    with_argument,
    with_positional,
    without_argument,
)
from faults.source import Call, Code

_DELAY = "delay", "delay_on_commit"
_ASYNC = "apply_async", "apply_async_on_commit"
_TIMES = {"countdown", "eta", "expires"}


def _calls(code: Code, *methods: str) -> Iterator[Call]:
    for call in code.calls:
        if call.task.is_plain and call.method in methods and not call.is_spread:
            yield call


def _statements(code: Code, *methods: str) -> Iterator[Call]:
    return (call for call in _calls(code, *methods) if call.is_statement)


@kind("CEL301")
def one_argument_more(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_DELAY):
        if not call.task.node.args.vararg:
            missing = len(call.task.positional) - len(call.node.args)
            more = ", ".join(["None"] * (missing + 1))
            yield at_node(call.module, call.node, with_positional(call.module, call.node, more))


@kind("CEL301")
def one_argument_more_in_args(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_ASYNC):
        match call.keywords.get("args", ast.keyword(None, None)).value:  # type: ignore[arg-type]
            case ast.Tuple(elts=[*_, last] as given) | ast.List(elts=[*_, last] as given):
                task = call.task
                if not task.node.args.vararg and not any(isinstance(x, ast.Starred) for x in given):
                    end = call.module.span(last)[1]
                    more = ", None" * (len(task.positional) - len(given) + 1)
                    yield at_node(call.module, call.node, (end, end, more))


@kind("CEL301")
def drop_required_argument(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_DELAY):
        given = call.node.args
        if given and len(given) <= call.task.required and not call.task.node.args.vararg:
            yield at_node(
                call.module, call.node, without_argument(call.module, call.node, given[-1])
            )


@kind("CEL301")
def drop_required_keyword(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_DELAY):
        required = {arg.arg for arg in call.task.positional[: call.task.required]}
        for name, keyword in call.keywords.items():
            if name in required:
                yield at_node(
                    call.module, call.node, without_argument(call.module, call.node, keyword)
                )


@kind("CEL301")
def unknown_keyword(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_DELAY):
        if not call.task.node.args.kwarg:
            edit = with_argument(call.module, call.node, "planted=1")
            yield at_node(call.module, call.node, edit)


@kind("CEL301")
def misspell_keyword(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_DELAY, "s", "si"):
        for name, keyword in call.keywords.items():
            if not call.task.node.args.kwarg:
                start = call.module.span(keyword)[0]
                yield at_node(call.module, call.node, (start, start + len(name), misspelt(name)))


@kind("CEL302")
def args_without_comma(code: Code) -> Iterator[Fault]:
    for call in code.calls:
        if call.method in _ASYNC and "apply_async" not in _own(call):
            given = [item.value for item in call.node.keywords if item.arg == "args"]
            given += call.node.args[:1]
            match given:
                case [ast.Tuple(elts=[one])] if _is_one(one):
                    end = call.module.span(one)[1]
                    comma = call.module.text.index(",", end)
                    yield at_node(call.module, call.node, (end, comma + 1, ""))


@kind("CEL302")
def args_for_delay_without_comma(code: Code) -> Iterator[Fault]:
    """`delay(1)` becomes `apply_async(args=(1))`."""
    for call in _calls(code, "delay"):
        match call.node:
            case ast.Call(args=[one], keywords=[]) if _is_one(one):
                text = f"{call.callee}.apply_async(args=({call.arguments}), countdown=5)"
                yield replaced(call, text)


@kind("CEL303")
def apply_async_like_delay(code: Code) -> Iterator[Fault]:
    """`delay(1, 2)` becomes `apply_async(1, 2)`; what is a literal is certainly no dict."""
    for call in _calls(code, *_DELAY):
        if len(call.task.positional) > 1 and len(call.node.args) > 1:
            values = ", ".join(str(number) for number, _ in enumerate(call.node.args))
            method = call.method.replace("delay", "apply_async")
            yield replaced(call, f"{call.callee}.{method}({values})")


@kind("CEL304")
def option_to_delay(code: Code) -> Iterator[Fault]:
    options = "countdown=10", 'queue="planted"', "priority=3", "expires=60"
    for number, call in enumerate(_calls(code, *_DELAY)):
        option = options[number % len(options)]
        arguments = call.task.node.args
        names = {arg.arg for arg in (*call.task.positional, *arguments.kwonlyargs)}
        if not arguments.kwarg and option.partition("=")[0] not in names:
            yield at_node(call.module, call.node, with_argument(call.module, call.node, option))


@kind("CEL305")
def misspell_call_option(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_ASYNC):
        for name, keyword in call.keywords.items():
            if name not in ("args", "kwargs") and len(name) > 6:
                start = call.module.span(keyword)[0]
                yield at_node(call.module, call.node, (start, start + len(name), misspelt(name)))


@kind("CEL305")
def add_misspelt_call_option(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_ASYNC):
        if "countdown" not in call.keywords:
            edit = with_argument(call.module, call.node, "count_down=60")
            yield at_node(call.module, call.node, edit)


@kind("CEL306")
def timedelta_as_countdown(code: Code) -> Iterator[Fault]:
    yield from _timed(code, "countdown=datetime.timedelta(minutes=5)")


@kind("CEL306")
def number_as_eta(code: Code) -> Iterator[Fault]:
    yield from _timed(code, "eta=300")


@kind("CEL307")
def countdown_after_expires(code: Code) -> Iterator[Fault]:
    yield from _timed(code, "countdown=60, expires=30")


@kind("CEL308")
def eta_and_countdown(code: Code) -> Iterator[Fault]:
    yield from _timed(code, "eta=datetime.datetime.now(datetime.timezone.utc), countdown=30")


def _timed(code: Code, options: str) -> Iterator[Fault]:
    """Calls of `apply_async` with a time, and those of `delay` made into some."""
    for call in _calls(code, "apply_async", "delay"):
        module = call.module
        if "datetime" in module.bindings or _TIMES & call.keywords.keys():
            continue
        added = [imported(module, "import datetime")] if "datetime." in options else []
        if call.method == "apply_async":
            edit = with_argument(module, call.node, options)
            yield at_node(module, call.node, edit, *added)
        elif call.node.args and not call.node.keywords:
            arguments = call.arguments.strip().rstrip(",")
            text = f"{call.callee}.apply_async(args=({arguments},), {options})"
            yield replaced(call, text, *added)


@kind("CEL311")
def unserializable_argument(code: Code) -> Iterator[Fault]:
    values = "{1, 2}", "lambda: 1", "{one for one in (1, 2)}", "(one for one in (1, 2))"
    if code.says(r"(?i)(task_|\b)serializer\b\s*[=:]|config_from_object\((?!.django)"):
        return
    for number, call in enumerate(_calls(code, *_DELAY)):
        for argument in call.node.args[:1]:
            start, end = call.module.span(argument)
            yield at_node(call.module, call.node, (start, end, values[number % len(values)]))


@kind("CEL316")
def result_of_delay_on_commit(code: Code) -> Iterator[Fault]:
    for call in _statements(code, "delay_on_commit", "apply_async_on_commit"):
        end = call.module.span(call.node)[1]
        yield at_node(call.module, call.node, (end, end, ".id"))


@kind("CEL317")
def wait_in_task(code: Code) -> Iterator[Fault]:
    for call in _statements(code, "delay", "apply_async"):
        around = code.task_around(call.module, call.node)
        allowed = "allow_join_result" in call.module.text or "disable_sync" in call.module.text
        if around is not None and not allowed and not _ignores(call):
            end = call.module.span(call.node)[1]
            yield at_node(call.module, call.node, (end, end, ".get()"))


@kind("CEL319")
def wait_for_ignored_result(code: Code) -> Iterator[Fault]:
    """The task is in the same file, and is made to ignore its result where it doesn't."""
    for call in _statements(code, "delay", "apply_async"):
        module, task = call.module, call.task
        outside = code.task_around(module, call.node) is None
        if outside and task.module is module and not task.has("ignore_result"):
            end = module.span(call.node)[1]
            option = with_argument(module, task.decorator, "ignore_result=True")
            yield at_node(module, call.node, (end, end, ".get(timeout=1)"), option)


@kind("CEL320")
def send_unknown_task(code: Code) -> Iterator[Fault]:
    if not all(task.has_known_name for task in code.tasks):
        return  # any may be that one
    for call in _calls(code, "delay"):
        name = misspelt(call.task.name)
        if not call.node.keywords and "current_app" not in call.module.bindings:
            if not code.is_clear(name, call.task):
                continue
            arguments = call.arguments.strip().rstrip(",")
            given = f", ({arguments},)" if arguments else ""
            text = f'current_app.send_task("{name}"{given})'
            yield replaced(call, text, imported(call.module, "from celery import current_app"))


def _own(call: Call) -> frozenset[str]:
    """What the class of a task has of its own; everything if that can't be read."""
    return call.task.base.members if call.task.base else frozenset({"apply_async"})


def _ignores(call: Call) -> bool:
    value = (call.task.options or {}).get("ignore_result")
    said = isinstance(value, ast.Constant) and value.value is True
    return said and "ignore_result" not in call.keywords


def _is_one(node: ast.expr) -> bool:
    """Whether a value is certainly no list or tuple: a literal or a key."""
    match node:
        case ast.Constant(value=value):
            return value is not None
        case ast.Attribute(attr="pk" | "id") | ast.JoinedStr():
            return True
        case ast.Name(id=name):
            return name.endswith(("_id", "pk"))
    return False


@kind("CEL309")
def eta_by_the_clock_of_the_machine(code: Code) -> Iterator[Fault]:
    for call in _calls(code, *_ASYNC):
        if not _TIMES & call.keywords.keys():
            edit = with_argument(call.module, call.node, "eta=planted_time.now()")
            statement = "from datetime import datetime as planted_time"
            yield at_node(call.module, call.node, edit, imported(call.module, statement))


@kind("CEL312")
def object_of_a_model(code: Code) -> Iterator[Fault]:
    """The first argument becomes an object of a model of Django's."""
    for number, call in enumerate(_calls(code, *_DELAY)):
        if call.node.args and "serializer" not in (call.task.options or {}):
            value = ("PlantedUser()", "PlantedUser.objects.get(pk=1)")[number % 2]
            span = call.module.span(call.node.args[0])
            statement = "from django.contrib.auth.models import User as PlantedUser"
            edit = (*span, value)
            yield at_node(call.module, call.node, edit, imported(call.module, statement))


@kind("CEL323")
def processes_in_a_task(code: Code) -> Iterator[Fault]:
    starts = (
        ("import multiprocessing", "multiprocessing.Pool(2)"),
        ("from multiprocessing import Process", "Process(target=print).start()"),
        ("from concurrent.futures import ProcessPoolExecutor", "ProcessPoolExecutor()"),
    )
    for number, task in enumerate(code.tasks):
        statement, start = starts[number % len(starts)]
        if task.is_plain:
            yield in_body(task, f"{statement}\n{start}")
