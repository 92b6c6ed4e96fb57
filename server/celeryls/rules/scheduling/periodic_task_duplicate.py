"""CEL508."""

from collections.abc import Iterator

from celeryls.facts import CallSite, DecoratorSite
from celeryls.project.schedules import shown
from celeryls.rules.base import FileContext, Finding, Related, Rule
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import Attribute, Call, Const, Expr, Imported, Name, Seq, is_known
from celeryls.text import Applicability, Fix, Span

_PARAMETERS = ("schedule", "sig", "args", "kwargs", "name")
_SIGNS = frozenset({"s", "si", "signature"})


class PeriodicTaskDuplicate(Rule):
    """## What it does

    Finds calls of `add_periodic_task` that add the same signature once more, without a name.

    ## Why it matters

    Beat keeps what is added under its name; without one the signature is the name. The second
    call takes the place of the first, whose schedule is lost, with no more than a warning in the
    log.

    Celery's documentation:
    [Entries](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries)

    ## Example

    ```python
    app.add_periodic_task(crontab(minute=0, hour=7), cleanup.s())
    app.add_periodic_task(crontab(minute=0, hour=19), cleanup.s())
    ```

    Use instead:

    ```python
    app.add_periodic_task(crontab(minute=0, hour=7), cleanup.s(), name="cleanup, morning")
    app.add_periodic_task(crontab(minute=0, hour=19), cleanup.s(), name="cleanup, evening")
    ```

    ## Known limits

    Only calls in one block of code, with arguments that are written out: of two branches only
    one may run. Options such as `.set(queue="x")` don't tell signatures apart, for Celery either.
    Tests are not judged.

    ## Fix safety

    Safe: with a name of its own the second entry is kept beside the first, as its author asked.
    There is no fix where both schedules are equal, or one can't be told.
    """

    code = "CEL508"
    name = "periodic-task-duplicate"
    summary = "The same signature is scheduled twice without a name; only the second counts."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if file.project.is_test(file.path):
            return
        seen: dict[tuple[str, Expr, Expr], list[CallSite]] = {}
        for site in file.project.body(file.path).calls:
            signature = _signature(file, site)
            if signature is None:
                continue
            before = seen.setdefault((site.within, site.target, signature), [])
            for first in reversed(before):
                if _in_one_block(file, first.span, site.span):
                    yield self._finding(file, first, site)
                    break
            before.append(site)

    def _finding(self, file: FileContext, first: CallSite, second: CallSite) -> Finding:
        label = file.project.tasks_of(file.path, second.values[1])[0].label
        line = file.lines.line_at(first.span.start) + 1
        message = (
            f'task "{label}" is added once more with the same arguments and no name: '
            f"this takes the place of line {line}"
        )
        related = Related(file.path, first.span, "this schedule is lost")
        evidence = Span(first.span.start, second.span.end)
        fixes = tuple(_fixes(file, first, second, label))
        return Finding(self.code, message, second.span, second.span, evidence, fixes, (related,))


def _signature(file: FileContext, site: CallSite) -> Expr | None:
    """What is scheduled, if it has no name and is known through and through."""
    if site.method != "add_periodic_task" or len(site.values) != 2 or not site.alone:
        return None
    names = {*_PARAMETERS[: len(site.args)], *(keyword.name for keyword in site.keywords)}
    if names & {"args", "kwargs", "name", None}:
        return None
    signature = site.values[1]
    while isinstance(signature, Call) and isinstance(signature.func, Attribute):
        if signature.func.name != "set":
            return None
        signature = signature.func.value
    if (
        not isinstance(signature, Call)
        or _last(signature.func) not in _SIGNS
        or len(file.project.tasks_of(file.path, signature)) != 1
    ):
        return None
    evaluate = file.project.evaluate
    args = tuple(evaluate(file.path, value) for value in signature.args)
    keywords = tuple((name, evaluate(file.path, value)) for name, value in signature.keywords)
    given = [*args, *(value for _, value in keywords)]
    if None in (name for name, _ in keywords) or not all(map(_is_written, given)):
        return None
    return Call(signature.func, args, keywords)


def _last(called: Expr) -> str | None:
    """The method of a task that is called, be the task imported by the function itself."""
    if isinstance(called, Imported):
        return called.rest.rpartition(".")[2]
    return called.last if isinstance(called, Name) else None


def _is_written(value: Expr) -> bool:
    """Whether a value is made of literals: two of them that look alike are alike."""
    return isinstance(value, Const) or (isinstance(value, Seq) and is_known(value))


def _in_one_block(file: FileContext, first: Span, second: Span) -> bool:
    """Whether two statements stand in one block, so that both run if the second does."""
    lines, text = file.lines, file.text
    margin = _margin(text, lines.line_start(lines.line_at(first.start)))
    from_line, to_line = lines.line_at(first.end) + 1, lines.line_at(second.start)
    for line in range(from_line, to_line + 1):
        start = lines.line_start(line)
        indent = _margin(text, start)
        if text[start + len(indent) : start + len(indent) + 1] in ("", "\n", "\r", "#"):
            continue
        if len(indent) < len(margin):
            return False
    return _margin(text, lines.line_start(to_line)) == margin


def _margin(text: str, start: int) -> str:
    end = start
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return text[start:end]


def _fixes(file: FileContext, first: CallSite, second: CallSite, label: str) -> Iterator[Fix]:
    evaluate = file.project.evaluate
    whens = [evaluate(file.path, site.values[0]) for site in (first, second)]
    if whens[0] == whens[1] or not all(map(is_known, whens)):
        return
    name = f"{label}, {shown(whens[1])}"
    if "…" in name or '"' in name or "\\" in name:
        return
    opened = file.text.index("(", second.target_span.end)
    call = DecoratorSite(
        second.span, Span(second.span.start, opened), True, second.args, second.keywords
    )
    edits = add_keywords(file.text, call, f'name="{name}"')
    yield Fix.in_file(file.path, f'Name it "{name}"', Applicability.SAFE, *edits)
