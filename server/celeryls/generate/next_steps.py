"""What there is to do once a task is written: commands to type, lines of Python that call it."""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from celeryls.forms.neighbours import Neighbour
from celeryls.forms.run_form import RunSpec
from celeryls.forms.spec import DEFAULT_QUEUE, TaskSpec
from celeryls.generate.apps import CommandLine, command_line
from celeryls.generate.run_line import run_line
from celeryls.generate.samples import json_arguments, needed, python_of
from celeryls.generate.shell import shell_line
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.detection import Framework, detect
from celeryls.syntax.expr import Const


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something left to do.  `command`, if any, is a line for a shell in the project's folder.

    `adds` is what that line adds where it is one of celeryls' own: an editor does that itself.
    """

    title: str
    command: str | None = None
    adds: "Addition | None" = None


@dataclass(frozen=True, slots=True)
class Addition:
    """A `task` or an `app` for a place, or a `schedule`, `endpoint`, `metrics` or `test`.

    `path` is a file or a folder; the latter four are for a task of it, by its qualified name.
    """

    what: str
    path: str
    task: str | None = None


_ADDITIONS = {
    "schedule": "Run it by the clock.",
    "endpoint": "Let an API endpoint send it.",
    "metrics": "Count its runs for Prometheus.",
    "test": "Test it.",
}


def next_steps(project: Project, spec: TaskSpec, task: Task, app: App | None) -> list[NextStep]:
    """What is left to do with a new task, in the order in which one does it."""
    body = NextStep(f"Fill in the body of {spec.name}.")
    steps = [body]
    if spec.after is not None or spec.before is not None:
        steps.append(NextStep(f"Send the chain from your code: {_chain(spec)}"))
    return [*steps, *steps_of_task(project, task, app, spec.queue, spec)]


def steps_of_task(
    project: Project, task: Task, app: App | None, queue: str, spec: TaskSpec | None = None
) -> list[NextStep]:
    """What one does with a task that goes to `queue`; more of it where its `spec` is known."""
    steps: list[NextStep] = []
    celery = command_line(project, app) if app is not None else None
    if app is None and all(project.is_test(found.path or "") for found in project.apps):
        title = "Set up an app, of which there is none."
        steps.append(NextStep(title, "celeryls init", Addition("app", task.path)))
    if app is None or celery is None:
        return steps
    taking = _taking(_queue(project, queue, task, app))
    steps.append(NextStep("Start a worker for its queue.", celery("worker", *taking)))
    if spec is not None and spec.schedule is not None:
        steps.append(NextStep("Start beat, once for all workers.", celery("beat")))
    if spec is not None:
        steps += _send(project, spec, task, app, celery)
    steps.append(NextStep("See what runs.", celery("inspect", "active")))
    steps.append(NextStep("Watch it in a browser; Flower has to be installed.", celery("flower")))
    return [*steps, *_additions(project, spec, task)]


def _taking(queue: str) -> tuple[str, ...]:
    """The options of a worker that takes from one queue.

    It has a name of its own, since a worker beside one of the same name does not start on
    RabbitMQ: the queue that it is remote-controlled by is exclusive (kombu/pidbox.py).
    """
    named = queue != "celery" and re.fullmatch(r"[\w.-]+", queue)
    return ("-Q", queue, *(("-n", f"{queue}@%h") if named else ()))


def _additions(project: Project, spec: TaskSpec | None, task: Task) -> list[NextStep]:
    """What else it could have, and does not."""
    possible = dict(_ADDITIONS)
    has = spec.extras if spec is not None else ()
    if spec is not None and spec.schedule is not None:
        del possible["schedule"]
    if detect(project).framework is Framework.PLAIN:
        del possible["endpoint"]
    name = task.decl.qualname
    target = f"{project.relative(task.path)}::{name}"
    return [
        NextStep(
            title, shell_line(["celeryls", "add", what, target]), Addition(what, task.path, name)
        )
        for what, title in possible.items()
        if what not in has
    ]


def _queue(project: Project, wanted: str, task: Task, app: App) -> str:
    """The queue that a worker has to take from."""
    for value in (
        project.effective(task, "queue").value,
        Const(wanted if wanted != DEFAULT_QUEUE else None),
        project.setting(app, "task_default_queue").value,
    ):
        if isinstance(value, Const) and isinstance(value.value, str):
            return value.value
    return "celery"


def _send(
    project: Project,
    spec: TaskSpec,
    task: Task,
    app: App,
    celery: CommandLine,
    *,
    windows: bool = os.name == "nt",
) -> list[NextStep]:
    if task.name is None:
        return []
    title = "Send it from a shell."
    if windows and needed(spec):
        # The JSON of `celery call` has quotes in it, which cmd and PowerShell read differently.
        sent = RunSpec("send", kwargs=json.loads(json_arguments(spec)))
        line = run_line(project, task, app, sent, windows=True)
        here = os.path.realpath(line.cwd) == os.path.realpath(project.folder)
        return [NextStep(title, line.command)] if here else []
    options = ["--kwargs", json_arguments(spec)] if needed(spec) else []
    queue = task.options.get("queue")
    if isinstance(queue, Const) and isinstance(queue.value, str):
        # `celery call` goes by the name alone, and does not look at the task.
        options.append(f"--queue={queue.value}")
    return [NextStep(title, celery("call", task.name, *options))]


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
