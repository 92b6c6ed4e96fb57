"""Dotted names as they are written in a file, turned into where they come from."""

import ast
from collections.abc import Mapping

from celeryls.syntax import Parsed
from celeryls.syntax.bindings import Bound, bindings


class ImportedNames:
    """What the imports at a module's top level bind its names to."""

    def __init__(self, parsed: Parsed) -> None:
        self._sources: Mapping[str, str | None] = {
            bound.name: _source(bound) for bound in bindings(parsed.tree)
        }

    def full(self, dotted: str) -> str:
        """`django.db.transaction.atomic` for `transaction.atomic`.

        A name that no absolute import binds is left as it is.
        """
        head, dot, rest = dotted.partition(".")
        return f"{self._sources.get(head) or head}{dot}{rest}"

    def binds(self, name: str) -> bool:
        """Whether the module binds a name at all, so that it is no builtin."""
        return name in self._sources


def _source(bound: Bound) -> str | None:
    if bound.imported is None:
        return None
    module, name = bound.imported
    if name is not None:
        return f"{module}.{name}"
    assert isinstance(bound.statement, ast.Import)
    renamed = any(
        alias.name == module and alias.asname == bound.name for alias in bound.statement.names
    )
    # `import a.b` binds `a`.
    return module if renamed else None
