"""CEL510."""

from collections.abc import Iterator

from celeryls.facts import ScheduleSite
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.scheduling.entries import beat_entries
from celeryls.syntax.expr import Const, Dict, parse_expr


class BeatWithoutExpires(Rule):
    """## What it does

    Finds entries of a beat schedule whose messages never expire.

    ## Why it matters

    While no worker runs, beat goes on and puts a message on the queue with each tick. Once a worker
    is there again it runs the task as often as it was missed.

    Celery's documentation:
    [Available fields](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#available-fields)

    ## Example

    ```python
    app.conf.beat_schedule = {
        "poll": {"task": "shop.tasks.cleanup", "schedule": 30},
    }
    ```

    Use instead:

    ```python
    app.conf.beat_schedule = {
        "poll": {"task": "shop.tasks.cleanup", "schedule": 30, "options": {"expires": 25}},
    }
    ```

    ## Known limits

    A task that must not be missed has no `expires`, so the rule is off. Silent where the task has
    an `expires` of its own, or is not known, and for `add_periodic_task`.

    ## Fix safety

    There is no fix: only its author knows when a run is of no use any more.
    """

    code = "CEL510"
    name = "beat-without-expires"
    summary = "Messages of a periodic task pile up while no worker runs."
    severity = "info"
    enabled = False
    since = "0.1.0"
    fix = "none"

    def check(self, file: FileContext) -> Iterator[Finding]:
        project = file.project
        for entry in beat_entries(file):
            tasks = project.tasks_of(file.path, entry.task)
            if not tasks or _may_expire(file, entry):
                continue
            if all(project.effective(task, "expires").value == Const(None) for task in tasks):
                message = f'messages of task "{tasks[0].label}" never expire, and may pile up'
                yield Finding(self.code, message, entry.task_span, entry.span, entry.span)


def _may_expire(file: FileContext, entry: ScheduleSite) -> bool:
    """Whether the options of an entry have an `expires`, or may have one."""
    whole = parse_expr(entry.span.of(file.text))
    if isinstance(whole, Dict) and not all(isinstance(key, Const) for key, _ in whole.items):
        return True
    for item in entry.items:
        if item.key == "options":
            options = file.project.evaluate(file.path, item.value)
            if not isinstance(options, Dict):
                return options != Const(None)
            return any(key is None or key == Const("expires") for key, _ in options.items)
    return False
