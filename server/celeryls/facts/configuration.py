"""What statements say about an app's configuration, and about Django's settings module."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from celeryls.facts.model import AppCall, Binding, ConfWrite
from celeryls.syntax.expr import UNKNOWN, Call, Const, Dict, Expr, Name, dotted_name, to_expr

_APP_METHODS = frozenset(
    {"config_from_object", "config_from_envvar", "autodiscover_tasks", "register_task", "task"}
)
_CONF = ".conf"
LOCAL = "<locals>."
"""Before the name of an app that a function makes for itself: it is no app of a module."""


class Configuration:
    """Collects them, statement by statement; `names` is what the module has bound so far."""

    def __init__(self, names: Mapping[str, Sequence[Binding]]) -> None:
        self._names = names
        self.conf_writes: list[ConfWrite] = []
        self.app_calls: list[AppCall] = []
        self._django: set[str | None] = set()
        self.around: Callable[[], Mapping[str, Expr]] = dict
        """What the functions assign around the statement that is read."""

    @property
    def django_settings(self) -> str | None:
        """The settings module, if the file names one and always the same."""
        return next(iter(self._django)) if len(self._django) == 1 else None

    def assign(self, target: ast.expr, value: ast.expr | None, conditional: bool) -> None:
        """Read an assignment to one target; a `value` of `None` is not known."""
        while isinstance(target, ast.Subscript) and isinstance(target.value, ast.Subscript):
            target, value = target.value, None  # conf["a"]["b"] = ...: a part of "a"
        match target:
            case ast.Attribute(value=owner, attr="Task"):
                app = dotted_name(owner)
                if app is not None and app not in ("self", "cls"):
                    base = UNKNOWN if conditional else to_expr(value)
                    self.app_calls.append(AppCall(app, "Task", (base,), ()))
            case ast.Attribute(value=owner, attr=attribute):
                self._write(owner, attribute, value, conditional)
            case ast.Subscript(value=owner, slice=index):
                key = to_expr(index)
                self._write(owner, _text(key), value, conditional)
                if (dotted_name(owner) or "").endswith("environ"):
                    self._environment(key, to_expr(value))

    def _write(
        self, owner: ast.expr, key: str | None, value: ast.expr | None, conditional: bool
    ) -> None:
        app, inner = self._app(dotted_name(owner))
        if app is None:
            return
        if inner is None:
            self.conf_writes.append(ConfWrite(app, key, to_expr(value), conditional))
        else:
            # app.conf.beat_schedule["x"] = ...: part of a setting, so its value isn't known.
            self.conf_writes.append(ConfWrite(app, inner, UNKNOWN, conditional))

    def call(self, call: ast.Call, conditional: bool) -> None:
        """Read a call whose result is dropped or assigned."""
        if not isinstance(call.func, ast.Attribute):
            return
        owner, method = dotted_name(call.func.value), call.func.attr
        if isinstance(call.func.value, ast.Subscript) and method in MUTATORS:
            self.assign(call.func.value, None, conditional)
        if owner is None:
            return
        if method in _APP_METHODS:
            value = to_expr(_called(call))
            assert isinstance(value, Call)
            if method.startswith("config_from_"):
                owner = self._owner(owner)
            self.app_calls.append(AppCall(owner, method, value.args, value.keywords))
            return
        if method == "setdefault" and owner.endswith("environ") and len(call.args) == 2:
            self._environment(to_expr(call.args[0]), to_expr(call.args[1]))
            return
        app, inner = self._app(owner)
        if app is None:
            return
        if inner is not None:
            if method in MUTATORS:
                self.conf_writes.append(ConfWrite(app, inner, UNKNOWN, conditional))
        elif method in ("update", "add_defaults"):
            # Defaults count where nothing else is set.
            self._update(app, call, conditional or method == "add_defaults")
        elif method == "setdefault" and len(call.args) == 2:
            key = _text(to_expr(call.args[0]))
            self.conf_writes.append(ConfWrite(app, key, to_expr(call.args[1]), True))

    def _app(self, owner: str | None) -> tuple[str | None, str | None]:
        """The app whose `conf` a name is, and the setting if it is a part of that."""
        if owner is None:
            return None, None
        head, dot, rest = owner.partition(".")
        bound = self._names.get(head)
        if bound and isinstance(bound[-1], Name) and bound[-1].dotted.endswith(_CONF):
            owner = f"{bound[-1].dotted}{dot}{rest}"  # conf = app.conf
        app, found, inner = f"{owner}.".partition(f"{_CONF}.")
        if not found or not app:
            return None, None
        return self._owner(app), inner.partition(".")[0] or None

    def _owner(self, app: str) -> str:
        """The name of an app, with a mark on that of one which the function around it makes."""
        match self.around().get(app):
            case Call(func=Name(last="Celery")):
                return LOCAL + app
        return app

    def _update(self, app: str, call: ast.Call, conditional: bool) -> None:
        for argument in call.args:
            for key, value in _entries(to_expr(argument)):
                self.conf_writes.append(ConfWrite(app, key, value, conditional))
        for keyword in call.keywords:
            value = to_expr(keyword.value)
            for key, item in [(keyword.arg, value)] if keyword.arg else _entries(value):
                self.conf_writes.append(ConfWrite(app, key, item, conditional))

    def _environment(self, key: Expr, value: Expr) -> None:
        if key == Const("DJANGO_SETTINGS_MODULE"):
            self._django.add(_text(value))


def _called(call: ast.Call) -> ast.Call:
    """`autodiscover_tasks(lambda: packages)` means what the function returns."""
    if not any(isinstance(argument, ast.Lambda) for argument in call.args):
        return call
    plain = [a.body if isinstance(a, ast.Lambda) else a for a in call.args]
    return ast.copy_location(ast.Call(call.func, plain, call.keywords), call)


MUTATORS = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem"}
    | {"remove", "reverse", "setdefault", "sort", "update"}
)
"""Methods after which a list, dict or set is no longer what its display says."""


def _entries(value: Expr) -> Iterator[tuple[str | None, Expr]]:
    match value:
        case Dict(items=items):
            for key, item in items:
                if key is None:
                    yield from _entries(item)
                else:
                    yield _text(key), item
        case Call(func=Name(dotted="dict"), args=args, keywords=keywords):
            for argument in args:
                yield from _entries(argument)
            for name, item in keywords:
                yield from [(name, item)] if name is not None else _entries(item)
        case _:
            yield None, value


def _text(value: Expr | None) -> str | None:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None
