"""What a request that sends a task has to bring: the task's parameters, as values of JSON."""

import ast
import builtins
from dataclasses import dataclass

from celeryls.facts import ParamKind
from celeryls.forms.annotations import WELL_KNOWN, base_name, members, names_in
from celeryls.forms.errors import AnswerError
from celeryls.forms.neighbours import known_annotation
from celeryls.forms.values import value_source
from celeryls.project import Project, Task

CARRIED = frozenset(
    {
        *("Any", "None", "bool", "dict", "float", "int", "list", "object", "str", "Literal"),
        *("Mapping", "Sequence", "Collection", "Iterable", "tuple", "set", "frozenset"),
    }
)
"""What JSON carries, or what is made of it by a type that a list or an object fits."""
CONVERTED = frozenset({"date", "datetime", "time", "Decimal", "UUID"})
"""What a framework that validates makes of a text, and kombu's JSON carries to the worker."""
_PLAIN = (ParamKind.NORMAL, ParamKind.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter: its annotation as source, `Any` for want of one, and its default.

    `default` is source; `None` where there is none, or where it can't be told (`is_required`
    says which).
    """

    name: str
    annotation: str
    is_required: bool
    default: str | None


def arguments_of(project: Project, task: Task, converted: frozenset[str]) -> tuple[Argument, ...]:
    """The arguments of a task, all by name.

    `converted` are the types beside those of JSON that the framework makes of a text.  Raises
    `AnswerError` for a task that takes what no request can bring.
    """
    label = task.decl.name
    if not task.is_plain or not task.runs_itself or task.bind is None or task.decl.is_async:
        raise AnswerError(
            f"What {label} takes can't be told, since more than Celery's own decorator stands "
            "there; write its endpoint by hand."
        )
    if task.decl.in_class or task.decl.in_function or "." in task.symbol[1]:
        raise AnswerError(f"{label} can't be imported; move it to the module's level first.")
    found = []
    for param in task.takes:
        if param.kind not in _PLAIN:
            star = {ParamKind.VAR_POSITIONAL: "*", ParamKind.VAR_KEYWORD: "**"}.get(param.kind, "")
            raise AnswerError(
                f"{label} takes {star}{param.name}, which a request can't bring by a name that is "
                "known; give it plain parameters first."
            )
        annotation = known_annotation(param.annotation)
        if annotation is None and param.annotation is not None:
            raise _not_carried(label, param.name, param.annotation)
        annotation = annotation or "Any"
        _check(project, task, label, param.name, annotation, CARRIED | converted)
        default = None
        if param.default is not None and _is_simple(param.default.value):
            default = value_source(param.default.value)
        found.append(Argument(param.name, annotation, not param.has_default, default))
    # Fields without a default come first where a class has them.
    return tuple(sorted(found, key=lambda argument: not argument.is_required))


def _check(
    project: Project, task: Task, label: str, name: str, annotation: str, known: frozenset[str]
) -> None:
    bound = project.interface(task.path).names
    for dotted in names_in(annotation):
        last = dotted.rpartition(".")[2]
        own = last in bound and last not in WELL_KNOWN
        if last not in known or own or not (last in WELL_KNOWN or hasattr(builtins, last)):
            raise _not_carried(label, name, annotation)


def _not_carried(label: str, name: str, annotation: str) -> AnswerError:
    return AnswerError(
        f"{label} takes {name}: {annotation}, which JSON does not carry here; take an id or a "
        "text instead, and look the rest up in the task."
    )


def _is_simple(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float, str))


_WORDS = {
    "str": ("a text", ("str",)),
    "int": ("a whole number", ("int",)),
    "float": ("a number", ("float", "int")),
    "bool": ("true or false", ("bool",)),
    "None": ("null", ("NoneType",)),
    **dict.fromkeys(("dict", "Mapping"), ("an object", ("dict",))),
    **dict.fromkeys(
        ("list", "Sequence", "Collection", "Iterable", "tuple", "set", "frozenset"),
        ("a list", ("list",)),
    ),
}


def json_types(argument: Argument) -> tuple[str, tuple[str, ...]]:
    """What a value has to be, in words, and the classes that `json` makes of it; none for any."""
    words: list[str] = []
    types: list[str] = []
    for member in members(argument.annotation):
        base = base_name(member).rpartition(".")[2]
        if base == "Literal":
            word, classes = _literal(member)
        elif base in _WORDS:
            word, classes = _WORDS[base]
        else:
            return "anything", ()
        words.append(word)
        types += [name for name in classes if name not in types]
    return " or ".join(words), tuple(types)


def _literal(member: str) -> tuple[str, tuple[str, ...]]:
    values = ast.literal_eval(f"({member.partition('[')[2].removesuffix(']')},)")
    return f"one of {', '.join(map(repr, values))}", tuple({type(v).__name__ for v in values})


def literal_values(argument: Argument) -> list[str]:
    """The values of an annotation that is one `Literal`, as source; none for any other."""
    (first, *others) = members(argument.annotation)
    if others or base_name(first).rpartition(".")[2] != "Literal":
        return []
    values = ast.literal_eval(f"({first.partition('[')[2].removesuffix(']')},)")
    return [value_source(value) for value in values]
