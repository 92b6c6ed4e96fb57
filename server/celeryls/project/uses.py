"""Uses of tasks beside sending them: direct calls, and functions that send what they are given."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from celeryls.facts import Body, ClassDecl, FunctionDecl, Param, ParamKind
from celeryls.facts.calls import SENDS
from celeryls.facts.references import Reference
from celeryls.project.dispatch import Dispatches
from celeryls.project.names import Names
from celeryls.project.symbols import Defined, Member
from celeryls.project.task import Task
from celeryls.syntax.expr import Attribute, Call, Expr, Local

_PARAMETER = ("parameter", "rebound parameter")
"""Why a name stands for a parameter; where it is bound again it is what was given, mostly."""
HelperKey = tuple[str, str]
"""A function that sends what it is given: its file, and its qualified name."""


@dataclass(frozen=True, slots=True)
class Use:
    """A task that is called directly, given to a function that sends it, or passed on.

    `helper` is the name of the function that sends it.
    """

    path: str
    reference: Reference
    task: Task
    how: Literal["call", "helper", "value"]
    helper: str | None = None


def helpers(bodies: Iterable[tuple[str, Body]]) -> dict[HelperKey, frozenset[str]]:
    """The functions that send one of their parameters, and which:

    def dispatch(task, *args):
        return task.apply_async(args=args, queue="slow")
    """
    found: dict[HelperKey, set[str]] = {}
    for path, body in bodies:
        for site in body.calls:
            if site.method not in SENDS or not site.called:
                continue
            name = _parameter(site.target)
            if name is not None and "<locals>" not in site.within:
                found.setdefault((path, site.within), set()).add(name)
    return {key: frozenset(names) for key, names in found.items()}


def _parameter(target: Expr) -> str | None:
    """The parameter that is sent, its signature included: `task.si(x).apply_async()`."""
    while isinstance(target, Call | Attribute):
        target = target.func if isinstance(target, Call) else target.value
    return target.name if isinstance(target, Local) and target.reason in _PARAMETER else None


class Uses:
    """Resolves references to `tasks`; `known` are the helpers of the workspace."""

    def __init__(
        self,
        names: Names,
        dispatches: Dispatches,
        tasks: Iterable[Task],
        known: Mapping[HelperKey, frozenset[str]],
    ) -> None:
        self._names = names
        self._dispatches = dispatches
        self._helpers = known
        self.words = frozenset(task.symbol[1].rpartition(".")[2] for task in tasks)
        """The names that tasks are used by: the last part of what stands for each."""

    def of(self, path: str, references: Iterable[Reference]) -> Iterator[Use]:
        """What references of one file come to; those that mean no task are left out."""
        for reference in references:
            for task in self._dispatches.of_value(path, reference.target):
                helper = self._helper(path, reference) if reference.role == "argument" else None
                if helper is not None:
                    yield Use(path, reference, task, "helper", helper)
                elif reference.role == "call" and not self._is_class(path, reference.target):
                    yield Use(path, reference, task, "call")
                else:
                    yield Use(path, reference, task, "value")

    def _is_class(self, path: str, target: Expr) -> bool:
        """Whether calling it makes an instance of a task's class, and runs nothing."""
        return any(
            isinstance(symbol, Defined) and isinstance(symbol.what, ClassDecl)
            for symbol in self._names.meaning(path, target)
        )

    def _helper(self, path: str, reference: Reference) -> str | None:
        """The name of the helper that a reference is an argument of, if it sends that one."""
        assert reference.callee is not None
        for symbol in self._names.meaning(path, reference.callee):
            match symbol:
                case Defined(path=at, name=name, what=FunctionDecl(params=params)):
                    sent = self._helpers.get((at, name), frozenset())
                    if _parameter_at(params, reference.at) in sent:
                        return name
                case Member(owner=Defined(path=at, name=owner, what=ClassDecl() as decl)):
                    method = f"{owner}.{symbol.name}"
                    params = decl.methods.get(symbol.name, ())[1:]
                    if _parameter_at(params, reference.at) in self._helpers.get((at, method), ()):
                        return method
        return None


def _parameter_at(params: tuple[Param, ...], at: int | str | None) -> str | None:
    """The parameter that an argument goes to."""
    if isinstance(at, str):
        return at
    positional = [p for p in params if p.kind in (ParamKind.POSITIONAL_ONLY, ParamKind.NORMAL)]
    return positional[at].name if at is not None and at < len(positional) else None
