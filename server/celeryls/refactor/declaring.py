"""What a task is declared with in a file: `@shared_task`, or the `task` of the project's app.

Knows the file and the conventions.  A decorator runs when its function is defined, so what it
names has to be there by then.
"""

import ast
from dataclasses import dataclass

from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.refactor.place import Place
from celeryls.syntax import Parsed
from celeryls.syntax.bindings import Bound, bindings
from celeryls.syntax.imports import ImportEdit, add_import
from celeryls.text import Edit


@dataclass(frozen=True, slots=True)
class Declaration:
    """What to write after `@`, the imports that it needs, and what is worth saying."""

    decorator: str
    imports: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()


def declare(parsed: Parsed, place: Place, conventions: Conventions) -> Declaration:
    """How the project would declare a task at a place."""
    notes: tuple[str, ...] = ()
    name = conventions.app_name
    if conventions.style is DecoratorStyle.APP_TASK and name is not None:
        found = _app(parsed, place, conventions, name)
        if found is not None:
            return Declaration(f"{found.local_name}.task", found.edits)
        notes = (f"It is declared with shared_task: {name} can't be reached from here.",)
    found = _import(parsed, place, conventions, "celery", "shared_task")
    return Declaration(found.local_name, found.edits, notes)


def _app(parsed: Parsed, place: Place, conventions: Conventions, name: str) -> ImportEdit | None:
    """The project's app as it can be named at `place`; `None` where it can't."""
    module = conventions.app_module
    head = name.partition(".")[0]
    bound = [other for other in _bound_before(parsed, place) if other.name == head]
    if module is None or module == conventions.module:
        # Made in this file: above the function, or out of reach.
        is_there = any(module is not None or _is_celery(parsed, other) for other in bound)
        return ImportEdit((), name) if is_there else None
    # The name may be a web framework's app: only an import of ours will do.
    if bound and _imports(bound[-1], name, conventions):
        return ImportEdit((), name)
    return _import(parsed, place, conventions, module, name)


def _import(
    parsed: Parsed, place: Place, conventions: Conventions, module: str, name: str
) -> ImportEdit:
    """Have a name imported above the function."""
    own = {
        dotted.partition(".")[0]
        for dotted in (conventions.module, conventions.app_module)
        if dotted is not None
    }
    # What is below comes too late to be of use; it is looked at all the same so that names
    # don't clash, unless that is where the import would go.
    for tree in (parsed.tree, _until(parsed, place)):
        found = add_import(
            Parsed(parsed.text, tree, parsed.holes, parsed.source),
            module,
            name,
            line_length=conventions.line_length,
            first_party=own,
        )
        if all(edit.span.end <= place.start for edit in found.edits) and (
            found.edits or _is_bound(parsed, place, found.local_name)
        ):
            break
    return found


def _until(parsed: Parsed, place: Place) -> ast.Module:
    """The module up to the function, that included."""
    body = [node for node in parsed.tree.body if node.lineno <= place.top.lineno]
    return ast.Module(body=body, type_ignores=[])


def _bound_before(parsed: Parsed, place: Place) -> list[Bound]:
    line = parsed.lines.line_at(place.start) + 1
    return [
        bound
        for bound in bindings(parsed.tree)
        if getattr(bound.statement, "lineno", line) < line and not bound.typing_only
    ]


def _is_bound(parsed: Parsed, place: Place, dotted: str) -> bool:
    head = dotted.partition(".")[0]
    return any(bound.name == head for bound in _bound_before(parsed, place))


def _is_celery(parsed: Parsed, bound: Bound) -> bool:
    """Whether what binds a name has to do with Celery: `Celery("shop")`, `make_celery()`."""
    statement = bound.statement
    return isinstance(statement, ast.stmt) and "celery" in (
        parsed.span(statement).of(parsed.text).lower()
    )


def _imports(bound: Bound, name: str, conventions: Conventions) -> bool:
    """Whether a binding imports the app: from its module, or from a package that holds that."""
    statement, wanted = bound.statement, conventions.app_module
    if not isinstance(statement, ast.ImportFrom) or wanted is None:
        return False
    if not any((alias.asname or alias.name) == name == alias.name for alias in statement.names):
        return False
    module = statement.module or ""
    if not statement.level:
        return wanted == module or wanted.startswith(f"{module}.")
    if conventions.module is None:
        return not module or f".{wanted}".endswith(f".{module}")
    # The file may be a package's `__init__`, whose own name relative imports start from.
    parts = [*conventions.module.split("."), "__init__"]
    bases = {".".join(parts[: len(parts) - statement.level - up]) for up in (0, 1)}
    sources = {f"{base}.{module}".strip(".") for base in bases}
    return any(wanted == source or wanted.startswith(f"{source}.") for source in sources)
