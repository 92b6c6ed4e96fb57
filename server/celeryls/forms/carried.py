"""What JSON, by which Celery sends arguments and results, does not carry, and what to take instead.

As `kombu.utils.json` has it: beside JSON's own types it carries bytes, `datetime`, `date`, `time`,
`UUID` and `Decimal`; `timedelta`, sets and the rest raise `EncodeError` where a task is sent.
"""

from celeryls.forms.annotations import WELL_KNOWN, names_in, with_names
from celeryls.forms.errors import AnswerError

_INSTEAD = {
    "Collection": "list",
    "Iterable": "list",
    "Iterator": "list",
    "Path": "str",
    "complex": "list[float]",
    "frozenset": "list",
    "object": "Any",
    "range": "list[int]",
    "set": "list",
    "timedelta": "float",
}
_OTHERWISE = {"Callable": "the name of the function, a str", "type": "its name, a str"}
_TAKES_A_LIST = ("Collection", "Iterable")
"""A parameter of these types takes the list that arrives."""


def check_carried(annotation: str, what: str, *, is_result: bool = False) -> None:
    """Refuse a type that JSON does not carry; `what` is the parameter, or `the result`.

    A class of the project's own by the name of one of these is written with its module.
    """
    found = {_plain(name): name for name in names_in(annotation)}
    for plain, name in found.items():
        if plain in _TAKES_A_LIST and not is_result:
            continue
        unit = " of seconds" if plain == "timedelta" else ""
        if plain in _INSTEAD:
            instead = with_names(annotation, {name: _INSTEAD[plain]}) + unit
        elif plain in _OTHERWISE:
            instead = _OTHERWISE[plain]
        else:
            continue
        raise AnswerError(f"JSON does not carry {plain} ({what}); take {instead}.")


def _plain(name: str) -> str:
    """`datetime.timedelta` by its last name, where that is where it comes from."""
    module, _, last = name.rpartition(".")
    return last if module and WELL_KNOWN.get(last) == module else name
