"""CEL104."""

import ast
import re
from collections.abc import Iterator

from celeryls.facts import ParamKind
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_first_parameter, remove_keywords
from celeryls.text import Applicability, Fix, Span

_TAKES_SELF = (ParamKind.POSITIONAL_ONLY, ParamKind.NORMAL, ParamKind.VAR_POSITIONAL)
_SELVES = frozenset({"self", "_self", "task", "_task", "this", "cls", "_"})
"""What the task itself is called; it has another name in the body by mistake only."""
_SELF = re.compile(r"\bself\b")


class BindMissingSelf(TaskRule):
    """## What it does

    Finds bound tasks whose function has no parameter for the task itself: no positional one at
    all, or others while the body uses a `self` that nothing makes.

    ## Why it matters

    `bind=True` makes Celery pass the task as the first argument. A function without a
    parameter for it fails each time it is called:
    `TypeError: sync() takes 0 positional arguments but 1 was given`.

    Celery's documentation:
    [Bound tasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html#bound-tasks)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(): ...
    ```

    Use instead:

    ```python
    @shared_task(bind=True)
    def sync(self): ...
    ```

    ## Known limits

    The first parameter may have any name: where there is one, only a `self` in the body shows
    that it is not meant for the task. Silent under other decorators, which may take the task
    away, and under base classes with a `__call__` of their own.

    ## Fix safety

    Safe: the task can't have worked before. The other fix drops `bind=True`.
    """

    code = "CEL104"
    name = "bind-missing-self"
    summary = "A bound task has no parameter for the task itself, so every call fails."
    severity = "error"
    since = "0.1.0"
    stability = "stable"
    fix = "safe"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, text = context.task, context.file.text
        if task.bind is not True or context.has_inner_decorators or context.called_through_base:
            return
        if task.decl.in_class:
            return
        positional = [param for param in task.decl.params if param.kind in _TAKES_SELF]
        if positional and (positional[0].name in _SELVES or not _misses_self(context)):
            return
        path = context.file.path
        fixes = [
            Fix.in_file(
                path,
                'Add "self" as the first parameter',
                Applicability.SAFE,
                add_first_parameter(text, context.site, "self"),
            )
        ]
        for keyword in context.decorator.keywords:
            if keyword.name == "bind":
                edits = remove_keywords(text, context.decorator, keyword)
                fixes.append(Fix.in_file(path, "Remove bind=True", Applicability.UNSAFE, *edits))
        why = "its body uses self" if positional else "every call raises a TypeError"
        yield context.finding(
            self,
            f'task "{task.label}" is bound, but its function has no parameter for the task: {why}',
            # A half-typed line in the body may be the one that makes self.
            evidence=Span(context.scope.start, context.site.span.end) if positional else None,
            fixes=tuple(fixes[:1] if positional else fixes),
        )


def _misses_self(context: TaskContext) -> bool:
    """Whether a function of a module uses a `self` that neither it nor the module makes."""
    file, site = context.file, context.site
    if not _SELF.search(file.text, site.parens.end, site.span.end) or file.parsed.hopeless:
        return False
    tree = file.parsed.tree
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body):
        return False
    function = next((n for n in tree.body if getattr(n, "lineno", 0) == site.def_line), None)
    if not isinstance(function, ast.FunctionDef):
        return False
    made = {name for node in ast.walk(tree) for name in _stored(node)}
    return "self" not in made and any(map(_uses_self, function.body))


def _stored(node: ast.AST) -> Iterator[str]:
    """The names that a node makes, parameters left out."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name
        case ast.ExceptHandler(name=str(name)) | ast.FunctionDef(name=name):
            yield name
        case ast.ClassDef(name=name) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.Global(names=names):
            yield from names


def _uses_self(node: ast.AST) -> bool:
    """Whether code reads `self`; that of a function which has it as a parameter does not count."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        taken = node.args
        names = [arg.arg for arg in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
        if "self" in names:
            return False
    if isinstance(node, ast.Name):
        return node.id == "self"
    return any(map(_uses_self, ast.iter_child_nodes(node)))
