"""When a task that fails is tried again, as far as its options say."""

from dataclasses import dataclass

from celeryls.ide.durations import in_words
from celeryls.project import Project, Task
from celeryls.syntax.expr import UNKNOWN, Const, Dict, Expr, Seq, Starred, truth

_PLAIN = ("decorator", "base", "default")
"""Where the options of automatic retries are surely read from (celery/app/autoretry.py)."""
_DOUBLED = 64
"""After so many doublings nobody waits any more."""
_SHOWN = 4
"""So many delays are written out before the rest is summed up."""


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The delays before each retry in seconds: `first`, then the same, or twice the one before.

    No delay is above `most`.  With `jitter` each is anything up to that.  `count` is `None` where
    it is tried for ever.
    """

    first: float
    doubles: bool
    most: float | None
    jitter: bool
    count: int | None

    def delay(self, retry: int) -> float:
        """The delay before a retry, which count from 0."""
        delay = self.first * 2.0 ** (min(retry, _DOUBLED) if self.doubles else 0)
        return delay if self.most is None else min(delay, self.most)

    @property
    def words(self) -> str:
        """`60 s, 120 s, 240 s`, `up to 1 s, 2 s, …, 512 s (10 retries)`, `3 times, 180 s apart`."""
        upto = "up to " if self.jitter else ""
        if self.count is None:
            if self.delay(0) == self.delay(1):
                return f"for ever, {upto}{in_words(self.delay(0))} apart"
            shown = [self.delay(retry) for retry in range(_SHOWN)]
            return f"{upto}{_listed(shown)}, … for ever"
        last = self.count - 1
        if last > 0 and self.delay(0) == self.delay(last):
            return f"{self.count} times, {upto}{in_words(self.delay(0))} apart"
        if self.count <= _SHOWN + 1:
            return upto + _listed([self.delay(retry) for retry in range(self.count)])
        shown = [self.delay(retry) for retry in range(_SHOWN - 1)]
        return f"{upto}{_listed(shown)}, … {_listed([self.delay(last)])} ({self.count} times)"


def _listed(delays: list[float]) -> str:
    # Seconds show best how they grow, as long as anybody can read them.
    plain = max(delays) < 1000
    return ", ".join(f"{delay:g} s" if plain else in_words(delay) for delay in delays)


def retry_schedule(project: Project, task: Task) -> RetrySchedule | None:
    """When a task is tried again; `None` if it never is, or where that can't be told.

    By itself, as celery/app/autoretry.py does; or by calls of `self.retry()`, if all of them leave
    the delay and the number to the options (celery/app/task.py, `Task.retry`).
    """
    automatic = _is_on(_option(project, task, "autoretry_for"))
    if automatic is None:
        return None
    given = _given(_option(project, task, "retry_kwargs")) if automatic else {}
    if given is None or (not automatic and not _retries_plainly(project, task)):
        return None
    most = given.get("max_retries") or project.effective(task, "max_retries").value
    count = most.value if isinstance(most, Const) else "unknown"
    if not (count is None or (isinstance(count, int) and count > 0)):
        return None
    if automatic:
        backoff = _number(_option(project, task, "retry_backoff"))
        if backoff is None:
            return None
        if backoff:
            return _growing(project, task, backoff, count)
    delay = given.get("countdown") or project.effective(task, "default_retry_delay").value
    seconds = _number(delay)
    return None if seconds is None else RetrySchedule(seconds, False, None, False, count)


def _growing(
    project: Project, task: Task, backoff: float, count: int | None
) -> RetrySchedule | None:
    most = _number(_option(project, task, "retry_backoff_max"))
    jitter = truth(_option(project, task, "retry_jitter"))
    if most is None or jitter is None:
        return None
    # celery/utils/time.py, get_exponential_backoff_interval
    return RetrySchedule(int(max(1.0, backoff)), True, int(most), jitter, count)


def _option(project: Project, task: Task, name: str) -> Expr:
    found = project.effective(task, name)
    return found.value if found.origin in _PLAIN else UNKNOWN


def _is_on(value: Expr) -> bool | None:
    """Whether `autoretry_for` names anything; `None` where that can't be told."""
    match value:
        case Seq(items=items):
            if any(not isinstance(item, Starred) for item in items):
                return True
            return None if items else False
        case Const(value=None):
            return False
    return None


def _given(value: Expr) -> dict[str, Expr] | None:
    """What `retry_kwargs` says; `None` where that can't be told."""
    if value == Const(None):
        return {}
    if not isinstance(value, Dict):
        return None
    found: dict[str, Expr] = {}
    for key, item in value.items:
        if not isinstance(key, Const) or not isinstance(key.value, str):
            return None
        if item != Const(None):  # the task's own holds
            found[key.value] = item
    # With an `eta` there is no delay to tell.
    return None if "eta" in found else found


def _retries_plainly(project: Project, task: Task) -> bool:
    """Whether the task's code tries it again, and always as its options say."""
    site = project.site(task)
    calls = [retry for retry in site.retries if retry.method == "retry"]
    if not calls or task.base.retries or not task.base.complete or site.passes_first_param:
        return False
    text = project.text(task.path) or ""
    # Its parameters are args, kwargs, exc, throw, eta, countdown, max_retries, **options.
    decides = {"eta", "countdown", "max_retries", None}
    return all(
        retry.own
        and len(retry.args) <= 4
        and not any(span.of(text).startswith("*") for span in retry.args)
        and not any(keyword.name in decides for keyword in retry.keywords)
        for retry in calls
    )


def _number(value: Expr) -> float | None:
    """A number as Celery takes it: `True` is 1 and `False` is 0."""
    found = value.value if isinstance(value, Const) else None
    return float(found) if isinstance(found, int | float) else None
