"""What a decorator comes to: Celery's own, or one that a project or a package made of it.

A decorator of one's own is followed through the functions that make it, as far as their
`return` statements and what they do to their keyword arguments tell:

    def job(name, **options):
        return app.task(name=name, base=JobTask, bind=True, **options)
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from celeryls.facts import FunctionDecl, ParamKind
from celeryls.project.apps import Apps
from celeryls.project.arguments import (
    FUNCTION,
    Declared,
    Env,
    MakerFunction,
    Value,
    bind_arguments,
    replaced,
)
from celeryls.project.names import Names
from celeryls.project.symbols import Defined, External, Member, Symbol
from celeryls.syntax.expr import (
    UNKNOWN,
    Attribute,
    Call,
    Choice,
    Const,
    Dict,
    Environ,
    Expr,
    Imported,
    Name,
    Seq,
    Starred,
)

SHARED_TASK = frozenset(
    {"celery.shared_task", "celery.app.shared_task", "celery._state.shared_task"}
)
_WRAPS = frozenset({"functools.wraps", "wraps", "decorator.decorator", "wrapt.decorator"})
_DEEPEST = 12


class Declarations:
    """Follows decorators; `configured` are dotted names that the user says are some."""

    def __init__(self, names: Names, apps: Apps, configured: Sequence[str] = ()) -> None:
        self._names = names
        self._apps = apps
        self._configured = frozenset(configured)

    def decorated(self, path: str, decorator: Expr, scope: Mapping[str, Expr]) -> Declared | None:
        """What a function becomes under `decorator` in the file `path`; `None` if no task.

        `scope` holds what the functions around the decorated one assign.
        """
        value = self._value(path, decorator, Env(scope), 0)
        if isinstance(value, MakerFunction):
            value = self._call_function(value, (FUNCTION,), (), 1)
        elif isinstance(value, Declared) and value.done:
            return None  # a task already: `@add.delay`, and not a decorator
        return replace(value, done=True) if isinstance(value, Declared) else None

    def called(self, path: str, call: Call) -> Declared | None:
        """What `call` comes to, `FUNCTION` being one of its arguments; `None` if no task."""
        value = self._value(path, call, Env(), 0)
        if not isinstance(value, Declared) or not value.done:
            return None
        return replace(value, kind="register") if value.kind != "wrapper" else value

    def makes_tasks(self, path: str, name: str) -> bool:
        """Whether a name of the file `path` is a decorator of the project's own, or makes one."""
        if self.decorated(path, Name(name), {}) is not None:
            return True
        call = Call(Name(name), (), ((None, UNKNOWN),))
        return self.decorated(path, call, {}) is not None

    # --- values -----------------------------------------------------------------------

    def _value(
        self, path: str, expr: Expr, env: Env, depth: int
    ) -> Declared | MakerFunction | None:
        """The decorator or task that `expr` is, if it is one."""
        if depth > _DEEPEST:
            return None
        match expr:
            case Name(dotted=dotted):
                head, _, rest = dotted.partition(".")
                bound = env.values.get(head)
                if bound is None:
                    return self._of_symbols(self._names.resolve(path, dotted), depth)
                if isinstance(bound, Declared | MakerFunction):
                    return None if rest else bound
                if rest:
                    return self._of_symbols(self._names.resolve(path, dotted, {head: bound}), depth)
                return self._value(path, bound, Env(makes=env.makes), depth + 1)
            case Imported():
                return self._of_symbols(self._names.meaning(path, expr), depth)
            case Attribute(value=owner, name="task"):
                # get_app().task: the factory's value is an app.
                app = self._apps.app_of(Defined(path, "<expression>", owner))
                return None if app is None else Declared("app.task", app)
            case Choice(options=options):
                found = (self._value(path, option, env, depth + 1) for option in options)
                return next((value for value in found if value is not None), None)
            case Call(func=func, args=args, keywords=keywords):
                return self._of_call(path, func, args, keywords, env, depth)
        return None

    def _of_symbols(
        self, symbols: tuple[Symbol, ...], depth: int
    ) -> Declared | MakerFunction | None:
        for symbol in symbols:
            found = self._of_symbol(symbol, depth)
            if found is not None:
                return found
        return None

    def _of_symbol(self, symbol: Symbol, depth: int) -> Declared | MakerFunction | None:
        if self._configured and self._dotted(symbol) in self._configured:
            return Declared("wrapper", None, complete=False, may_name=True, runs_itself=False)
        match symbol:
            case External(qualname=qualname):
                if qualname in SHARED_TASK:
                    return Declared("shared_task", None)
                owner, _, last = qualname.rpartition(".")
                app = self._apps.app_of(External(owner)) if last == "task" else None
                return None if app is None else Declared("app.task", app)
            case Member(owner=owner, name="task"):
                app = self._apps.app_of(owner)
                return None if app is None else Declared("app.task", app)
            case Defined(path=path, what=FunctionDecl() as decl):
                return MakerFunction(decl, path) if decl.returns or decl.inner else None
            case Defined(path=path, what=Call() as call):
                return self._value(path, call, Env(), depth + 1)
        return None

    def _dotted(self, symbol: Symbol) -> str | None:
        match symbol:
            case External(qualname=qualname):
                return qualname
            case Defined(path=path, name=name):
                return f"{self._names.modules.name_of(path)}.{name}"
            case Member(owner=owner, name=name):
                inside = self._dotted(owner)
                return None if inside is None else f"{inside}.{name}"
        return None

    # --- calls ------------------------------------------------------------------------

    def _of_call(
        self,
        path: str,
        func: Expr,
        args: tuple[Expr, ...],
        keywords: tuple[tuple[str | None, Expr], ...],
        env: Env,
        depth: int,
    ) -> Declared | MakerFunction | None:
        if isinstance(func, Name) and func.last == "partial" and args:
            symbols = self._names.resolve(path, func.dotted)
            if External("functools.partial") in symbols:
                return self._partial(path, args, keywords, env, depth + 1)
        value = self._value(path, func, env, depth + 1)
        if value is None:
            return None
        foreign = isinstance(value, MakerFunction)
        given = self._positional(path, args, env, foreign=foreign)
        named = self._keywords(path, keywords, env, foreign=foreign)
        if isinstance(value, MakerFunction):
            return self._call_function(value, given, named, depth + 1)
        if value.done:
            return None
        options = dict(value.options)
        complete, may_name = value.complete, value.may_name
        for name, option in named:
            if name is None:
                complete = False
                may_name = may_name or not self._is_shared(path, keywords, env)
            else:
                options[name] = option
        others = [item for item in given if item != FUNCTION]
        if Const(None) in others:
            return None  # the branch that is for another way to use it
        return replace(
            value,
            options=tuple(options.items()),
            complete=complete and not others,
            # A text is what Celery takes for a function, and refuses: it names nothing.
            may_name=may_name or any(not isinstance(item, Const) for item in others),
            done=FUNCTION in given,
        )

    def _is_shared(
        self, path: str, keywords: tuple[tuple[str | None, Expr], ...], env: Env
    ) -> bool:
        """Whether what is spread holds no `name`, though it isn't known: `**RETRY_OPTIONS`.

        Options that several tasks share don't: it would be the same for all of them.  Nor do
        those that somebody may set, if their default does not.
        """
        for name, value in keywords:
            spread = self._expr(path, value, env, foreign=False) if name is None else Dict(())
            if isinstance(spread, Dict) and all(isinstance(key, Const) for key, _ in spread.items):
                continue
            if not isinstance(value, Name) or value.head in env.values:
                return False
            known = self._names.evaluate(value, path)
            default = known.default if isinstance(known, Environ) else UNKNOWN
            if isinstance(default, Dict) and Const("name") not in dict(default.items):
                continue
            interface = self._names.interface(path)
            functions = interface.functions if interface is not None else ()
            decorators = [d for decl in functions for d in decl.decorators if isinstance(d, Call)]
            if sum((None, value) in decorator.keywords for decorator in decorators) < 2:
                return False
        return True

    def _partial(
        self,
        path: str,
        args: tuple[Expr, ...],
        keywords: tuple[tuple[str | None, Expr], ...],
        env: Env,
        depth: int,
    ) -> Declared | MakerFunction | None:
        """`partial(decorator, bind=True)`."""
        value = self._value(path, args[0], env, depth)
        if not isinstance(value, MakerFunction):
            made = self._of_call(path, args[0], args[1:], keywords, env, depth)
            return replace(made, kind="wrapper") if isinstance(made, Declared) else None
        return replace(
            value,
            given=(*value.given, *self._positional(path, args[1:], env, foreign=True)),
            named=(*value.named, *self._keywords(path, keywords, env, foreign=True)),
        )

    def _positional(
        self, path: str, args: tuple[Expr, ...], env: Env, *, foreign: bool
    ) -> tuple[Expr, ...]:
        given: list[Expr] = []
        for argument in args:
            if isinstance(argument, Starred):
                inner = self._expr(path, argument.value, env, foreign=foreign)
                given += inner.items if isinstance(inner, Seq) else (UNKNOWN,)
            else:
                given.append(self._expr(path, argument, env, foreign=foreign))
        return tuple(given)

    def _keywords(
        self,
        path: str,
        keywords: tuple[tuple[str | None, Expr], ...],
        env: Env,
        *,
        foreign: bool,
    ) -> tuple[tuple[str | None, Expr], ...]:
        """Keyword arguments, spreads taken apart; a name of `None` stands for unknown ones.

        What is written out counts more than what is spread: both would be a `TypeError`.
        """
        named: dict[str, Expr] = {}
        unknown = False
        for name, value in keywords:
            inner = self._expr(path, value, env, foreign=foreign)
            if name is not None:
                named[name] = inner
                continue
            for key, item in inner.items if isinstance(inner, Dict) else ((None, UNKNOWN),):
                if isinstance(key, Const) and isinstance(key.value, str):
                    named.setdefault(key.value, item)
                else:
                    unknown = True
        return (*named.items(), *([(None, UNKNOWN)] if unknown else []))

    def _expr(self, path: str, expr: Expr, env: Env, *, foreign: bool) -> Expr:
        """The value of an argument; `foreign` if it is to be understood in another file."""
        if expr == FUNCTION:
            return FUNCTION
        bound = replaced(expr, env.values)
        if bound == FUNCTION:
            return FUNCTION
        value = self._names.evaluate(bound, path)
        if value == UNKNOWN and isinstance(bound, Dict):
            value = bound  # with a spread that isn't known
        return self._names.portable(value, path) if foreign or env.makes else value

    # --- functions of the project -----------------------------------------------------

    def _call_function(
        self,
        function: MakerFunction,
        given: tuple[Expr, ...],
        named: tuple[tuple[str | None, Expr], ...],
        depth: int,
    ) -> Declared | MakerFunction | None:
        """What a function returns: a task if it was given the function, else a decorator."""
        decl, path = function.decl, function.path
        given, named = (*function.given, *given), (*function.named, *named)
        values: dict[str, Value] = {**function.around, **bind_arguments(decl, given, named)}
        env = Env(values, makes=True)
        self._apply_changes(decl, path, values)
        for inner in decl.inner:
            values[inner.name] = MakerFunction(inner, path, values)
        has_function = FUNCTION in given or any(value == FUNCTION for _, value in named)
        found = []
        for value in decl.returns:
            result = self._value(path, value, env, depth + 1)
            if isinstance(result, MakerFunction) and result.decl.decorators:
                result = self._inner_task(result, depth + 1) or result
            if result is not None:
                found.append(result)
        for result in found:
            if (isinstance(result, Declared) and result.done) == has_function:
                return replace(result, kind="wrapper") if isinstance(result, Declared) else result
        return None

    def _inner_task(self, function: MakerFunction, depth: int) -> Declared | None:
        """The task that an inner function is, which calls the decorated one."""
        decl = function.decl
        names = [d.func if isinstance(d, Call) else d for d in decl.decorators]
        wraps = any(
            isinstance(name, Name)
            and (
                name.dotted in _WRAPS
                or any(
                    isinstance(s, External) and s.qualname in _WRAPS
                    for s in self._names.resolve(function.path, name.dotted)
                )
            )
            for name in names
        )
        env = Env(function.around, makes=True)
        for decorator in decl.decorators:
            value = self._value(function.path, decorator, env, depth + 1)
            if isinstance(value, Declared) and not value.done:
                named = None if wraps else decl.name
                return replace(value, done=True, runs_itself=False, named=named)
        return None

    def _apply_changes(self, decl: FunctionDecl, path: str, values: dict[str, Value]) -> None:
        name = next((p.name for p in decl.params if p.kind is ParamKind.VAR_KEYWORD), None)
        given = values.get(name) if name is not None else None
        env = Env(dict(values), makes=True)
        if name is None or not isinstance(given, Dict):
            return
        entries: dict[Expr | None, Expr] = dict(given.items)
        for change in decl.changes:
            key = self._expr(path, change.key, env, foreign=True)
            if not isinstance(key, Const):
                entries = {None: UNKNOWN}
            elif change.how == "set" or (
                change.how == "default" and key not in entries and None not in entries
            ):
                entries[key] = self._expr(path, change.value, env, foreign=True)
            elif change.how == "touch" or key not in entries:
                entries[key] = UNKNOWN
        values[name] = Dict(tuple(entries.items()))
