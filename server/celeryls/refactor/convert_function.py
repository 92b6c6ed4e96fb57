"""A plain function becomes a bound Celery task.

The decorator and the parameter `self` are added, and the import if it is missing; the body
stays as it is, and so do callers: a bound task can be called directly without `self`
(`Task.__call__`, celery/app/task.py).  Knows one file and the project's conventions; whether
a function is a task already is for others to say.
"""

import ast
import builtins
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from celeryls.facts.scopes import own_nodes
from celeryls.facts.walk import Function, parameters
from celeryls.forms.running_form import RunningSpec
from celeryls.forms.spec import BACKOFF_CAP, Retry
from celeryls.project.conventions import Conventions
from celeryls.refactor.declaring import declare
from celeryls.refactor.decorators import unknown_decorator
from celeryls.refactor.heads import broken
from celeryls.refactor.notes import notes
from celeryls.refactor.place import Place, first_line, mentions
from celeryls.refactor.signature import insert_first
from celeryls.syntax import Parsed, parse, parses
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import dotted_name
from celeryls.syntax.imports import ImportEdit, add_import
from celeryls.text import Edit, Span
from celeryls.text.draft import Draft

DEFAULT = RunningSpec()
_OF_SELF = (("celery", "Task"), ("typing", "Any"))


class CannotConvert(ValueError):
    """A function that `refusal` let pass can't be rewritten; the message is for a person."""


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    """A function to convert.  `name` is its qualified name, `around` what it is nested in."""

    node: Function
    name: str
    around: ast.ClassDef | Function | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """The edits that convert a function (code points), and what a person should know."""

    edits: tuple[Edit, ...]
    notes: tuple[str, ...] = ()


def find_function(parsed: Parsed, offset: int) -> FunctionTarget | None:
    """The function on whose head the cursor is: its decorators and all lines above its body."""
    line = parsed.lines.line_at(offset)
    found: FunctionTarget | None = None
    stack: list[tuple[ast.AST, str, ast.ClassDef | Function | None]] = [(parsed.tree, "", None)]
    while stack:
        node, prefix, around = stack.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ExceptHandler | ast.match_case):
                stack.append((child, prefix, around))
            elif not isinstance(child, ast.stmt) or not _is_on(parsed, child, line):
                continue
            elif isinstance(child, Function):
                if line <= max(child.lineno - 1, first_line(parsed, child.body[0]) - 1):
                    found = FunctionTarget(child, prefix + child.name, around)
                stack.append((child, f"{prefix}{child.name}.<locals>.", child))
            elif isinstance(child, ast.ClassDef):
                stack.append((child, f"{prefix}{child.name}.", child))
            else:
                stack.append((child, prefix, around))
    return found


def find_named(parsed: Parsed, name: str) -> FunctionTarget | None:
    """The first function of a name, wherever it stands."""
    for node in ast.walk(parsed.tree):
        if isinstance(node, Function) and node.name == name:
            return find_function(parsed, parsed.start(node))
    return None


def _is_on(parsed: Parsed, node: ast.stmt, line: int) -> bool:
    assert node.end_lineno is not None
    return line < node.end_lineno and first_line(parsed, node) <= line


def refusal(
    parsed: Parsed,
    target: FunctionTarget,
    *,
    is_task: bool,
    known_decorators: Collection[str] = (),
) -> str | None:
    """Why a function can't be converted, in plain words; `None` if it can.

    `known_decorators` are dotted names of the project's own decorators that return a plain
    function and hand all arguments on, besides those that are known here.
    """
    node, name = target.node, target.node.name
    if is_task:
        return f"{name} is a task already."
    if parsed.broken:
        return "The file has a syntax error; mend it first."
    return (
        _misplaced(parsed, target)
        or _no_plain_function(node)
        or _takes_self(node)
        or _bound_again(parsed, node)
        or unknown_decorator(parsed, node, known_decorators)
    )


def _misplaced(parsed: Parsed, target: FunctionTarget) -> str | None:
    name = target.node.name
    if isinstance(target.around, ast.ClassDef):
        return (
            f"{name} is a method: Celery would call it without its object. "
            "Convert a function at the module's top level that calls it."
        )
    if target.around is not None:
        return (
            f"{name} is inside the function {target.around.name}: "
            "a worker could not find it. Move it to the module's top level first."
        )
    if _is_never_imported(Place(parsed, target.node).top, target.node):
        return (
            f"{name} is defined under a condition that is false when a worker imports the "
            "module. Move it out of there first."
        )
    return None


def _is_never_imported(top: ast.stmt, node: Function) -> bool:
    """Whether a function is under `if __name__ == "__main__"` or `if TYPE_CHECKING`."""
    if not isinstance(top, ast.If) or not any(
        statement.lineno <= node.lineno <= (statement.end_lineno or 0) for statement in top.body
    ):
        return False
    match top.test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
            return True
    return (dotted_name(top.test) or "").rpartition(".")[2] == "TYPE_CHECKING"


def _no_plain_function(node: Function) -> str | None:
    if isinstance(node, ast.AsyncFunctionDef):
        return (
            f"{node.name} is async: a worker does not await it. "
            "Convert a plain function that calls asyncio.run instead."
        )
    if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in own_nodes(node.body)):
        return f"{node.name} is a generator: its result can't be sent. Return a list instead."
    return None


def _takes_self(node: Function) -> str | None:
    if any(argument.arg == "self" for argument in parameters(node.args)):
        return f"{node.name} has a parameter called self already; rename it first."
    if "self" in mentions(*node.body):
        return f"{node.name} uses a name self, which the task would be called; rename it first."
    return None


def _bound_again(parsed: Parsed, node: Function) -> str | None:
    lines = [
        bound.statement.lineno
        for bound in bindings(parsed.tree)
        if bound.name == node.name and isinstance(bound.statement, ast.stmt)
    ]
    others = [line for line in lines if line != node.lineno]
    if not others:
        return None
    return (
        f"{node.name} means something else too (line {others[0]}), so it isn't clear which "
        "one would be the task. Rename one of them first."
    )


def convert(
    parsed: Parsed,
    target: FunctionTarget,
    conventions: Conventions,
    spec: RunningSpec = DEFAULT,
    *,
    queue: str | None = None,
) -> Conversion:
    """The edits that convert a function which `refusal` has nothing against.

    It runs as `spec` says but for its queue: that is written only as `queue`, as it belongs
    elsewhere from Celery 5.7 on.  Raises `CannotConvert` where the result would not parse, and
    where an exception to retry on has no meaning in the file.
    """
    node = target.node
    place = Place(parsed, node)
    for name in spec.retry.retry_on if spec.retry.max_retries else ():
        _check_exception(parsed, place, name)
    declared = declare(parsed, place, conventions)
    options = _options(node, conventions, spec, queue)
    types = _types(parsed, node, conventions)
    draft = Draft(parsed.text)
    draft.apply(
        _merged(
            (
                *declared.imports,
                _decorator(place, declared.decorator, options),
                *_self(parsed, node, place, conventions, types),
            )
        )
    )
    for module, name in _OF_SELF if types is not None else ():
        draft.apply(_typing_import(parse(draft.text), conventions, module, name).edits)
    edits = draft.edits()
    if not parses(draft.text):
        raise CannotConvert(f"{node.name} can't be rewritten without breaking the file.")
    return Conversion(edits, (*declared.notes, *notes(parsed, node, conventions, spec.retry)))


def _check_exception(parsed: Parsed, place: Place, name: str) -> None:
    head = name.partition(".")[0]
    if "." not in name and isinstance(getattr(builtins, name, None), type):
        return
    line = parsed.lines.line_at(place.start) + 1
    if not any(
        bound.name == head and getattr(bound.statement, "lineno", line) < line
        for bound in bindings(parsed.tree)
    ):
        raise CannotConvert(
            f"{name} is not known above the function: import {head} there first, "
            "or name other errors to retry on."
        )


def _options(
    node: Function, conventions: Conventions, spec: RunningSpec, queue: str | None
) -> list[str]:
    """Retry stands in the decorator, so the body can stay as it is."""
    name, quote = conventions.explicit_name(node.name), conventions.quotes
    named = [f"name={quote}{name}{quote}"] if name is not None else []
    routed = [f"queue={quote}{queue}{quote}"] if queue is not None else []
    return [
        "bind=True",
        *named,
        "acks_late=True",
        *_retry(spec.retry),
        f"soft_time_limit={spec.soft_time_limit}",
        f"time_limit={spec.time_limit}",
        *routed,
    ]


def _retry(retry: Retry) -> list[str]:
    if not retry.max_retries:
        return ["max_retries=0"]
    errors = ", ".join(retry.retry_on)
    delays = [f"default_retry_delay={retry.delay}"]
    if retry.backoff:
        longest = [f"retry_backoff_max={retry.cap}"] if retry.cap != BACKOFF_CAP else []
        delays = [f"retry_backoff={retry.delay}", *longest, "retry_jitter=True"]
    return [
        f"autoretry_for=({errors},)" if len(retry.retry_on) == 1 else f"autoretry_for=({errors})",
        *delays,
        f"max_retries={retry.max_retries}",
    ]


def _decorator(place: Place, decorator: str, options: list[str]) -> Edit:
    """Above everything that decorates the function now: a task goes outermost."""
    inner = "".join(f"{place.indent}{place.unit}{option},\n" for option in options)
    text = f"@{decorator}(\n{inner}{place.indent})\n{place.indent}"
    return Edit(Span(place.start, place.start), text.replace("\n", place.newline))


def _self(
    parsed: Parsed, node: Function, place: Place, conventions: Conventions, types: str | None
) -> tuple[Edit, ...]:
    start = parsed.start(node)
    head = parsed.source[start : place.body]
    own = "self" if types is None else f"self: {types}"
    try:
        edit = insert_first(own, head, start)
    except ValueError as error:
        raise CannotConvert(f"The parameters of {node.name} can't be extended: {error}") from error
    edits: tuple[Edit, ...] = (edit,)
    if node.body[0].lineno > node.lineno and "\r" not in head:
        length = conventions.line_length
        found = broken(head, own, place.indent, place.unit, length)
        moved = (
            Edit(Span(each.span.start + start, each.span.end + start), each.new_text)
            for each in found
        )
        edits = tuple(moved) or edits
    return tuple(Edit(each.span, each.new_text.replace("\n", place.newline)) for each in edits)


def _types(parsed: Parsed, node: Function, conventions: Conventions) -> str | None:
    """The type to write for `self`: where all else has one and a tool or the habit wants it."""
    wanted = conventions.strict_types or conventions.typed_self is True
    others = parameters(node.args)
    if not wanted or node.returns is None or any(each.annotation is None for each in others):
        return None
    task, anything = (
        _typing_import(parsed, conventions, module, name).local_name for module, name in _OF_SELF
    )
    annotation = f"{task}[{anything}, {anything}]"
    lazy = any(bound.imported == ("__future__", "annotations") for bound in bindings(parsed.tree))
    # Before Celery 5.7 the class can't be subscripted at run time.
    return annotation if lazy else f"{conventions.quotes}{annotation}{conventions.quotes}"


def _typing_import(parsed: Parsed, conventions: Conventions, module: str, name: str) -> ImportEdit:
    own = conventions.module.partition(".")[0] if conventions.module is not None else ""
    return add_import(
        parsed,
        module,
        name,
        typing_only=True,
        line_length=conventions.line_length,
        first_party={own, (conventions.app_module or "").partition(".")[0]},
    )


def _merged(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits in order; two insertions at one place, an import's first, become one."""
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        if merged and merged[-1].span == edit.span:
            edit = Edit(edit.span, merged.pop().new_text + edit.new_text)
        merged.append(edit)
    return tuple(merged)
