"""The names that a module binds, by whatever statement.

Knows Python's scoping of a module; what hangs on values is not known here.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that is bound at module level.

    `statement` binds it, and `top` is the statement of the module's body that holds that one.
    `imported` is what an absolute import binds it to: `("a.b", "c")` for `from a.b import c`,
    `("a.b", None)` for `import a.b`, which binds `a`, and for `import a.b as c`.
    """

    name: str
    statement: ast.AST
    top: ast.stmt
    typing_only: bool = False
    conditional: bool = False
    imported: tuple[str, str | None] | None = None


def bindings(tree: ast.Module) -> Iterator[Bound]:
    """Every binding at module level, in order; those of nested functions are not among them."""
    for top in tree.body:
        yield from _bound(top, top, typing_only=False, conditional=False)


def has_star_import(tree: ast.Module) -> bool:
    """Whether names may come from anywhere: `from x import *` at module level."""
    return any(
        isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
        for node in tree.body
    )


def _bound(
    node: ast.AST, top: ast.stmt, *, typing_only: bool, conditional: bool
) -> Iterator[Bound]:
    def made(name: str, imported: tuple[str, str | None] | None = None) -> Bound:
        return Bound(name, node, top, typing_only, conditional, imported)

    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                yield made(alias.asname or alias.name.partition(".")[0], (alias.name, None))
            return
        case ast.ImportFrom(module=module, names=aliases, level=level):
            for alias in aliases:
                imported = (module, alias.name) if module and not level else None
                yield made(alias.asname or alias.name, imported)
            return
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield made(name)
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.Name(id=name, ctx=ast.Store()):
            yield made(name)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield made(name)
        case ast.If(test=test, body=body, orelse=orelse):
            typing = typing_only or _is_type_checking(test)
            for child in body:
                yield from _bound(child, top, typing_only=typing, conditional=True)
            for child in orelse:
                yield from _bound(child, top, typing_only=typing_only, conditional=True)
            return
    for child_node in ast.iter_child_nodes(node):
        # A name is bound by the statement around it.
        holder = node if isinstance(node, ast.stmt) else top
        for bound in _bound(child_node, top, typing_only=typing_only, conditional=conditional):
            is_name = isinstance(bound.statement, (ast.Name, ast.ExceptHandler, ast.MatchAs))
            if not is_name:
                yield bound
            else:
                yield Bound(bound.name, holder, top, typing_only, conditional)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )
