"""A new task in the text of one file: its code, and the edits that put it there.

Joins what is wanted (`TaskSpec`), how the project does it (`Conventions`) and what stands in
the file.  Knows no other file; `plan.py` does.
"""

import ast
from dataclasses import dataclass

from celeryls.forms.errors import AnswerError
from celeryls.forms.spec import DEFAULT_QUEUE, RetryKind, TaskSpec
from celeryls.generate import content, templates
from celeryls.generate.names import FileNames
from celeryls.generate.place import insert_function
from celeryls.generate.quoting import requoted
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.syntax import parse
from celeryls.syntax.bindings import Bound, bindings
from celeryls.text import Edit, Span, apply_edits, newline_of
from celeryls.text.draft import Draft

ROUTED_SINCE = (5, 7)
"""Celery's version from which a queue in the decorator is deprecated."""

VISIBILITY_TIMEOUT = 3600
"""Seconds: after so long Redis and SQS hand a waiting message to another worker, by default."""

_BROAD = frozenset({"BaseException", "Exception"})
TEMPLATE = "task/task.py.j2"
"""What a task is made of."""
_NEW_FILE = '"""Celery tasks."""'
_LAZY = "from __future__ import annotations"


@dataclass(frozen=True, slots=True)
class WrittenTask:
    """A task that was written into a text.

    `edits` are of the text that was given, in code points.  `code` is the function, its lines
    ending in a newline character whatever the file's do.  `notes` say what is worth knowing, a
    sentence each.
    """

    edits: tuple[Edit, ...]
    code: str
    notes: tuple[str, ...] = ()


def write_task(
    spec: TaskSpec, conventions: Conventions, *, text: str, at: int | None = None
) -> WrittenTask:
    """Write the task into a file with `text` in it, at the cursor `at` where that can be.

    `text` has no byte-order mark.  Raises `AnswerError` with a message for a person where the
    file can't take the task: its name is taken, a type is not defined, it does not parse.
    """
    parsed = parse(text)
    if parsed.broken:
        raise AnswerError("The file has a syntax error; mend it first, then add the task.")
    if any(bound.name == spec.name for bound in bindings(parsed.tree)):
        raise AnswerError(f"{spec.name} is taken in this file; take another name.", "name")
    draft = Draft(text)
    if not text.strip():
        newline = newline_of(text)
        lines = [_NEW_FILE, *(["", _LAZY] if conventions.lazy_annotations else [])]
        draft.apply((Edit(Span(0, len(text)), newline.join([*lines, ""])),))
    writer = _Writer(spec, conventions, draft)
    code = writer.code()
    cursor = None if at is None or not text.strip() else draft.offset(at)
    needs = writer.names.needed_early
    draft.apply((insert_function(parse(draft.text), code, at=cursor, needs=needs),))
    _check(draft, spec, conventions)
    return WrittenTask(draft.edits(), code, writer.notes())


def _check(draft: Draft, spec: TaskSpec, conventions: Conventions) -> None:
    """The last line of defence: what is handed out parses and defines the task, once."""
    after = parse(apply_edits(draft.original, draft.edits()))
    defined = [bound for bound in bindings(after.tree) if bound.name == spec.name]
    if after.broken or len(defined) != 1:
        raise templates.not_written(spec.name, TEMPLATE, conventions)


def _brings(bound: Bound, module: str) -> bool:
    """Whether a binding imports something of the package that `module` is in.

    A package may hand its app on, so `from proj import app` is as good as the whole path.
    """
    if not isinstance(bound.statement, ast.ImportFrom):
        return False
    top = (bound.statement.module or "").partition(".")[0]
    return bool(bound.statement.level) or top == module.partition(".")[0]


class _Writer:
    """Gathers what the templates need, adding imports to the draft on the way."""

    def __init__(self, spec: TaskSpec, conventions: Conventions, draft: Draft) -> None:
        self.spec = spec
        self.conventions = conventions
        self.parameters = {parameter.name for parameter in spec.parameters}
        own = {
            module.partition(".")[0]
            for module in (conventions.module, conventions.app_module)
            if module
        }
        self.names = FileNames(
            draft,
            line_length=conventions.line_length,
            first_party=own,
            avoid={spec.name, *self.parameters},
        )

    @property
    def routed(self) -> bool:
        """Whether the queue is a matter of `task_routes`, as with an unknown, newest Celery."""
        version = self.conventions.celery_version
        return version is None or version >= ROUTED_SINCE

    @property
    def by_hand(self) -> bool:
        """Whether the body asks for the retry.  By itself Celery would retry the soft limit too,
        where every `Exception` is.
        """
        retry = self.spec.retry
        itself = self.conventions.autoretry and not _BROAD.intersection(retry.retry_on)
        return bool(retry.max_retries) and not itself

    def code(self) -> str:
        """The function's source; its imports and its logger are in the draft then."""
        spec = self.spec
        result = content.result(spec)
        named_queue = spec.queue if spec.queue != DEFAULT_QUEUE else ""
        local = self._local()
        context = ['"task_id": self.request.id', *content.logged(spec.parameters)]
        if spec.retry.max_retries:
            context.insert(1, '"retries": self.request.retries')
        returns = self.names.type(result.annotation, "returns")
        values = {
            "context": context,
            "base": self._base(),
            "by_hand": self.by_hand,
            "decorator": self._decorator(),
            "described": content.described(spec.parameters),
            "exceptions": self._exceptions(),
            "local": local,
            "name": spec.name,
            "parameters": self._signature(),
            "purpose": content.purpose(spec),
            "queue": "" if self.routed else named_queue,
            "registered_name": self.conventions.explicit_name(spec.name) or "",
            "result": result,
            "retry": {
                "max_retries": spec.retry.max_retries,
                "delay": spec.retry.delay,
                "backoff": spec.retry.backoff,
                "cap": spec.retry.cap,
            },
            "returns": returns,
            "routed_queue": named_queue if self.routed else "",
            "soft_time_limit": spec.soft_time_limit,
            "time_limit": spec.time_limit,
        }
        # The logger comes last: below all imports.
        local["logger"] = self.names.logger()
        code = templates.render(TEMPLATE, values, self.conventions)
        return requoted(code, self.conventions.quotes)

    def _local(self) -> dict[str, str]:
        """What the body calls its variables, none of which may hide a parameter."""
        local = {}
        for name in ("context", "countdown", "delay", "exc", "result"):
            free = name
            while free in self.parameters:
                free += "_"
            local[name] = free
        local["soft_time_limit_exceeded"] = self.names.imported(
            "celery.exceptions", "SoftTimeLimitExceeded"
        )
        if self.by_hand and self.spec.retry.backoff:
            local["secrets"] = self.names.imported("secrets")
        return local

    def _decorator(self) -> str:
        app = self._app() if self.conventions.style is DecoratorStyle.APP_TASK else None
        if app is None:
            if self.conventions.celery_module:
                return f"{self.names.imported('celery')}.shared_task"
            return self.names.imported("celery", "shared_task")
        # The decorator runs when the function is defined.
        self.names.needed_early.add(app.partition(".")[0])
        return f"{app}.task"

    def _app(self) -> str | None:
        """What the app is called in the file, imported where need be; `None` without one."""
        name, module = self.conventions.app_name, self.conventions.app_module
        if name is None:
            return None
        bound = self.names.binding(name.partition(".")[0])
        if module is None or module == self.conventions.module:
            return name if bound is not None else None
        if bound is not None and _brings(bound, module):
            return name
        # Another `app`, such as a web framework's, may have the name already.
        return self._own(module, name)

    def _own(self, module: str, name: str) -> str:
        """Have something of the project imported, the way that it imports its own."""
        if any(bound.imported == (module, name) for bound in self.names.bound):
            return self.names.imported(module, name)
        return self.names.imported(self.conventions.relative(module), name)

    def _base(self) -> str:
        """The class that the project's tasks have as their base; empty without one."""
        if self.conventions.base is None:
            return ""
        module, name = self.conventions.base
        bound = self.names.binding(name)
        is_here = module == self.conventions.module and bound is not None
        if is_here or (bound is not None and not bound.conditional and _brings(bound, module)):
            self.names.needed_early.add(name)
            return name
        return self._own(module, name)

    def _self(self) -> str:
        if self.conventions.typed_self is False and not self.conventions.strict_types:
            return "self"
        task = self.names.imported("celery", "Task", typing_only=True)
        anything = self.names.imported("typing", "Any", typing_only=True)
        annotation = f"{task}[{anything}, {anything}]"
        # Before Celery 5.7 the class can't be subscripted at run time.
        written = annotation if self.names.lazy_annotations else f'"{annotation}"'
        return f"self: {written}"

    def _signature(self) -> list[str]:
        found = [self._self()]
        for parameter in self.spec.parameters:
            source = f"{parameter.name}: {self.names.type(parameter.annotation, 'parameters')}"
            if parameter.default is not None:
                source += f" = {parameter.default}"
            found.append(source)
        return found

    def _exceptions(self) -> list[str]:
        if not self.spec.retry.max_retries:
            return []
        found = [self.names.exception(name) for name in self.spec.retry.retry_on]
        if not self.by_hand:
            # The decorator names them.
            self.names.needed_early.update(name.partition(".")[0] for name in found)
        return found

    def notes(self) -> tuple[str, ...]:
        """What is worth knowing about the task."""
        spec, retry = self.spec, self.spec.retry
        found = [*templates.notes(TEMPLATE, self.conventions)]
        if self.conventions.named and self.conventions.explicit_name(spec.name) is None:
            found.append(
                "The task has no explicit name: which module this file is depends on where "
                "Python starts."
            )
        if retry.max_retries and retry.retry_on == ("ConnectionError", "TimeoutError"):
            where = "the except clause" if self.by_hand else "autoretry_for"
            found.append(
                "ConnectionError and TimeoutError are Python's own. Libraries raise others, such "
                f"as requests.ConnectionError: name what yours raises in {where}."
            )
        if retry.kind is RetryKind.CUSTOM and "Exception" in retry.retry_on:
            found.append("Retrying on Exception retries on bugs too; name what can pass.")
        longest = retry.cap if retry.backoff else retry.delay
        if retry.max_retries and longest >= VISIBILITY_TIMEOUT:
            found.append(
                "Redis and SQS hand a message that waits longer than the visibility timeout "
                f"({VISIBILITY_TIMEOUT} s by default) to another worker, and the task runs twice."
            )
        return tuple(found)
