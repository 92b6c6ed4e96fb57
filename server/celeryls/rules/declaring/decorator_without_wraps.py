"""CEL126."""

import ast
import re
from collections.abc import Iterator, Mapping

from celeryls.facts import FunctionDecl
from celeryls.project.symbols import Defined
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import callee_of, is_made_by_celery_alone
from celeryls.rules.definitions import definition
from celeryls.syntax import parse
from celeryls.syntax.expr import Call, Const, Expr, Name
from celeryls.syntax.imports import add_import
from celeryls.text import Applicability, Edit, Fix, Span, newline_of

_BY_HAND = re.compile(
    r"update_wrapper|=\s*[\w.]*wraps\(|__name__\s*=|__dict__|setattr|__qualname__"
)
"""Other ways to give a function the name of another."""


class DecoratorWithoutWraps(TaskRule):
    """## What it does

    Finds tasks with a decorator of the project below Celery's that returns another function in
    place of theirs, without `functools.wraps`.

    ## Why it matters

    Celery names a task after the function that it is given. That is the decorator's inner one, so
    the task is called something like `shop.decorators.wrapper`. Worse, so is the next task with
    that decorator: of several tasks of one name one is kept, and calling any of them runs that one.

    Celery's documentation:
    [Names](https://docs.celeryq.dev/en/stable/userguide/tasks.html#names),
    Python's:
    [functools.wraps](https://docs.python.org/3/library/functools.html#functools.wraps)

    ## Example

    ```python
    def logged(function):
        def wrapper(*args, **kwargs):
            logger.info("%s", args)
            return function(*args, **kwargs)

        return wrapper


    @shared_task
    @logged
    def sync(product_id): ...
    ```

    Use instead:

    ```python
    def logged(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            logger.info("%s", args)
            return function(*args, **kwargs)

        return wrapper


    @shared_task
    @logged
    def sync(product_id): ...
    ```

    ## Known limits

    Only decorators that are functions of the project are looked at, with one inner function that
    has no decorator. A task with a `name` of its own is silent, and so is a file that seems to set
    names by hand.

    ## Fix safety

    Unsafe: the task gets the name that it should have had, and messages under the old one find
    nobody. There is a fix where the decorator is in the same file.
    """

    code = "CEL126"
    name = "decorator-without-wraps"
    summary = "A decorator without functools.wraps gives its name to every task below it."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        if not context.has_inner_decorators or not task.complete or task.decl.in_function:
            return
        if task.options.get("name", Const(None)) != Const(None):
            return
        if not is_made_by_celery_alone(context):
            return
        assert task.decorator is not None
        for at in range(task.decorator + 1, len(task.decl.decorators)):
            lost = _loses(context, task.decl.decorators[at])
            if lost is None:
                return
            if lost:
                yield self._finding(context, at, *lost)
                return

    def _finding(
        self, context: TaskContext, at: int, owner: Defined, inner: FunctionDecl
    ) -> Finding:
        module = context.file.project.module_of(owner.path)
        name = f"{module}.{inner.name}" if module else inner.name
        return context.finding(
            self,
            f'"{owner.name}" lacks functools.wraps, so this task is called "{name}", like any '
            "other task below it, and of those only one is kept",
            span=context.site.decorators[at].span,
            # The decorator stands above, and may be half typed.
            evidence=Span(0, context.site.span.end),
            fixes=tuple(_fixes(context, owner, inner)) if owner.path == context.file.path else (),
        )


def _loses(
    context: TaskContext, decorator: Expr
) -> tuple[Defined, FunctionDecl] | tuple[()] | None:
    """The decorator, and its inner function that hides the name of what it decorates.

    Empty if it keeps the name, `None` if that can't be told.
    """
    project, callee = context.file.project, callee_of(decorator)
    symbols = project.meaning(context.file.path, callee) if isinstance(callee, Name) else ()
    match symbols:
        case (Defined(what=FunctionDecl() as decl) as owner,):
            pass
        case _:
            return None
    inner = _returned(decl) if not decl.is_async and not decl.is_generator else None
    if inner is not None and isinstance(decorator, Call):
        inner = _returned(inner) if not inner.decorators else None
    if inner is None or decl.decorators:
        return None
    if inner.decorators:
        return () if all(map(_is_wraps, inner.decorators)) else None
    text = project.text(owner.path)
    if text is None or _BY_HAND.search(text):
        return None
    return owner, inner


def _returned(decl: FunctionDecl) -> FunctionDecl | None:
    """The inner function that a function certainly returns."""
    known: Mapping[str, FunctionDecl] = {inner.name: inner for inner in decl.inner}
    match decl.returns:
        case (Name(dotted=name),) if len(decl.inner) == 1:
            return known.get(name)
    return None


def _is_wraps(decorator: Expr) -> bool:
    return (
        isinstance(decorator, Call)
        and isinstance(decorator.func, Name)
        and (decorator.func.last == "wraps")
    )


def _fixes(context: TaskContext, owner: Defined, inner: FunctionDecl) -> Iterator[Fix]:
    file = context.file
    piece = definition(file.text, owner.name)
    if piece is None:
        return
    # From the outer function down to the one that is decorated last.
    around: list[ast.FunctionDef] = []
    for name in inner.qualname.split(".<locals>."):
        body = around[-1].body if around else [piece.node]
        found = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == name]
        if len(found) != 1:
            return
        around.append(found[0])
    taken = [*around[-2].args.posonlyargs, *around[-2].args.args]
    if len(taken) != 1:
        return
    start = piece.place(piece.parsed.span(around[-1])).start
    indent = file.text[file.lines.line_start(file.lines.line_at(start)) : start]
    if indent.strip():
        return
    added = add_import(parse(file.text), "functools", "wraps")
    line = f"@{added.local_name}({taken[0].arg}){newline_of(file.text)}{indent}"
    yield Fix.in_file(
        file.path,
        f'Add functools.wraps to "{owner.name}" (the task gets another name)',
        Applicability.UNSAFE,
        *added.edits,
        Edit(Span(start, start), line),
    )
