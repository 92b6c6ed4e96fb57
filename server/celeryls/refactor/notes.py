"""What a person should know about a function that becomes a task.

Knows one file and the project's conventions.  Says only what the source shows.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from celeryls.facts.lookup import Scope
from celeryls.facts.walk import Function, lines_with, parameters, scope_parts, stands_on
from celeryls.forms.annotations import base_name, members
from celeryls.forms.errors import AnswerError
from celeryls.forms.spec import EXPONENTIAL, Retry
from celeryls.project.conventions import Conventions
from celeryls.refactor.decorators import retrying_decorator
from celeryls.refactor.names import ImportedNames
from celeryls.syntax import Parsed

_ABSTRACT = ("collections.abc", "typing")
NOT_JSON = {
    "builtins.complex": "two floats",
    "builtins.frozenset": "a list",
    "builtins.range": "a list",
    "builtins.set": "a list",
    "pathlib.Path": "a str",
    **{f"{module}.Callable": "the name of the function" for module in _ABSTRACT},
    **{f"{module}.Generator": "a list" for module in _ABSTRACT},
    **{f"{module}.Iterator": "a list" for module in _ABSTRACT},
}
"""Types that Celery's serializer does not carry by default, and what to take instead."""


def notes(
    parsed: Parsed, node: Function, conventions: Conventions, retry: Retry = EXPONENTIAL
) -> Iterator[str]:
    """A sentence or two about each thing worth knowing, the most important first."""
    name = node.name
    imported = ImportedNames(parsed)
    yield (
        f"{name} may run twice, since it is acknowledged only when it is done: "
        "make sure that running it again does no harm."
    )
    yield from _unsendable(node, imported)
    its_own = retry.max_retries and retry.retry_on == EXPONENTIAL.retry_on
    if its_own and not any(imported.binds(error) for error in retry.retry_on):
        yield (
            "It retries on Python's own ConnectionError and TimeoutError. Libraries raise others, "
            "such as requests.ConnectionError: add to autoretry_for what yours raises."
        )
    retrying = retrying_decorator(parsed, node)
    if retrying is not None and retry.max_retries:
        yield f"@{retrying} retries within one run, and the task then retries the whole run."
    uses = _uses(parsed, node)
    if uses.values:
        lines = ", ".join(str(line) for line in sorted(uses.values))
        yield (
            f"{name} is passed on as a value (line{'s' * (len(uses.values) > 1)} {lines}): that "
            "is the task from now on, which can be called like the function."
        )
    if uses.recursive:
        yield f"{name} calls itself: that stays a plain call within one run of the task."
    if conventions.named and conventions.explicit_name(name) is None:
        yield (
            "The task has no explicit name: which module this file is depends on where "
            "Python starts."
        )


def _unsendable(node: Function, imported: ImportedNames) -> Iterator[str]:
    for parameter in parameters(node.args):
        for base in _types(parameter.annotation):
            full = imported.full(base)
            if not imported.binds(base) and "." not in base:
                full = f"builtins.{base}"
            if full in NOT_JSON:
                yield f"JSON does not carry {base} ({parameter.arg}): take {NOT_JSON[full]}."


def _types(annotation: ast.expr | None) -> list[str]:
    if annotation is None:
        return []
    try:
        return list(dict.fromkeys(base_name(member) for member in members(ast.unparse(annotation))))
    except (AnswerError, ValueError, RecursionError):
        return []


@dataclass(slots=True)
class _Uses:
    """Lines, from 1, that take a function as a value; whether its body calls it."""

    values: set[int] = field(default_factory=set)
    recursive: bool = False


def _uses(parsed: Parsed, node: Function) -> _Uses:
    found = _Uses()
    lines = lines_with(parsed, node.name)
    called: set[int] = set()
    stack: list[tuple[ast.AST, Scope | None]] = [(top, None) for top in parsed.tree.body]
    while stack:
        inner, scope = stack.pop()
        if not stands_on(inner, lines):
            continue
        if isinstance(inner, ast.Call | ast.Attribute):
            # What is called, or asked for an attribute, is not passed on.
            called.add(id(inner.func if isinstance(inner, ast.Call) else inner.value))
        if (
            isinstance(inner, ast.Name)
            and inner.id == node.name
            and (scope is None or not scope.hides(node.name))
        ):
            if id(inner) not in called:
                found.values.add(inner.lineno)
            elif node.lineno <= inner.lineno <= (node.end_lineno or 0):
                found.recursive = True
        outside, inside = scope_parts(inner)
        stack += [(child, scope) for child in outside]
        if inside:
            deeper = Scope(inner, scope, lambda _: lines)
            stack += [(child, deeper) for child in inside]
    return found
