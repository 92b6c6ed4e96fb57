"""The options in force on a task: decorator, annotations, base, setting, default."""

from celeryls import catalog
from celeryls.project.app_settings import AppSettings
from celeryls.project.apps import Apps
from celeryls.project.classes import chain_of
from celeryls.project.names import Names
from celeryls.project.routes import NOWHERE, routed_queue
from celeryls.project.settings import UNKNOWN_SETTING, Setting, default_value
from celeryls.project.sharing import Sharing
from celeryls.project.task import Effective, Task
from celeryls.syntax.expr import UNKNOWN, Const, Dict, Expr, Imported, Name, Seq, last_name

_FALLS_BACK = {
    "acks_on_failure": "acks_on_failure_or_timeout",
    "acks_on_timeout": "acks_on_failure_or_timeout",
}
"""Options that stand for another while they are None (celery/app/task.py, `Task.bind`)."""
_NAMES_CLASSES = frozenset({"autoretry_for", "dont_autoretry_for", "throws", "base", "backend"})
"""Options whose value is a class, or several, so that a mere name says what it is."""


class InForce:
    """Answers which value an option of a task has."""

    def __init__(self, names: Names, apps: Apps, settings: AppSettings, sharing: Sharing) -> None:
        self._names = names
        self._apps = apps
        self._settings = settings
        self._sharing = sharing
        # Tasks can't be hashed; kept with the answer, so that no other one gets the same id.
        self._known: dict[tuple[int, str], tuple[Task, Effective]] = {}
        self._agreed: dict[tuple[int, str], Setting] = {}

    def effective(self, task: Task, option: str) -> Effective:
        """An option in force: decorator, annotations, base, setting, default.

        `task_annotations` win over everything (celery/app/task.py, `Task.annotate`).
        """
        key = id(task), option
        if key not in self._known:
            self._known[key] = task, self._effective(task, option)
        return self._known[key][1]

    def _effective(self, task: Task, option: str) -> Effective:
        annotated = self._annotated(task, option)
        if annotated is not None:
            return annotated
        found = self._before_annotations(task, option)
        if found.value == Const(None):
            if option in _FALLS_BACK:
                return self._before_annotations(task, _FALLS_BACK[option])
            if option == "queue" and found.origin == "default":
                return self._routed(task)
            if option == "typing":
                return self._typing(task)
        return found

    def _typing(self, task: Task) -> Effective:
        """Whether arguments are checked when a task is sent: by default its app says.

        `strict_typing` is true unless somebody says otherwise (celery/app/base.py).
        """
        for app in [task.app] if task.app is not None else self._apps.all:
            if app.made_by is None:
                continue
            if any(name == "strict_typing" for name, _ in app.made_by.keywords):
                return Effective(UNKNOWN, "unknown")
            chain = chain_of(self._names, app.made_in, app.made_by.func)
            if chain.attribute("strict_typing") is not None or not chain.complete:
                return Effective(UNKNOWN, "unknown")
        return Effective(Const(True), "default")

    def _routed(self, task: Task) -> Effective:
        """The queue by `task_routes`, which counts where the task itself names none."""
        routes = self._setting(task, "task_routes")
        value = routed_queue(routes.value, task.name)
        if value == NOWHERE:
            return Effective(value, "default")
        known = isinstance(value, Const)
        return Effective(value, "settings") if known else Effective(UNKNOWN, "unknown")

    def _before_annotations(self, task: Task, option: str) -> Effective:
        known = catalog.task_options().get(option)
        # A task of which it is None takes it from the settings (Task.bind).
        nothing = Const(None) if known is not None and known.setting is not None else None
        if option in task.options:
            value = settled(option, task.options[option])
            if value != nothing:
                return Effective(value, "decorator")
        elif not task.complete:
            return Effective(UNKNOWN, "unknown")
        else:
            inherited = task.base.attribute(option)
            if inherited is not None:
                path, value = inherited
                value = settled(option, self._names.evaluate(value, path))
                if value != nothing:
                    return Effective(value, "base")
            elif not task.base.complete:
                return Effective(UNKNOWN, "unknown")
        if known is None:
            return Effective(UNKNOWN, "unknown")
        if known.setting is not None:
            setting = self._worker_setting(task, known.setting)
            return Effective(setting.value, setting.origin)
        return Effective(default_value(known.default), "default")

    def _setting(self, task: Task, key: str) -> Setting:
        tests = self._names.modules.is_test(task.path)
        if task.app is None:
            return self._settings.shared(key, tests=tests)
        return self._settings.of(task.app, key)

    def _worker_setting(self, task: Task, key: str) -> Setting:
        """A setting where the task runs: in a worker of its app, or of another that loads it."""
        others = self._sharing.others(task)
        if not others:
            return self._setting(task, key)
        # One tuple for all tasks of a package: what they agree on is asked for once.
        of = id(others), key
        if of not in self._agreed:
            own = self._setting(task, key)
            values = (self._settings.of(app, key).value for app in others)
            agree = all(value == own.value for value in values)
            self._agreed[of] = own if agree else UNKNOWN_SETTING
        return self._agreed[of]

    def _annotated(self, task: Task, option: str) -> Effective | None:
        value = self._worker_setting(task, "task_annotations").value
        if value == Const(None) or (value == UNKNOWN and not self._settings.may_annotate):
            return None
        if not isinstance(value, Dict):
            # A list may hold objects that decide while the program runs.
            return Effective(UNKNOWN, "unknown")
        result: Effective | None = None
        for key, entry in value.items:
            if not isinstance(key, Const) or not isinstance(entry, Dict):
                return Effective(UNKNOWN, "unknown")
            if key.value in ("*", task.name):
                for name, item in entry.items:
                    if name == Const(option):
                        result = Effective(settled(option, item), "annotations")
            elif task.name is None:
                return Effective(UNKNOWN, "unknown")
        return result


def settled(option: str, value: Expr) -> Expr:
    """An evaluated value of an option, or unknown where only a running program could tell.

    A name that is left after evaluation is a class, or the constant of a module that can't be
    read; only where an option takes classes is the first of any use.
    """
    match value:
        case Name() | Imported():
            last = last_name(value)
            is_class = last[:1].isupper() and not last.isupper()
            takes = option in _NAMES_CLASSES or option not in catalog.task_options()
            return value if is_class and takes else UNKNOWN
        case Const() | Seq() | Dict():
            return value
    return UNKNOWN
