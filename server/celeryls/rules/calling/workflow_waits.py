"""Workflows that the function which sends them waits for: `group(...)().join()`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.facts.scopes import bound_by, own_nodes
from celeryls.rules.base import FileContext
from celeryls.rules.canvas import canvases
from celeryls.rules.definitions import Piece, definition
from celeryls.text import Span

_SENDS = ("delay", "apply_async")
_WAITS = ("get", "join", "wait", "join_native")
_SIGNS = ("s", "si", "signature")


@dataclass(frozen=True, slots=True)
class WorkflowWait:
    """A wait for a workflow of a `kind` (`chain`, `group`, `chord`, or `signature`)."""

    kind: str
    span: Span


def workflow_waits(file: FileContext, name: str) -> Iterator[WorkflowWait]:
    """The waits in a function at the top of a file, those of functions in it left out."""
    piece = definition(file.text, name)
    if piece is not None and not isinstance(piece.node, ast.ClassDef):
        yield from _Waits(file, piece, piece.node).found()


def _kinds(file: FileContext) -> dict[Span, str]:
    """What is certainly a workflow or a signature of the project's tasks, by its place."""
    found = {
        one.site.span: one.kind
        for one in file.once(canvases)
        if one.site.callee is not None or any(d.tasks for _, d in one.members())
    }
    for dispatch in file.project.dispatches(file.path):
        site = dispatch.site
        if dispatch.tasks and site.called and site.method in _SIGNS:
            found[site.span] = "signature"
    return found


class _Waits:
    def __init__(
        self, file: FileContext, piece: Piece, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> None:
        self._piece = piece
        self._kinds = file.once(_kinds)
        self._nodes = list(own_nodes(node.body))
        bound = bound_by(node.body)
        self._values = {
            name: value for name, value in bound.values.items() if bound.counts[name] == 1
        }

    def found(self) -> Iterator[WorkflowWait]:
        for node in self._nodes:
            match node:
                case ast.Call(func=ast.Attribute(value=result, attr=method)) if method in _WAITS:
                    kind = self._sent(result)
                    if kind is not None:
                        held = isinstance(result, ast.Name)
                        yield WorkflowWait(kind, self._span(node.func if held else result))
                case ast.UnaryOp(op=ast.Invert(), operand=operand):
                    kind = self._workflow(operand)
                    if kind is not None:
                        yield WorkflowWait(kind, self._span(node))

    def _span(self, node: ast.expr) -> Span:
        return self._piece.place(self._piece.parsed.span(node))

    def _held(self, node: ast.expr) -> ast.expr:
        return self._values.get(node.id, node) if isinstance(node, ast.Name) else node

    def _workflow(self, node: ast.expr) -> str | None:
        """The kind of workflow that an expression is."""
        value = self._held(node)
        return None if isinstance(value, ast.Name) else self._kinds.get(self._span(value))

    def _sent(self, node: ast.expr) -> str | None:
        """The kind of workflow that an expression is the result of.

        What is sent by a method of a signature that is written there is a call of the task's.
        """
        match self._held(node):
            case ast.Call(func=ast.Attribute(value=sent, attr=method)) if method in _SENDS:
                kind = self._workflow(sent)
                return None if kind == "signature" else kind
            case ast.Call(func=called):
                kind = self._workflow(called)
                return None if kind == "signature" else kind
        return None
