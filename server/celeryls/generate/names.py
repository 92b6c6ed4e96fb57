"""Names that generated code needs, made available in the file that it goes to.

Knows what the file binds and imports; adds the imports that are missing.
"""

import ast
import builtins
from collections.abc import Collection

from celeryls.forms.annotations import WELL_KNOWN, names_in, with_names
from celeryls.forms.errors import AnswerError
from celeryls.syntax import parse
from celeryls.syntax.bindings import Bound, bindings, has_star_import
from celeryls.syntax.imports import add_after_imports, add_import
from celeryls.text import Edit
from celeryls.text.draft import Draft

_LOGGER_FACTORIES = ("get_task_logger", "getLogger", "get_logger")


class FileNames:
    """The names of one file on its way to hold a new task.

    `draft` takes the imports.  `avoid` are the names that the task binds: its own and its
    parameters'.  `needed_early` collects the names that the file itself defines and that have
    to exist when the task is defined.
    """

    def __init__(
        self,
        draft: Draft,
        *,
        line_length: int,
        first_party: Collection[str],
        avoid: Collection[str],
    ) -> None:
        self.draft = draft
        self.line_length = line_length
        self.first_party = first_party
        self.avoid = avoid
        self.needed_early: set[str] = set()
        self._read()

    def _read(self) -> None:
        self.parsed = parse(self.draft.text)
        self.bound = list(bindings(self.parsed.tree))

    def _apply(self, *edits: Edit) -> None:
        if edits:
            self.draft.apply(edits)
            self._read()

    @property
    def lazy_annotations(self) -> bool:
        """Whether `from __future__ import annotations` is in force."""
        return any(other.imported == ("__future__", "annotations") for other in self.bound)

    def binding(self, name: str) -> Bound | None:
        """What binds a name last, if the file does."""
        return next((other for other in reversed(self.bound) if other.name == name), None)

    def imported(self, module: str, name: str | None = None, *, typing_only: bool = False) -> str:
        """Have something imported; returns what to write for it."""
        found = add_import(
            self.parsed,
            module,
            name,
            typing_only=typing_only,
            line_length=self.line_length,
            first_party=self.first_party,
            avoid=self.avoid,
        )
        self._apply(*found.edits)
        return found.local_name

    def type(self, annotation: str, field: str) -> str:
        """An annotation as it is to be written here.

        Raises `AnswerError` for a name that is nowhere to be found.
        """
        local: dict[str, str] = {}
        typing_only = False
        for dotted in names_in(annotation):
            head = dotted.partition(".")[0]
            bound = self.binding(head)
            local[dotted] = self._local(dotted, bound, "type", field)
            if bound is not None and local[dotted] == dotted:
                typing_only = typing_only or bound.typing_only
                self.needed_early.add(head)
        written = with_names(annotation, local)
        if typing_only and not self.lazy_annotations:
            return f'"{written}"' if '"' not in written else f"'{written}'"
        return written

    def exception(self, dotted: str) -> str:
        """An exception as it is to be written here.  Raises `AnswerError` as `type` does."""
        return self._local(dotted, self.binding(dotted.partition(".")[0]), "exception", "retry_on")

    def _local(self, dotted: str, bound: Bound | None, kind: str, field: str) -> str:
        head, dot, _ = dotted.partition(".")
        if dot:
            return self._dotted(dotted, bound)
        module = WELL_KNOWN.get(dotted) if kind == "type" else None
        if module is not None and (bound is None or bound.imported == (module, None)):
            # `import datetime` binds a module where a class is meant.
            return self.imported(module, dotted, typing_only=self.lazy_annotations)
        if head in self.avoid and kind == "exception":
            raise AnswerError(f"{dotted} is the name of a parameter too; rename that.", field)
        if bound is not None or isinstance(getattr(builtins, dotted, None), type):
            return dotted
        if has_star_import(self.parsed.tree):
            return dotted
        raise AnswerError(
            f"{dotted} is not defined in this file. Import it first, or write where it comes "
            f"from, such as package.module.{dotted}.",
            field,
        )

    def _dotted(self, dotted: str, bound: Bound | None) -> str:
        module, _, name = dotted.rpartition(".")
        if any(other.imported == (module, name) for other in self.bound):
            return self.imported(module, name)
        if bound is not None and bound.imported != (module, None) and not self._is_package(bound):
            # `models.Order` after `from shop import models`.
            return dotted
        # `requests.Session.Error` is in `requests`: classes begin with a capital.
        parts = module.split(".")
        first_class = next((at for at, part in enumerate(parts) if part[:1].isupper()), None)
        package = ".".join(parts[:first_class])
        local = self.imported(package) if package else ""
        return local + dotted[len(package) :]

    def _is_package(self, bound: Bound) -> bool:
        return (
            bound.imported is not None
            and bound.imported[1] is None
            and bound.imported[0].partition(".")[0] == bound.name
        )

    def logger(self) -> str:
        """The module's logger: the one it has, else a new one below the imports."""
        for other in self.bound:
            if other.name not in self.avoid and self._is_logger(other):
                return other.name
        factory = self.imported("celery.utils.log", "get_task_logger")
        taken = {other.name for other in self.bound} | set(self.avoid)
        name = "logger" if "logger" not in taken else "task_logger"
        while name in taken:
            name += "_"
        self._apply(add_after_imports(self.parsed, f"{name} = {factory}(__name__)"))
        return name

    def _is_logger(self, bound: Bound) -> bool:
        if bound.conditional or bound.typing_only:
            return False
        if isinstance(bound.statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        if bound.name == "logger":
            return True
        value = getattr(bound.statement, "value", None)
        if not isinstance(value, ast.Call) or not isinstance(bound.statement, ast.Assign):
            return False
        factory = value.func
        name = factory.attr if isinstance(factory, ast.Attribute) else getattr(factory, "id", "")
        return name in _LOGGER_FACTORIES
