"""The tasks around a chained one: what the one before hands on, what the one after takes.

Types are annotations as source.  One that is not known, or is a class of the project's own,
contradicts nothing.
"""

from dataclasses import dataclass

from celeryls.forms.annotations import WELL_KNOWN, base_name, members, parse_annotation
from celeryls.forms.errors import AnswerError

_WIDER = {
    "bool": ("int", "float"),
    "int": ("float",),
    "list": ("Sequence", "Collection", "Iterable", "tuple"),
    "tuple": ("Sequence", "Collection", "Iterable", "list"),
    "str": ("Sequence", "Collection", "Iterable", "Literal"),
    "dict": ("Mapping", "Collection", "Iterable"),
    "datetime": ("date",),
    "Literal": ("str", "int", "bool"),
    "Mapping": ("dict", "Collection", "Iterable"),
    "Sequence": ("list", "tuple", "Collection", "Iterable"),
}
"""What else takes a type; JSON makes a list of a tuple, so either passes for the other."""
_KNOWN = (
    {"None", "bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set"}
    | {"str", "tuple"}
    | WELL_KNOWN.keys()
) - {"Any", "Callable"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A parameter of a task that exists; `annotation` is `None` where there is none."""

    name: str
    annotation: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A task that exists: its registered name, and that of its function.

    `takes` are its parameters without `self`, `None` where they can't be told.  `returns` is its
    annotation, `None` where it is not known.
    """

    name: str
    function: str
    takes: tuple[Taken, ...] | None = None
    returns: str | None = None

    @property
    def hands_on(self) -> bool:
        """Whether what comes after gets its result as the first argument."""
        return self.returns != "None"

    @property
    def as_parameter(self) -> str:
        """The parameter that takes its result, as the `parameters` field has it."""
        return f"result: {self.returns or 'Any'} (result of {self.function})"

    def ignores(self, returned: str) -> bool:
        """Whether it is linked without the result of the task before (`None` for nothing)."""
        if self.takes is None:
            return False
        return not self.takes or (returned == "None" and not self.takes[0].required)


def known_annotation(text: str | None) -> str | None:
    """An annotation of somebody else's, as we would write it; `None` if we could not."""
    if text is None:
        return None
    try:
        return parse_annotation(text)
    except AnswerError:
        return None


def check_after(task: Neighbour, first: tuple[str, str] | None) -> None:
    """Refuse a first parameter, a name and a type, that can't take the result of `task`."""
    if not task.hands_on:
        return
    if first is None:
        raise AnswerError(
            f"It gets what {task.function} returns as its first argument; "
            f"begin with {task.as_parameter}."
        )
    name, annotation = first
    if not fits(task.returns, annotation):
        raise AnswerError(
            f"{task.function} returns {task.returns}, which {name}: {annotation} does not take; "
            f"begin with {name}: {task.returns}."
        )


def check_before(task: Neighbour, returned: str) -> None:
    """Refuse a result, an annotation or `None`, that `task` can't take as its first argument."""
    if task.takes is None or task.ignores(returned):
        return
    first = task.takes[0]
    if returned == "None" or not fits(returned, first.annotation):
        wanted = first.annotation or "what that is"
        written = f"{first.name}: {first.annotation}" if first.annotation else first.name
        given = "nothing" if returned == "None" else returned
        raise AnswerError(
            f"{task.function} takes what this returns as {written}; return {wanted}, not {given}."
        )


def fits(given: str | None, taken: str | None) -> bool:
    """Whether a value of one annotation can be taken by another, as far as can be told."""
    if given is None or taken is None:
        return True
    takes = {base_name(member) for member in members(taken)}
    if not takes <= _KNOWN:
        return True
    return all(_fits_one(base_name(member), takes) for member in members(given))


def _fits_one(given: str, takes: set[str]) -> bool:
    return given not in _KNOWN or given in takes or not takes.isdisjoint(_WIDER.get(given, ()))
