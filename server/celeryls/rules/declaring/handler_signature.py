"""CEL122."""

import ast
from collections.abc import Iterator

from celeryls.facts import ClassDecl, Param, ParamKind
from celeryls.facts.functions import function_site
from celeryls.facts.walk import statements
from celeryls.rules.arity import mismatch
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.calls import Handed
from celeryls.rules.definitions import definition
from celeryls.syntax.expr import UNKNOWN
from celeryls.text import Applicability, Edit, Fix, Span

_OUTCOME = ("task_id", "args", "kwargs", "einfo")
HANDLERS = {
    "before_start": ("task_id", "args", "kwargs"),
    "on_success": ("retval", "task_id", "args", "kwargs"),
    "on_retry": ("exc", *_OUTCOME),
    "on_failure": ("exc", *_OUTCOME),
    "after_return": ("status", "retval", *_OUTCOME),
}
"""What each is called with, by place (celery/app/trace.py)."""
TASKS = frozenset({"celery.Task", "celery.app.Task", "celery.app.task.Task"})


class HandlerSignature(Rule):
    """## What it does

    Finds task classes with a handler (`before_start`, `on_success`, `on_retry`, `on_failure`,
    `after_return`) that does not take the arguments it is called with.

    ## Why it matters

    Workers call handlers with a fixed number of arguments, by their place. One that takes fewer
    raises a `TypeError` instead of doing its work, and it does so when something has failed
    already: the alarm is never sent, and the failure that is logged is the handler's.

    Celery's documentation:
    [Handlers](https://docs.celeryq.dev/en/stable/userguide/tasks.html#handlers)

    ## Example

    ```python
    class Loud(Task):
        def on_failure(self, exc):
            alert(exc)
    ```

    Use instead:

    ```python
    class Loud(Task):
        def on_failure(self, exc, task_id, args, kwargs, einfo):
            alert(exc)
    ```

    ## Known limits

    Only classes at the top of a file that certainly derive from Celery's `Task` are looked at, and
    only handlers without decorators. Names of parameters are not compared: they go by place.

    ## Fix safety

    Safe: the handler can't have worked. There is a fix where arguments are missing at the end of a
    list on one line.
    """

    code = "CEL122"
    name = "handler-signature"
    summary = "A handler of a task does not take what it is called with."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        for name, bindings in file.project.interface(file.path).names.items():
            match bindings:
                case (ClassDecl() as decl,):
                    yield from self._in_class(file, name, decl)

    def _in_class(self, file: FileContext, name: str, decl: ClassDecl) -> Iterator[Finding]:
        for handler, given in HANDLERS.items():
            params = decl.methods.get(handler)
            if params is None or handler in decl.attributes:
                continue
            handed = Handed(positional=(UNKNOWN,) * (len(given) + 1))
            wrong = mismatch(params, handed)
            if wrong is None or TASKS.isdisjoint(file.project.chain(file.path, name).externals):
                continue
            place = _place(file.text, name, handler)
            if place is None:
                continue
            at, parens = place
            yield Finding(
                self.code,
                f'"{name}.{handler}" is called with {len(given)} arguments '
                f"({', '.join(given)}) and does not take them: every call raises a TypeError",
                at,
                Span(at.start, parens.end),
                Span(at.start, parens.end),
                tuple(_fixes(file, params, parens, given)),
            )


def _place(text: str, name: str, handler: str) -> tuple[Span, Span] | None:
    """The name of a method in a class at the top of a file, and its parameter list."""
    piece = definition(text, name)
    if piece is None:
        return None
    methods = [
        node
        for node, _ in statements(piece.node.body)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == handler
    ]
    if len(methods) != 1:
        return None
    site = function_site(piece.parsed, methods[0], ())
    return piece.place(site.name), piece.place(site.parens)


def _fixes(
    file: FileContext, params: tuple[Param, ...], parens: Span, given: tuple[str, ...]
) -> Iterator[Fix]:
    missing = given[len(params) - 1 :]
    names = {param.name for param in params}
    inside = Span(parens.start + 1, parens.end - 1).of(file.text)
    plain = all(param.kind is ParamKind.NORMAL and not param.has_default for param in params)
    if not params or not missing or not plain or not names.isdisjoint(missing):
        return
    if "\n" in inside or "\r" in inside:
        return
    end = parens.start + 1 + len(inside.rstrip(" ,\t"))
    edit = Edit(Span(end, end), "".join(f", {name}" for name in missing))
    title = f"Add {', '.join(missing)}"
    yield Fix.in_file(file.path, title, Applicability.SAFE, edit)
