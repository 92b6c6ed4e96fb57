"""The line of a shell that runs a task: here and at once, or by sending it.

What is run is Celery's own, in the project's interpreter: nothing of a workspace is imported by
celeryls itself.
"""

import json
import os
from dataclasses import dataclass

from celeryls.forms.errors import AnswerError
from celeryls.forms.run_form import RunSpec
from celeryls.generate.apps import app_argument
from celeryls.generate.shell import shell_line
from celeryls.project import Project, Task
from celeryls.project.apps import App

_UNSAFE = frozenset("\\\"'%$`!")
"""What cmd and PowerShell, one or the other, see something in between double quotes."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """What to type, and where: `command` is `arguments` quoted for a shell.

    `cwd` is an absolute path.
    """

    title: str
    arguments: tuple[str, ...]
    command: str
    cwd: str


def run_line(
    project: Project, task: Task, app: App | None, spec: RunSpec, *, windows: bool = os.name == "nt"
) -> RunLine:
    """The line for one task.  Raises `AnswerError` where there can't be one.

    A worker knows a task by its app, which may have to be configured first, as Django has: so the
    app is found as `celery -A` does it, and its modules are imported as a worker does
    (celery/app/utils.py, `find_app`; celery/loaders/base.py, `import_default_modules`).

    For Windows all is within one pair of double quotes, and holds no character that cmd or
    PowerShell would read there; `celery call` would need quotes inside of those.
    """
    argument, cwd = _app(project, app, spec)
    if spec.how == "send" and argument is None:
        raise AnswerError(
            "No app is known to send it with; name one, as `celery -A` takes it.", "app"
        )
    source = _Source("'" if windows else '"', strict=windows)
    words: tuple[str, ...] = ()
    if spec.how == "send" and task.name is not None and argument is not None and not windows:
        words = ("celery", "-A", argument, "call", task.name, *_options(spec))
    # A control character would command the terminal instead of going to the program.
    if not words or not all(word.isprintable() for word in words):
        words = ("python", "-c", "; ".join(_code(project, task, argument, spec, source)))
    verb = "Send" if spec.how == "send" else "Run"
    return RunLine(f"{verb} {task.label}", words, shell_line(words, windows=windows), cwd)


def _app(project: Project, app: App | None, spec: RunSpec) -> tuple[str | None, str]:
    """What `celery -A` takes, and the folder to start in."""
    if app is not None:
        found = app_argument(project, app)
        if found is not None:
            return found
    return spec.app, str(project.folder)


def _options(spec: RunSpec) -> list[str]:
    """The options of `celery call`; its JSON is ASCII, whatever the terminal writes."""
    options = []
    if spec.args:
        options += ["--args", json.dumps(spec.args)]
    if spec.kwargs:
        options += ["--kwargs", json.dumps(spec.kwargs)]
    if spec.queue is not None:
        options.append(f"--queue={spec.queue}")
    if spec.countdown is not None:
        options.append(f"--countdown={spec.countdown:g}")
    return options


def _code(
    project: Project, task: Task, argument: str | None, spec: RunSpec, source: "_Source"
) -> list[str]:
    """Statements for `python -c`."""
    found = _importable(project, task)
    code, target = [], ""
    if argument is not None:
        code += [
            "from celery.app.utils import find_app",
            f"app = find_app({source.text(argument)})",
            "app.loader.import_default_modules()",
        ]
        if task.name is not None:
            target = f"app.tasks[{source.text(task.name)}]"
            if found is not None and project.is_registered(task) is not True:
                code.append(f"import {found[0]}")
    if not target:
        if found is None:
            raise AnswerError(f"It is not known what {task.label} is imported from.")
        module, name = found
        head, _, rest = name.partition(".")
        code.append(f"from {module} import {head}")
        target = f"{head}.{rest}" if rest else head
    values = [f"args={source.value(list(spec.args))}"] if spec.args else []
    values += [f"kwargs={source.value(dict(spec.kwargs))}"] if spec.kwargs else []
    if any("loads(" in value for value in values):
        code.append("from kombu.utils.json import loads")
    if spec.how == "eagerly":
        return [*code, f"print({target}.apply({', '.join(values)}).get())"]
    values += [f"queue={source.text(spec.queue)}"] if spec.queue is not None else []
    values += [f"countdown={spec.countdown:g}"] if spec.countdown is not None else []
    return [*code, f"print({target}.apply_async({', '.join(values)}).id)"]


def _importable(project: Project, task: Task) -> tuple[str, str] | None:
    """The module and the name that a task is imported by."""
    path, name = task.symbol
    module = project.module_of(path)
    return None if module is None or "<" in name else (module, name)


@dataclass(frozen=True, slots=True)
class _Source:
    """Values as Python; `strict` leaves no character that a shell of Windows might read."""

    quote: str
    strict: bool

    def value(self, value: object) -> str:
        """The source of a value of JSON; what kombu has marked is left to kombu to read."""
        if _is_marked(value):
            return f"loads({self.text(json.dumps(value))})"
        match value:
            case list():
                return f"[{', '.join(map(self.value, value))}]"
            case dict():
                items = (f"{self.text(key)}: {self.value(item)}" for key, item in value.items())
                return f"{{{', '.join(items)}}}"
            case str():
                return self.text(value)
        return repr(value)

    def text(self, text: str) -> str:
        """A literal of one line, which types no control character into a terminal."""
        return f"{self.quote}{''.join(map(self._character, text))}{self.quote}"

    def _character(self, character: str) -> str:
        if self.strict:
            plain = character.isascii() and character.isprintable() and character not in _UNSAFE
        else:
            plain = character.isprintable() and character not in (self.quote, "\\")
        if plain:
            return character
        if character in ("\\", '"', "'") and not self.strict:
            return f"\\{character}"
        code = ord(character)
        return f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"


def _is_marked(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"__type__", "__value__"}
