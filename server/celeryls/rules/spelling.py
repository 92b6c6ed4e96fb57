"""Which name was meant by one that does not exist, and the fix that writes it."""

import difflib
import re
from collections.abc import Iterable

from celeryls.project import Project
from celeryls.rules.base import FileContext
from celeryls.text import Applicability, Edit, Fix, Span

CLOSE = 0.85
"""How similar a name must be to count as a misspelling; `difflib`'s ratio."""
_WORD = 0.7
"""The same for each word of it."""
_SAME = 0.93
"""How similar a name must be where it may be one that is not known."""
_MOST = 20
"""Similar names that are looked at more closely."""
_SHORTEST = 4
"""Letters of a name in which two that are swapped are a misspelling for certain."""
_CLEAR = 0.05
"""By how much the most similar name must be nearer than the next one."""


def closest(name: str, names: Iterable[str], *, close: float = CLOSE) -> str | None:
    """The one of `names` that is close to `name`; `None` if none is, or more than one."""
    listed = list(names)
    near = difflib.get_close_matches(name, listed, n=2, cutoff=close)
    return _nearest(name, near or _swapped(name, listed)) or _reordered(name, listed)


def meant(name: str, names: Iterable[str], *, close: float = CLOSE) -> str | None:
    """The same for names of several words, of which no word may be another one.

    `a.tasks2` is no misspelling of `a.tasks1`, nor `sync_users` one of `sync_orders`.
    """
    listed = list(names)
    near = difflib.get_close_matches(name, listed, n=_MOST, cutoff=close)
    near = [other for other in near if _says_the_same(name, other)]
    return _nearest(name, near or _swapped(name, listed))


def _swapped(name: str, names: Iterable[str]) -> list[str]:
    """The names with two letters beside each other the other way round: `mail` for `mial`.

    In a short name that is less similar than it looks.
    """
    return [
        other for other in names if len(other) == len(name) >= _SHORTEST and _swaps(name, other)
    ]


def _swaps(name: str, other: str) -> bool:
    wrong = [
        at for at, (one, another) in enumerate(zip(name, other, strict=True)) if one != another
    ]
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    pair = name[wrong[0] : wrong[1] + 1]
    return pair.isalpha() and other[wrong[0] : wrong[1] + 1] == pair[::-1]


def _reordered(name: str, names: Iterable[str]) -> str | None:
    """The one name that has the same words in another order: `acks_late` for `late_acks`."""
    words = sorted(name.split("_"))
    same = [other for other in names if sorted(other.split("_")) == words]
    return same[0] if len(same) == 1 else None


def _nearest(name: str, near: list[str]) -> str | None:
    """The first, unless the second is hardly less similar."""
    if len(near) > 1 and _ratio(name, near[0]) - _ratio(name, near[1]) <= _CLEAR:
        return None
    return near[0] if near else None


def _says_the_same(name: str, other: str) -> bool:
    if re.sub(r"\D", "", name) != re.sub(r"\D", "", other):
        return False
    if re.sub(r"[._]", "", name) == re.sub(r"[._]", "", other):
        return True
    ours, theirs = re.split(r"[._]", name), re.split(r"[._]", other)
    return len(ours) == len(theirs) and all(
        one == another or _ratio(one, another) >= _WORD
        for one, another in zip(ours, theirs, strict=True)
    )


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def task_names(project: Project) -> list[str] | None:
    """The names of all tasks, each once; `None` if there are none, or one is not known."""
    # A name of two definitions (`if`, `else`) would be as near to a misspelling as itself.
    names = dict.fromkeys(task.name for task in project.tasks())
    known = [name for name in names if name is not None]
    return known if known and len(known) == len(names) else None


def meant_task(project: Project, name: str) -> str | None:
    """The name of a task that was meant by one that no task is known to have.

    Where the name of some task is computed it may be that one: then nearly all letters must be the
    same, and no such task may have a function whose name resembles it.
    """
    tasks = list(project.tasks())
    known = dict.fromkeys(task.name for task in tasks if task.name is not None)
    unknown = [task.decl for task in tasks if task.name is None]
    if not unknown:
        return meant(name, known)
    last = name.rpartition(".")[2]
    if any(decl.in_function or _ratio(last, decl.name) >= _WORD for decl in unknown):
        return None
    return meant(name, known, close=_SAME)


def rename_text(file: FileContext, span: Span, name: str, other: str) -> tuple[Fix, ...]:
    """Put another name into a text literal; nothing if what stands there is no plain one."""
    inner = Span(span.start + 1, span.end - 1)
    if inner.of(file.text) != name:
        return ()
    edit = Edit(inner, other)
    return (Fix.in_file(file.path, f'Use "{other}"', Applicability.SAFE, edit),)
