"""What there is to do once a task is written: commands to type, lines of Python that call it."""

from collections.abc import Iterable
from dataclasses import dataclass

from celeryls.forms.neighbours import Neighbour
from celeryls.forms.spec import DEFAULT_QUEUE, TaskSpec
from celeryls.generate.apps import CommandLine, command_line
from celeryls.generate.samples import json_arguments, needed, python_of
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.syntax.expr import Const


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something left to do.  `command`, if any, is a line for a shell in the project's folder."""

    title: str
    command: str | None = None


def next_steps(project: Project, spec: TaskSpec, task: Task, app: App | None) -> list[NextStep]:
    """What is left to do, in the order in which one does it."""
    steps = [NextStep(f"Fill in the body of {spec.name}.")]
    celery = command_line(project, app) if app is not None else None
    if app is None and all(project.is_test(found.path or "") for found in project.apps):
        steps.append(NextStep("Set up an app, of which there is none.", "celeryls init"))
    if app is None or celery is None:
        return steps
    queue = _queue(project, spec, task, app)
    steps.append(NextStep("Start a worker for its queue.", celery("worker", "-Q", queue)))
    if spec.schedule is not None:
        steps.append(NextStep("Start beat, once for all workers.", celery("beat")))
    steps += _send(spec, task, celery)
    steps.append(NextStep("See what runs.", celery("inspect", "active")))
    steps.append(NextStep("Watch it in a browser; Flower has to be installed.", celery("flower")))
    return steps


def _queue(project: Project, spec: TaskSpec, task: Task, app: App) -> str:
    """The queue that a worker has to take from."""
    for value in (
        project.effective(task, "queue").value,
        Const(spec.queue if spec.queue != DEFAULT_QUEUE else None),
        project.setting(app, "task_default_queue").value,
    ):
        if isinstance(value, Const) and isinstance(value.value, str):
            return value.value
    return "celery"


def _send(spec: TaskSpec, task: Task, celery: CommandLine) -> list[NextStep]:
    if task.name is None:
        return []
    options = ["--kwargs", json_arguments(spec)] if needed(spec) else []
    queue = task.options.get("queue")
    if isinstance(queue, Const) and isinstance(queue.value, str):
        # `celery call` goes by the name alone, and does not look at the task.
        options.append(f"--queue={queue.value}")
    return [NextStep("Send it from a shell.", celery("call", task.name, *options))]


def calls(spec: TaskSpec) -> tuple[str, ...]:
    """Lines of Python that call the task, each one a way to."""
    arguments = needed(spec)
    plain = ", ".join(f"{name}={value}" for name, value in arguments.items())
    handed = "{" + ", ".join(f'"{name}": {value}' for name, value in arguments.items()) + "}"
    options = f"kwargs={handed}, " if arguments else ""
    found = [
        f"{spec.name}.delay({plain})",
        f"{spec.name}.apply_async({options}countdown=10, expires=3600)",
        f"{spec.name}.apply({options.removesuffix(', ')})",
    ]
    if spec.after is not None or spec.before is not None:
        found.insert(0, _chain(spec))
    return tuple(found)


def _chain(spec: TaskSpec) -> str:
    """The chain that it is for; `si` where a task does not take the result before it."""
    after, before = spec.after, spec.before
    links = []
    if after is not None:
        links.append(_signature(after.function, _required(after), "s"))
    own = needed(spec)
    if after is not None and after.hands_on:
        own.pop(spec.parameters[0].name, None)  # which is the result
    method = "si" if after is not None and not after.hands_on else "s"
    links.append(_signature(spec.name, own.items(), method))
    if before is not None:
        ignores = before.ignores(spec.returned)
        arguments = _required(before)
        links.append(
            _signature(before.function, arguments, "si")
            if ignores
            else _signature(before.function, arguments[1:], "s")
        )
    return f"chain({', '.join(links)}).delay()"


def _required(task: Neighbour) -> list[tuple[str, str]]:
    return [
        (one.name, python_of(one.annotation) if one.annotation else "...")
        for one in task.takes or ()
        if one.required
    ]


def _signature(function: str, arguments: Iterable[tuple[str, str]], method: str) -> str:
    given = ", ".join(f"{name}={value}" for name, value in arguments)
    return f"{function}.{method}({given})"
