"""What the tasks of a project have in common, counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from celeryls.facts import ClassDecl, Import, extract
from celeryls.project.apps import App
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.project.formatting import Formatting, formatting_of
from celeryls.project.routes import queue_names, routes_to
from celeryls.project.symbols import Defined, External
from celeryls.project.task import Task
from celeryls.syntax.expr import Call, Const, Name, Seq

if TYPE_CHECKING:
    from celeryls.project.project import Project

_NEARLY_ALL = 0.8
_ALL_BUT_FEW = 0.9
_ENOUGH_FOR_A_BASE = 3
_MOST_FILES = 20
"""Files whose text is looked at to see how strings are quoted."""
_MOST_CHARACTERS = 30_000
_ENOUGH_STRINGS = 3
_ENOUGH_NAMES = 2
_STRING = re.compile(
    r"""\#[^\n]*|\"{3}.*?\"{3}|'{3}.*?'{3}"""
    r"""|(?P<quote>["'])(?P<inside>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)""",
    re.S,
)
_LAZY = Import("__future__", "annotations")


def conventions_of(project: "Project", path: str) -> Conventions:
    """How the project writes tasks, as far as the file `path` is concerned.

    What tests do is no habit, unless it is a test that is written.
    """
    is_test = project.is_test(path)
    tasks = [task for task in project.tasks() if is_test or not project.is_test(task.path)]
    app = _app_for(project, path, tasks)
    module = project.module_of(path)
    formatting = formatting_of(path, (project.folder, project.environment.root))
    files = dict.fromkeys(task.path for task in tasks)
    plain = [task for task in tasks if task.is_plain]
    named, prefix, dashes = _naming(plain, module)
    return Conventions(
        style=_style(project, path, tasks, app),
        app_module=project.module_of(app.path) if app is not None and app.path else None,
        app_name=app.name if app is not None else None,
        module=module,
        celery_version=project.celery_version,
        queues=_queues(project, tasks),
        line_length=formatting.line_length,
        is_package=path.endswith("__init__.py"),
        named=named,
        name_prefix=prefix,
        name_dashes=dashes,
        base=_base(project, plain),
        autoretry=_retries_itself(project, plain),
        celery_module=_through_module(plain),
        relative_imports=_imports_relatively(project, path, files, formatting),
        lazy_annotations=formatting.lazy_annotations or _is_lazy(project, files),
        quotes=formatting.quotes or _quotes(project, path, files),
        typed_self=_typed_self(plain),
        strict_types=formatting.strict_types,
        templates=project.own_templates,
    )


def _most(counts: int, all_: int) -> bool:
    return counts * 2 > all_


# --- decorator, app --------------------------------------------------------------------


def _style(project: "Project", path: str, tasks: Iterable[Task], app: App | None) -> DecoratorStyle:
    """What the file does, and where it does nothing yet, the project.

    The first task is declared on the app where there is one: who imports it to send it has the
    app then.  Django's is imported anyway, and shared tasks are its custom.
    """
    for group in (project.tasks_in(path), tasks):
        kinds = Counter(task.kind for task in group if task.is_plain)
        if kinds:
            own = app is not None and kinds["app.task"] > kinds["shared_task"]
            return DecoratorStyle.APP_TASK if own else DecoratorStyle.SHARED_TASK
    if app is None or "django.conf" in (project.text(app.path or "") or ""):
        return DecoratorStyle.SHARED_TASK
    return DecoratorStyle.APP_TASK


def _app_for(project: "Project", path: str, tasks: Iterable[Task]) -> App | None:
    """The app that a file's tasks would be declared on, if that is clear."""
    used = {task.app for task in project.tasks_in(path) if task.app is not None}
    if len(used) == 1:
        return used.pop()
    named = [app for app in project.apps if app.path is not None and project.module_of(app.path)]
    used = {task.app for task in tasks if task.app in named}
    for candidates in (used, _of_project(project, named), set(named)):
        if len(candidates) == 1:
            return next(iter(candidates))
    return None


def _of_project(project: "Project", apps: Iterable[App]) -> set[App]:
    return {app for app in apps if not project.is_test(app.path or "")}


def _through_module(tasks: Sequence[Task]) -> bool:
    """Whether `@celery.shared_task` is how it is written."""
    shared = [task for task in tasks if task.kind == "shared_task"]
    return _most(sum(_decorator(task) == "celery.shared_task" for task in shared), len(shared))


def _decorator(task: Task) -> str:
    """The decorator that makes a task, as it is written."""
    if task.decorator is None:
        return ""
    written = task.decl.decorators[task.decorator]
    callee = written.func if isinstance(written, Call) else written
    return callee.dotted if isinstance(callee, Name) else ""


# --- options ---------------------------------------------------------------------------


def _naming(tasks: Sequence[Task], module: str | None) -> tuple[bool, str | None, bool]:
    """Whether tasks get a name of their own, what it begins with where that is clear, and whether
    it has dashes where the function has underscores.
    """
    known = [task for task in tasks if task.complete or "name" in task.options]
    given: list[tuple[str, str]] = []
    underscores = dashes = 0
    for task in known:
        value, function = task.options.get("name"), task.decl.name
        if not isinstance(value, Const) or not isinstance(value.value, str):
            continue
        dashed = function.replace("_", "-")
        if value.value.endswith(function):
            given.append((task.module or "", value.value.removesuffix(function)))
            underscores += "_" in function
        elif value.value.endswith(dashed):
            given.append((task.module or "", value.value.removesuffix(dashed)))
            dashes += 1
    written = sum("name" in task.options for task in known)
    if written * 2 < len(known):
        return False, None, False
    usual = Counter(prefix for _, prefix in given).most_common(1)
    patterns: list[Callable[[str], str | None]] = [*_PATTERNS]
    patterns += [lambda _: usual[0][0]] if usual else []
    for pattern in patterns:
        fits = sum(pattern(at) == prefix for at, prefix in given)
        if fits >= max(_ENOUGH_NAMES, _NEARLY_ALL * written):
            return True, pattern(module or ""), dashes > underscores
    return True, None, False


def _of_module(module: str) -> str | None:
    return f"{module}." if module else None


def _of_package(module: str) -> str | None:
    return _of_module(module.rpartition(".")[0])


def _of_label(module: str) -> str | None:
    return _of_module(module.rpartition(".")[0].rpartition(".")[2])


def _of_top(module: str) -> str | None:
    return _of_module(module.partition(".")[0])


_PATTERNS = (_of_module, _of_package, _of_label, _of_top)
"""What names begin with, by module: `shop.orders.tasks.`, `shop.orders.`, `orders.`, `shop.`"""


def _base(project: "Project", tasks: Sequence[Task]) -> tuple[str, str] | None:
    """The module and the name of the class that nearly all tasks name as their base."""
    found: Counter[tuple[str, str]] = Counter()
    for task in tasks:
        # One that comes with other options, `**ONCE`, may need those.
        written = task.options.get("base") if _writes(project, task, "base") else None
        symbols = project.meaning(task.path, written) if written is not None else ()
        match symbols:
            case (Defined(path=at, name=name, what=ClassDecl()),):
                module = project.module_of(at)
                if module is not None:
                    found[module, name] += 1
            case (External(qualname=qualname),):
                module, _, name = qualname.rpartition(".")
                found[module, name] += 1
    usual = found.most_common(1)
    if not usual or len(tasks) < _ENOUGH_FOR_A_BASE:
        return None
    return usual[0][0] if usual[0][1] >= _ALL_BUT_FEW * len(tasks) else None


def _writes(project: "Project", task: Task, option: str) -> bool:
    """Whether an option stands in the task's own decorator."""
    if task.decorator is None or task.index < 0:
        return False
    site = project.body(task.path).functions[task.index].decorators[task.decorator]
    return any(keyword.name == option for keyword in site.keywords)


def _typed_self(tasks: Iterable[Task]) -> bool | None:
    """Whether bound tasks say what type `self` has; `None` if there are none."""
    said = [
        task.decl.params[0].annotation is not None
        for task in tasks
        if task.bind is True and task.decl.params
    ]
    return _most(sum(said), len(said)) if said else None


def _retries_itself(project: "Project", tasks: Iterable[Task]) -> bool:
    """Whether more tasks are retried by `autoretry_for` than by hand."""
    itself = by_hand = 0
    for task in tasks:
        value = project.effective(task, "autoretry_for").value
        if isinstance(value, Seq) and value.items:
            itself += 1
        elif task.index >= 0 and project.body(task.path).functions[task.index].calls_retry:
            by_hand += 1
    return itself > by_hand


def _queues(project: "Project", tasks: Iterable[Task]) -> tuple[str, ...]:
    """The queues that tasks name, that settings route to, and that settings declare."""
    found = {
        queue.value
        for task in tasks
        if isinstance(queue := task.options.get("queue"), Const) and isinstance(queue.value, str)
    }
    for app in _of_project(project, project.apps):
        found.update(routes_to(project.setting(app, "task_routes").value))
        found.update(queue_names(project.setting(app, "task_queues").value))
        default = project.setting(app, "task_default_queue")
        if default.origin == "settings" and isinstance(default.value, Const):
            found.add(str(default.value.value))
    return tuple(sorted(found))


# --- the text --------------------------------------------------------------------------


def _imports(project: "Project", path: str) -> Iterator[Import]:
    if path in project.files:
        interface = project.interface(path)
    else:  # a file without a trace of Celery, or one that is not there yet
        interface = extract(project.text(path) or "").interface
    for bindings in interface.names.values():
        yield from (bound for bound in bindings if isinstance(bound, Import))


def _imports_relatively(
    project: "Project", path: str, files: Iterable[str], formatting: Formatting
) -> bool:
    """Whether the file, or else files with tasks, import what is beside them by dots."""
    if formatting.absolute_imports:
        return False
    # What the file itself does goes first.
    for paths in ((path,), files):
        by_dots, by_name = _dots_and_names(project, paths)
        if by_dots != by_name:
            break
    return by_dots > by_name


def _dots_and_names(project: "Project", files: Iterable[str]) -> tuple[int, int]:
    """How many imports of the project's own begin with a dot, and how many with its package."""
    by_dots = by_name = 0
    for path in files:
        package = (project.module_of(path) or "").partition(".")[0]
        for found in _imports(project, path):
            by_dots += found.level > 0
            by_name += not found.level and found.module.partition(".")[0] == package
    return by_dots, by_name


def _is_lazy(project: "Project", files: Sequence[str] | dict[str, None]) -> bool:
    lazy = sum(_LAZY in _imports(project, path) for path in files)
    return _most(lazy, len(files))


def _quotes(project: "Project", path: str, files: Iterable[str]) -> str:
    """How the file quotes most of its strings; the other files with tasks if it has too few."""
    found = _quoted(project.text(path) or "")
    if found.total() < _ENOUGH_STRINGS:
        for other in [*files][:_MOST_FILES]:
            found += _quoted(project.text(other) or "")
    return "'" if found["'"] > found['"'] else '"'


def _quoted(text: str) -> Counter[str]:
    """How often each quote is used where either would do."""
    return Counter(
        each["quote"]
        for each in _STRING.finditer(text, 0, _MOST_CHARACTERS)
        if each["quote"] and "'" not in each["inside"] and '"' not in each["inside"]
    )
