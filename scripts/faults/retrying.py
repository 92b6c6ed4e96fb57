"""Faults in how a task is tried again."""

import ast
from collections.abc import Iterator

from faults.plant import (
    Fault,
    at_node,
    at_task,
    imported,
    in_body,
    kind,
    with_option,
    without_argument,
)
from faults.source import Code, Module, Task

_RETRY = "autoretry_for", "retry_kwargs", "retry_backoff", "retry_backoff_max", "retry_jitter"
_DELAY = "default_retry_delay", "max_retries"


def _plain(code: Code, *without: str) -> Iterator[Task]:
    return (task for task in code.tasks if task.is_plain and not task.has(*without))


@kind("CEL202")
def autoretry_for_class(code: Code) -> Iterator[Fault]:
    for task in _plain(code, *_RETRY, *_DELAY):
        yield with_option(task, "autoretry_for=ValueError, retry_backoff=True")


@kind("CEL202")
def autoretry_without_comma(code: Code) -> Iterator[Fault]:
    """`autoretry_for=(OSError,)` loses its comma."""
    for task in code.tasks:
        for keyword in task.decorator.keywords if isinstance(task.decorator, ast.Call) else ():
            match keyword:
                case ast.keyword(arg="autoretry_for", value=ast.Tuple(elts=[one])):
                    end = task.module.span(one)[1]
                    comma = task.module.text.index(",", end)
                    yield at_task(task, (end, comma + 1, ""))


@kind("CEL201")
def backoff_without_autoretry(code: Code) -> Iterator[Fault]:
    options = "retry_backoff=True", "retry_jitter=True", "retry_backoff_max=60"
    for number, task in enumerate(_plain(code, *_RETRY)):
        option = options[number % len(options)]
        if not code.says(rf"\.{option.partition('=')[0]}\b"):
            yield with_option(task, option)


@kind("CEL203")
def backoff_above_its_max(code: Code) -> Iterator[Fault]:
    for task in _plain(code, *_RETRY):
        yield with_option(task, "autoretry_for=(ConnectionError,), retry_backoff=3600")


@kind("CEL204")
def backoff_and_countdown(code: Code) -> Iterator[Fault]:
    for task in _plain(code, *_RETRY):
        kwargs = 'retry_kwargs={"max_retries": 5, "countdown": 60}'
        yield with_option(task, f"autoretry_for=(OSError,), retry_backoff=True, {kwargs}")


@kind("CEL208")
def autoretry_without_delay(code: Code) -> Iterator[Fault]:
    for task in _plain(code, *_RETRY, *_DELAY):
        yield with_option(task, "autoretry_for=(ConnectionError, TimeoutError)")


@kind("CEL209")
def swallow_retry(code: Code) -> Iterator[Fault]:
    for module, call, task in _retries(code):
        raised = module.parents[call]
        if isinstance(raised, ast.Raise | ast.Expr) and not _throws_not(call):
            start, end = module.span(raised)
            indent = module.text[module.line_start(start) : start]
            if not indent.strip():
                inner = module.text[start:end]
                new = f"try:\n{indent}    {inner}\n{indent}except Exception:\n{indent}    print(0)"
                yield at_node(module, raised, (start, end, new))


@kind("CEL209")
def swallow_new_retry(code: Code) -> Iterator[Fault]:
    for task in code.tasks:
        name = _self(task)
        if name is not None and "retry" not in (task.base.members if task.base else ["retry"]):
            body = f"try:\n    raise {name}.retry(countdown=60)\nexcept Exception:\n    print(0)"
            yield in_body(task, body)


@kind("CEL210")
def swallow_reject(code: Code) -> Iterator[Fault]:
    for number, task in enumerate(_plain(code)):
        name = ("Ignore", "Reject")[number % 2]
        body = f"try:\n    raise {name}()\nexcept Exception:\n    print(0)"
        if name not in task.module.bindings:
            yield in_body(task, body, imported(task.module, f"from celery.exceptions import {name}"))


@kind("CEL211")
def swallow_soft_limit(code: Code) -> Iterator[Fault]:
    loop = "for item in range(3):\n    try:\n        print(item)\n    except Exception:\n        continue"
    for task in _plain(code, "soft_time_limit", "time_limit"):
        yield in_body(task, loop, *with_option(task, "soft_time_limit=300").edits)


@kind("CEL213")
def drop_raise(code: Code) -> Iterator[Fault]:
    for module, call, _ in _retries(code):
        raised = module.parents[call]
        if isinstance(raised, ast.Raise) and not _throws_not(call):
            start, end = module.span(raised)
            yield at_node(module, raised, (start, end, module.of(call)))


@kind("CEL213")
def retry_as_statement(code: Code) -> Iterator[Fault]:
    for task in code.tasks:
        name = _self(task)
        if name is not None and "retry" not in (task.base.members if task.base else ["retry"]):
            yield in_body(task, f"if not {name}.request.id:\n    {name}.retry(countdown=60)")


@kind("CEL215")
def retry_with_exception_by_place(code: Code) -> Iterator[Fault]:
    for module, call, _ in _retries(code):
        for keyword in call.keywords:
            if keyword.arg == "exc" and keyword is call.keywords[0] and not call.args:
                start = module.span(keyword)[0]
                if _caught(module, call) == ast.unparse(keyword.value):
                    yield at_node(module, call, (start, module.span(keyword.value)[0], ""))


@kind("CEL215")
def new_retry_with_exception_by_place(code: Code) -> Iterator[Fault]:
    for task in code.tasks:
        name = _self(task)
        if name is not None and "retry" not in (task.base.members if task.base else ["retry"]):
            handler = f"except OSError as error:\n    raise {name}.retry(error, countdown=5)"
            yield in_body(task, f"try:\n    print(1)\n{handler}")


@kind("CEL214")
def drop_exc(code: Code) -> Iterator[Fault]:
    for module, call, _ in _retries(code):
        for keyword in call.keywords:
            if keyword.arg == "exc" and _caught(module, call):
                if "MaxRetriesExceededError" not in module.text:
                    yield at_node(module, call, without_argument(module, call, keyword))


@kind("CEL214")
def retry_without_its_cause(code: Code) -> Iterator[Fault]:
    for task in code.tasks:
        name = _self(task)
        members = task.base.members if task.base else {"retry"}
        endless = (task.options or {}).get("max_retries")
        if name is None or {"retry", "on_failure"} & members or endless is not None:
            continue
        if "MaxRetriesExceededError" not in task.module.text and "max_retries" not in members:
            handler = f"except OSError:\n    raise {name}.retry(countdown=5)"
            yield in_body(task, f"try:\n    print(1)\n{handler}")


def _self(task: Task) -> str | None:
    """What a bound task calls itself."""
    arguments = [*task.node.args.posonlyargs, *task.node.args.args]
    return arguments[0].arg if task.bound and arguments else None


def _retries(code: Code) -> Iterator[tuple[Module, ast.Call, Task]]:
    """The calls of `self.retry` in tasks."""
    for task in code.tasks:
        for node in task.own:
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="retry")):
                    if name == _self(task):
                        yield task.module, node, task


def _throws_not(call: ast.Call) -> bool:
    return any(keyword.arg in ("throw", None) for keyword in call.keywords)


def _caught(module: Module, call: ast.Call) -> str | None:
    """The name of the exception that the nearest `except` around a call has caught."""
    for node in module.above(call):
        if isinstance(node, ast.ExceptHandler):
            return node.name
    return None
