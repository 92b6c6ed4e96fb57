"""CEL407."""

from collections.abc import Iterator

from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.workflows.sending_task import scheduled_by_task
from celeryls.syntax.expr import Call, Expr, Imported, Name, Operation

_SIGNS = frozenset({"s", "si", "signature"})
_WORKFLOWS = frozenset({"celery.group", "celery.chain", "celery.chord"})


class PeriodicWorkflow(Rule):
    """## What it does

    Finds chains, groups and chords that are given to `add_periodic_task`.

    ## Why it matters

    A schedule entry holds the name of one task with its arguments. Beat sends that, and the
    steps of a workflow are lost or fail.

    Celery's documentation:
    [Periodic tasks](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html)

    ## Example

    ```python
    app.add_periodic_task(60, chain(fetch.s(), store.s()))
    ```

    Use instead:

    ```python
    @app.task
    def refresh():
        chain(fetch.s(), store.s()).delay()


    app.add_periodic_task(60, refresh.s())
    ```

    ## Known limits

    Only workflows that are written where they are scheduled, or assigned once, are seen.

    ## Fix safety

    Unsafe: the workflow moves into a new task above, `send_chain`, `send_group` or `send_chord`,
    which is made as the other tasks of the file are, or by the app that the file makes. It is
    neither retried nor acknowledged late, since beat sends it again next time. There is no fix
    where the workflow is not written in the call, is written with `|`, uses names of the function
    around it, or is given `args` beside; in a class or a loop at the top of a file; and where
    `require` asks for options.
    """

    code = "CEL407"
    name = "periodic-workflow"
    summary = "A workflow is scheduled; beat can only send a single task."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        for site in file.project.body(file.path).calls:
            if site.method != "add_periodic_task" or len(site.values) < 2:
                continue
            signature = site.values[1]
            if _is_chain_of_tasks(file, signature):
                message = "beat can't send a chain: schedule a task that sends it"
                yield Finding(self.code, message, site.span, site.span, site.span)
            if not isinstance(signature, Call):
                continue
            for symbol in file.project.meaning(file.path, signature.func):
                if isinstance(symbol, External) and _plain(symbol.qualname) in _WORKFLOWS:
                    kind = symbol.qualname.rpartition(".")[2]
                    message = f"beat can't send a {kind}: schedule a task that sends it"
                    fixes = tuple(scheduled_by_task(file, site, kind))
                    yield Finding(self.code, message, site.span, site.span, site.span, fixes)


def _is_chain_of_tasks(file: FileContext, value: Expr) -> bool:
    """Whether a value is `a.s() | b.s()`, with nothing but signatures of tasks."""
    if isinstance(value, Operation):
        return value.op == "|" and all(_is_step(file, one) for one in value.operands)
    return False


def _is_step(file: FileContext, value: Expr) -> bool:
    if isinstance(value, Operation):
        return _is_chain_of_tasks(file, value)
    if not isinstance(value, Call) or not isinstance(value.func, Name | Imported):
        return False
    dotted = value.func.dotted if isinstance(value.func, Name) else value.func.rest
    return dotted.rpartition(".")[2] in _SIGNS and bool(file.project.tasks_of(file.path, value))


def _plain(qualname: str) -> str:
    return qualname.replace("celery.canvas.", "celery.")
