"""Who sends, signs or calls each task of a project."""

from collections import defaultdict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from celeryls.facts import CallSite
from celeryls.project import Project, Task
from celeryls.text import Span

_NOT_SENDING = frozenset({"add_periodic_task"})


@dataclass(frozen=True, slots=True)
class Caller:
    """A place that sends, signs or calls a task.

    `span` is the call that sends or signs it, else the task's name as it stands there.  `method`
    is that of the task (`delay`), `signature` and `send_task` for those by name, `call` for a
    direct call, `helper` for a function that sends what it is given: then `via` is its name.
    `within` is the qualified name of the function or class around it, empty at module level.
    """

    path: str
    span: Span
    method: str
    via: str | None = None
    within: str = ""

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
        for dispatch in project.dispatches(path):
            site = dispatch.site
            if not _counts(site):
                continue
            for task in dispatch.tasks:
                method = site.method or "signature"
                self._found[task.symbol].append(Caller(path, site.span, method, within=site.within))
        for use in project.uses(path):
            if use.how == "value":
                self._passed_on.add(use.task.symbol)
                continue
            used = use.reference
            caller = Caller(path, used.span, use.how, use.helper, used.within)
            self._found[use.task.symbol].append(caller)


_KNOWN: WeakKeyDictionary[Project, Callers] = WeakKeyDictionary()


def callers_in(project: Project) -> Callers:
    """The callers of all tasks of a project; kept as long as that is."""
    known = _KNOWN.get(project)
    if known is None:
        known = _KNOWN[project] = Callers(project)
    return known


def _counts(site: CallSite) -> bool:
    return site.method not in _NOT_SENDING
