"""CEL505."""

from collections.abc import Iterator

from celeryls.facts import CallSite, ScheduleSite
from celeryls.project import Task
from celeryls.rules.arity import mismatch
from celeryls.rules.base import FileContext, Finding, Related, Rule
from celeryls.rules.calls import CallContext, Handed, by_start, is_checked
from celeryls.rules.scheduling.entries import beat_entries
from celeryls.syntax.expr import Call, Const, Dict, Expr, Seq, Starred, parse_expr
from celeryls.text import Span


class BeatArguments(Rule):
    """## What it does

    Compares the arguments of periodic tasks with what the task takes: `args` and `kwargs` of an
    entry of a beat schedule, and what the signature that `add_periodic_task` gets lacks.

    ## Why it matters

    Beat checks nothing. It sends the message with each tick, and each time the task fails in the
    worker with a `TypeError` before its first line.

    Celery's documentation:
    [Available fields](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#available-fields)

    ## Example

    ```python
    app.conf.beat_schedule = {
        "nightly": {"task": "shop.tasks.charge_all", "schedule": crontab(hour=3, minute=0)},
    }


    @shared_task(name="shop.tasks.charge_all")
    def charge_all(day): ...
    ```

    Use instead:

    ```python
    {"task": "shop.tasks.charge_all", "schedule": ..., "args": ("yesterday",)}
    ```

    ## Known limits

    Silent where something may change what the task takes, as for CEL301, where several tasks may
    be meant, and where arguments can't be told. Of a signature in `add_periodic_task` only what
    is missing is reported here; what is too much is CEL301's. Tests are not judged.

    ## Fix safety

    There is no fix: only its author knows what is missing.
    """

    code = "CEL505"
    name = "beat-arguments"
    summary = "A periodic task is sent with arguments that it does not take."
    severity = "error"
    since = "0.1.0"
    fix = "none"
    gives_way_to = ("CEL506",)

    def check(self, file: FileContext) -> Iterator[Finding]:
        for entry in beat_entries(file):
            yield from self._entry(file, entry)
        if file.project.is_test(file.path):
            return
        for call in file.project.body(file.path).calls:
            if call.method == "add_periodic_task" and len(call.values) > 1:
                yield from self._call(file, call)

    def _entry(self, file: FileContext, entry: ScheduleSite) -> Iterator[Finding]:
        tasks = file.project.tasks_of(file.path, entry.task)
        handed = _handed(file, entry)
        if len(tasks) == 1 and handed is not None:
            span = next((i.value_span for i in entry.items if i.key == "args"), entry.task_span)
            yield from self._compare(file, tasks[0], handed, span, entry.span)

    def _call(self, file: FileContext, call: CallSite) -> Iterator[Finding]:
        keywords = {keyword.name: keyword.value_span for keyword in call.keywords}
        if keywords.keys() & {"args", "kwargs", None}:
            return
        signature = call.args[1] if len(call.args) == 2 else keywords.get("sig")
        dispatch = file.once(by_start).get(signature.start) if signature is not None else None
        if dispatch is None:
            return
        site = dispatch.site
        if site.span == signature and site.method == "s" and site.called:
            context = CallContext(file, dispatch)
            task, handed = context.task, context.handed
            if task is None or handed is None or not context.is_checked:
                return
            if mismatch(task.takes, handed, final=False) is None:
                yield from self._compare(file, task, handed, site.span, site.span)

    def _compare(
        self, file: FileContext, task: Task, handed: Handed, span: Span, scope: Span
    ) -> Iterator[Finding]:
        project = file.project
        wrong = mismatch(task.takes, handed) if is_checked(project, task) else None
        if wrong is not None:
            place = project.site(task).name
            related = Related(task.path, place, f'task "{task.label}" is declared here')
            message = f'task "{task.label}" {wrong}'
            yield Finding(self.code, message, span, scope, scope, (), (related,))


def _handed(file: FileContext, entry: ScheduleSite) -> Handed | None:
    """What an entry hands to its task; `None` if that can't be told."""
    whole = parse_expr(entry.span.of(file.text))
    if isinstance(whole, Dict):
        known = all(isinstance(key, Const) for key, _ in whole.items)
    elif isinstance(whole, Call):
        known = not whole.args and all(name is not None for name, _ in whole.keywords)
    else:
        known = False
    if not known:
        return None
    values = {item.key: file.project.evaluate(file.path, item.value) for item in entry.items}
    args, kwargs = values.get("args", Const(None)), values.get("kwargs", Const(None))
    positional: tuple[Expr, ...] = ()
    if isinstance(args, Seq) and args.kind != "set":
        positional = args.items
    elif args != Const(None):
        return None
    if any(isinstance(item, Starred) for item in positional):
        return None
    if kwargs == Const(None):
        return Handed(positional)
    if not isinstance(kwargs, Dict):
        return None
    names = [key.value for key, _ in kwargs.items if isinstance(key, Const)]
    texts = tuple(name for name in names if isinstance(name, str))
    return Handed(positional, texts) if len(texts) == len(kwargs.items) else None
