"""Decorators below a task that hand all arguments on to the function as they are."""

from collections.abc import Sequence

from celeryls.facts import FunctionDecl, Param, ParamKind
from celeryls.project import Project
from celeryls.project.symbols import Defined, External
from celeryls.syntax.expr import Call, Expr, Name, Starred, children

_KNOWN = frozenset(
    {"django.db.transaction.atomic", "django.db.transaction.non_atomic_requests"}
    | {"sentry_sdk.trace", "tenacity.retry", "backoff.on_exception", "backoff.on_predicate"}
)
"""Those of packages, with and without arguments of their own."""
_STARS = (ParamKind.VAR_POSITIONAL, ParamKind.VAR_KEYWORD)


def passes_on(project: Project, path: str, decorator: Expr) -> bool:
    """Whether a function takes under a decorator just what it takes without."""
    called = isinstance(decorator, Call)
    symbols = project.meaning(path, decorator.func if isinstance(decorator, Call) else decorator)
    for symbol in symbols:
        match symbol:
            case External(qualname=qualname) if qualname in _KNOWN:
                pass
            case Defined(what=FunctionDecl() as decl):
                makers = [inner for inner in decl.inner if _is_returned(decl, inner)]
                if not called:
                    makers = [decl]
                elif len(makers) != len(decl.returns):
                    return False
                if not makers or not all(map(_wraps_plainly, makers)):
                    return False
            case _:
                return False
    return bool(symbols)


def _wraps_plainly(decorator: FunctionDecl) -> bool:
    """Whether all that a decorator returns are functions that call the one it was given plainly."""
    if len(decorator.params) != 1 or decorator.is_async:
        return False
    given = decorator.params[0].name
    wrappers = [inner for inner in decorator.inner if _is_returned(decorator, inner)]
    if not wrappers or len(wrappers) != len(decorator.returns):
        return False
    return all(_calls_plainly(wrapper, given) for wrapper in wrappers)


def _is_returned(outer: FunctionDecl, inner: FunctionDecl) -> bool:
    return Name(inner.name) in outer.returns


def _calls_plainly(wrapper: FunctionDecl, given: str) -> bool:
    """`def wrapper(*args, **kwargs)` that returns `given(*args, **kwargs)`."""
    if wrapper.is_async or wrapper.changes or tuple(p.kind for p in wrapper.params) != _STARS:
        return False
    calls = [call for value in wrapper.returns for call in _calls_of(value, given)]
    return bool(calls) and all(_is_plain(call, wrapper.params) for call in calls)


def _calls_of(value: Expr, name: str) -> list[Call]:
    found = [call for inner in children(value) for call in _calls_of(inner, name)]
    return [*found, value] if isinstance(value, Call) and value.func == Name(name) else found


def _is_plain(call: Call, params: Sequence[Param]) -> bool:
    args, kwargs = (Name(param.name) for param in params)
    return call.args == (Starred(args),) and call.keywords == ((None, kwargs),)
