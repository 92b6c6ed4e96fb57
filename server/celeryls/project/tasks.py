"""Tasks: which functions and classes are one, and under which name."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from celeryls.facts import ClassDecl, FunctionDecl, Interface
from celeryls.project.apps import FACTORY, App, Apps
from celeryls.project.arguments import FUNCTION, Declared
from celeryls.project.classes import EMPTY, Chain, chain_of
from celeryls.project.declarations import Declarations
from celeryls.project.names import Key, Names
from celeryls.project.symbols import Defined, Member, Symbol
from celeryls.project.task import Kind, Task
from celeryls.syntax.expr import Call, Const, Expr, Name

_UNREADABLE = Chain((), (), complete=False)


class Tasks:
    """The tasks of a workspace.  Built from interfaces; immutable once built."""

    def __init__(
        self,
        names: Names,
        apps: Apps,
        interfaces: Mapping[str, Interface],
        decorators: Sequence[str] = (),
    ) -> None:
        self._names = names
        self._apps = apps
        self._interfaces = interfaces
        self._declarations = Declarations(names, apps, decorators)
        self._decorators = decorators
        self._bases: dict[tuple[App | None, bool], Chain] = {}
        self._base_reads: set[Key] = set()
        self._by_file: dict[str, tuple[Task, ...]] = {}
        self._consulted: dict[str, frozenset[Key]] = {}
        """The names that the tasks of a file depend on."""
        self._find(interfaces)
        self._index_tasks()

    def _find(self, paths: Iterable[str]) -> None:
        for path in paths:
            with self._names.recording() as reads:
                self._by_file[path] = tuple(self._in_file(path, self._interfaces[path]))
            self._consulted[path] = frozenset(reads | self._base_reads)

    def _index_tasks(self) -> None:
        by_path: dict[str, list[Task]] = {}
        self._by_symbol: dict[tuple[str, str], Task] = {}
        for tasks in self._by_file.values():
            for task in tasks:
                by_path.setdefault(task.path, []).append(task)
                # Of two functions of a name the last one stays.
                self._by_symbol[task.symbol] = task
        self.by_path: dict[str, tuple[Task, ...]] = {
            path: tuple(sorted(tasks, key=lambda task: task.index))
            for path, tasks in by_path.items()
        }

    def after(
        self,
        names: Names,
        apps: Apps,
        interfaces: Mapping[str, Interface],
        path: str,
        changed: Collection[Key],
    ) -> "Tasks":
        """These tasks after an edit of the file `path` that changed some names.

        Found again are those of the file, those that stand in it though another one declares
        them, and those that depend on a changed name.
        """
        after = Tasks(names, apps, {}, self._decorators)
        after._interfaces = interfaces
        after._by_file, after._consulted = {**self._by_file}, {**self._consulted}
        after._find(
            other
            for other, tasks in self._by_file.items()
            if other == path
            or any(task.path == path for task in tasks)
            or not self._consulted[other].isdisjoint(changed)
        )
        after._index_tasks()
        return after

    def of_symbol(self, symbol: Symbol) -> Task | None:
        """The task that a name stands for, if it is one."""
        match symbol:
            case Defined(path=path, name=name):
                return self._by_symbol.get((path, name))
            case Member(owner=Defined(path=path, name=owner, what=ClassDecl()), name=name):
                chain = chain_of(self._names, path, Name(owner))
                for at, decl in chain.classes:
                    found = self._by_symbol.get((at, f"{decl.name}.{name}"))
                    if found is not None or name in decl.methods:
                        return found
        return None

    def is_decorator(self, path: str, name: str) -> bool:
        """Whether a name of the file `path` makes tasks of functions, or decorators that do."""
        return self._declarations.makes_tasks(path, name)

    def _in_file(self, path: str, interface: Interface) -> Iterator[Task]:
        for index, decl in enumerate(interface.functions):
            outermost = decl.qualname.partition(".")[0]
            if decl.in_function and self._declarations.makes_tasks(path, outermost):
                continue  # a part of a decorator: what it decorates are the tasks
            for at, decorator in enumerate(decl.decorators):
                declared = self._declarations.decorated(path, decorator, dict(decl.scope))
                if declared is not None:
                    yield self._task(path, index, decl, declared, (path, decl.qualname), at)
                    if declared.kind != "wrapper":
                        break  # one of one's own may stand there for several names
        assigned: set[Call] = set()
        for name, bindings in interface.names.items():
            for binding in bindings:
                if isinstance(binding, Call) and binding.args and _may_be_given(binding.args[0]):
                    assigned.add(binding)
                    yield from self._by_call(path, name, binding)
        for app_call in interface.app_calls:
            func = Name(f"{app_call.app}.{app_call.method}")
            call = Call(func, app_call.args, app_call.keywords)
            if app_call.method in ("task", "register_task") and call.args and call not in assigned:
                yield from self._by_call(path, None, call)

    def _by_call(self, path: str, name: str | None, call: Call) -> Iterator[Task]:
        """The task behind `name = app.task(function)` or `app.register_task(Class())`."""
        if isinstance(call.func, Name) and call.func.last == "register_task":
            yield from self._registered_class(path, call)
            return
        for symbol in self._names.meaning(path, call.args[0]):
            if not isinstance(symbol, Defined) or not isinstance(symbol.what, FunctionDecl):
                continue
            given = Call(call.func, (FUNCTION, *call.args[1:]), call.keywords)
            declared = self._declarations.called(path, given)
            index = self._index(symbol.path, symbol.what)
            if declared is None:
                continue
            known_as = (path, name) if name is not None else (symbol.path, f"<{symbol.name}>")
            yield self._task(symbol.path, index, symbol.what, declared, known_as, None)

    def _index(self, path: str, decl: FunctionDecl) -> int:
        """The place of a function among those of its file that may be tasks, -1 for others."""
        interface = self._interfaces.get(path)
        functions = interface.functions if interface is not None else ()
        return next((at for at, other in enumerate(functions) if other == decl), -1)

    def _registered_class(self, path: str, call: Call) -> Iterator[Task]:
        """`app.register_task(task)`: a class, or an instance of it (celery/app/base.py)."""
        assert isinstance(call.func, Name)
        given = call.args[0].func if isinstance(call.args[0], Call) else call.args[0]
        for symbol in self._names.meaning(path, given):
            if isinstance(symbol, Defined) and isinstance(symbol.what, Call):
                instance = self._names.meaning(symbol.path, symbol.what.func)
                symbol = next(iter(instance), symbol)
            if not isinstance(symbol, Defined) or not isinstance(symbol.what, ClassDecl):
                continue
            chain = chain_of(self._names, symbol.path, Name(symbol.name))
            for at, decl in chain.classes:
                if "run" in decl.methods:
                    yield from self._class_task(path, call.func, symbol, chain, at, decl)
                    break

    def _class_task(
        self, path: str, func: Name, symbol: Defined, chain: Chain, at: str, holder: ClassDecl
    ) -> Iterator[Task]:
        interface = self._interfaces.get(at)
        for index, run in enumerate(interface.functions if interface is not None else ()):
            if run.qualname != f"{holder.name}.run":
                continue
            owner = func.dotted.rpartition(".")[0]
            module = self._names.modules.name_of(symbol.path)
            name = self._name_of_class(symbol, chain, module)
            yield Task(
                path=at,
                index=index,
                decorator=None,
                decl=run,
                kind="class",
                app=next(iter(self._apps.named_in(path, owner)), None),
                module=module,
                name=name,
                options={},
                complete=True,
                base=chain,
                symbol=(symbol.path, symbol.name),
            )
            return

    def _name_of_class(self, symbol: Defined, chain: Chain, module: str | None) -> str | None:
        written = chain.attribute("name")
        if written is not None:
            value = self._names.evaluate(written[1], written[0])
            if value != Const(None):
                is_text = isinstance(value, Const) and isinstance(value.value, str)
                return str(value.value) if is_text and isinstance(value, Const) else None
        if not chain.complete or module is None or any(map(self._renames, self._apps.all)):
            return None
        return f"{module}.{symbol.name}"

    def _task(
        self,
        path: str,
        index: int,
        decl: FunctionDecl,
        declared: Declared,
        symbol: tuple[str, str],
        decorator: int | None,
    ) -> Task:
        module = self._names.modules.name_of(path)
        options = dict(declared.options)
        base = options.get("base")
        if base is not None:
            chain = chain_of(self._names, path, base)
        elif declared.complete:
            chain = self._default_base(declared.app, self._names.modules.is_test(path))
        else:
            chain = _UNREADABLE
        kind: Kind = declared.kind
        return Task(
            path=path,
            index=index,
            decorator=decorator,
            decl=decl,
            kind=kind,
            app=declared.app,
            module=module,
            name=self._registered(declared.named or decl.name, module, declared),
            options=options,
            complete=declared.complete,
            base=chain,
            symbol=symbol,
            runs_itself=declared.runs_itself,
        )

    def _default_base(self, app: App | None, tests: bool) -> Chain:
        """The base of tasks that name none: the app's `task_cls`."""
        key = (app, tests)
        if key in self._bases:
            return self._bases[key]
        with self._names.recording() as reads:
            apps = [app] if app is not None else self._apps.all
            chains = [
                self._task_class(a)
                for a in apps
                if tests or not self._names.modules.is_test(a.path or "")
            ]
            if not chains or all(chain == EMPTY for chain in chains):
                self._bases[key] = EMPTY
            else:
                same = all(chain == chains[0] for chain in chains)
                self._bases[key] = chains[0] if same else _UNREADABLE
        self._base_reads |= reads
        return self._bases[key]

    def _task_class(self, app: App) -> Chain:
        if app.path is None or app.made_by is None:
            # Celery's own current app, or one that can't be read.
            known = app.name.startswith("celery.")
            return EMPTY if known else _UNREADABLE
        assigned = [chain_of(self._names, at, value) for at, value in self._assigned(app)]
        if assigned:
            return assigned[0] if len(assigned) == 1 else _UNREADABLE
        for name, value in app.made_by.keywords:
            if name == "task_cls":
                return self._class_value(value, app.made_in)
        if isinstance(app.made_by.func, Name):
            chain = chain_of(self._names, app.made_in, app.made_by.func)
            found = chain.attribute("task_cls")
            if found is not None:
                return self._class_value(found[1], found[0])
        if any(name is None and value != FACTORY for name, value in app.made_by.keywords):
            return _UNREADABLE
        return EMPTY

    def _assigned(self, app: App) -> Iterator[tuple[str, Expr]]:
        """What is assigned to the `Task` of an app, or of something that may be it."""
        for path, interface in self._interfaces.items():
            if self._names.modules.is_test(path) and not self._names.modules.is_test(
                app.path or ""
            ):
                continue
            for call in interface.app_calls:
                if call.method != "Task":
                    continue
                # A name that nothing is known of may be a parameter: `def configure(app): ...`
                unknown = not self._names.resolve(path, call.app)
                if unknown or app in self._apps.named_in(path, call.app):
                    yield path, call.args[0]

    def _class_value(self, value: Expr, path: str) -> Chain:
        if isinstance(value, Const) and isinstance(value.value, str):
            module, _, name = value.value.replace(":", ".").rpartition(".")
            for symbol in self._names.member(module, name, path):
                if isinstance(symbol, Defined):
                    return chain_of(self._names, symbol.path, Name(symbol.name))
        return chain_of(self._names, path, value)

    def _registered(self, function: str, module: str | None, declared: Declared) -> str | None:
        """The name in Celery's registry (celery/app/base.py, `gen_task_name`)."""
        written = dict(declared.options).get("name")
        if written is not None and written != Const(None):
            return str(written.value) if isinstance(written, Const) else None
        if declared.may_name or module is None:
            return None
        apps = [declared.app] if declared.app is not None else self._apps.all
        if any(self._renames(candidate) for candidate in apps):
            return None
        return f"{module}.{function}"

    def _renames(self, app: App) -> bool:
        """Whether an app's class has its own way of naming tasks."""
        if app.path is None or app.made_by is None or not isinstance(app.made_by.func, Name):
            return False
        chain = chain_of(self._names, app.made_in, app.made_by.func)
        return chain.has_method("gen_task_name") or not chain.complete


def _may_be_given(argument: Expr) -> bool:
    """Whether an argument may be a function, a class or an instance of one."""
    return isinstance(argument, Name | Call)
