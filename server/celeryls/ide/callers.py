"""Who sends, signs or calls each task of a project."""

from collections import defaultdict
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from celeryls.project import Project, Task
from celeryls.text import Span


@dataclass(frozen=True, slots=True)
class Caller:
    """A place that sends, signs or calls a task.

    `span` is the call that sends or signs it, else the task's name as it stands there.  `method`
    is that of the task (`delay`), `signature` and `send_task` for those by name, `call` for a
    direct call, `helper` for a function that sends what it is given: then `via` is its name.
    `within` is the qualified name of the function or class around it, empty at module level.
    `by_clock` is a signature that `add_periodic_task` is given, which is a schedule as well.
    """

    path: str
    span: Span
    method: str
    via: str | None = None
    within: str = ""
    by_clock: bool = False

    @property
    def offset(self) -> int:
        """Where it begins, in code points."""
        return self.span.start


class Callers:
    """The callers of all tasks of one project.  Built once; reads every file that has none yet."""

    def __init__(self, project: Project) -> None:
        self._found: defaultdict[tuple[str, str], list[Caller]] = defaultdict(list)
        self._passed_on: set[tuple[str, str]] = set()
        for path in sorted(project.files):
            self._read(project, path)

    def of(self, task: Task) -> tuple[Caller, ...]:
        """The callers of a task, by path and place."""
        found = self._found.get(task.symbol, ())
        return tuple(sorted(found, key=lambda caller: (caller.path, caller.offset)))

    def is_passed_on(self, task: Task) -> bool:
        """Whether a task is also a value somewhere, so that there may be callers nobody sees."""
        return task.symbol in self._passed_on

    def _read(self, project: Project, path: str) -> None:
        calls = project.body(path).calls
        periodic = [call.span for call in calls if call.method == "add_periodic_task"]
        for dispatch in project.dispatches(path):
            site = dispatch.site
            if site.method == "add_periodic_task":
                continue
            by_clock = any(span.start <= site.span.start < span.end for span in periodic)
            for task in dispatch.tasks:
                method = site.method or "signature"
                caller = Caller(path, site.span, method, within=site.within, by_clock=by_clock)
                self._found[task.symbol].append(caller)
        for use in project.uses(path):
            if use.how == "value":
                self._passed_on.add(use.task.symbol)
                continue
            used = use.reference
            caller = Caller(path, used.span, use.how, use.helper, used.within)
            self._found[use.task.symbol].append(caller)


_KNOWN: WeakKeyDictionary[Project, Callers] = WeakKeyDictionary()
_LOCK = Lock()


def callers_in(project: Project) -> Callers:
    """The callers of all tasks of a project; kept as long as that is."""
    # Asked for every lens on the screen at once: one thread finds them, the others wait for it.
    with _LOCK:
        known = _KNOWN.get(project)
        if known is None:
            known = _KNOWN[project] = Callers(project)
        return known
