from celeryls.rules.cases import Invalid, Valid


def _task(
    body: str = "...", params: str = "self, x", options: str = "(bind=True)", before: str = ""
) -> str:
    return (
        f"from celery import shared_task\n{before}\n@shared_task{options}\n"
        f"def f({params}):\n    {body}\n"
    )


VALID = [
    Valid("not bound", _task(options="")),
    Valid("asked", _task("go(self.request.id)")),
    Valid("handed on", _task("go(self)")),
    Valid("in an inner function", _task("go(lambda: self.name)")),
    Valid("in a default of an inner function", _task("def g(task=self): ...")),
    Valid("in text", _task('go(f"{self.name}")')),
    Valid("all that is there", _task("go(**locals())")),
    Valid("no parameter for it", _task(params="*args")),
    Valid(
        "a decorator may use it", _task(before="from own import go\n").replace("def", "@go\ndef")
    ),
    Valid(
        "a base may use it",
        _task(options="(bind=True, base=Base)", before="from own import Base\n"),
    ),
    Valid(
        "a base that calls it in its own way",
        """\
from celery import Task, shared_task

class Own(Task):
    def __call__(self, *args):
        return self.run(self, *args)

@shared_task(bind=True, base=Own)
def f(self): ...
""",
    ),
    Valid("perhaps not bound", _task(options="(bind=BIND)", before="from own import BIND\n")),
]

INVALID = [
    Invalid(
        _task(params="«self», x"),
        'task "shop.tasks.f" is bound and does not use "self"',
        _task(params="x", options="()"),
    ),
    Invalid(
        _task(params="«task: Task»", options="(  # why\n    acks_late=True,\n    bind=True,\n)"),
        'does not use "task"',
        _task(params="", options="(  # why\n    acks_late=True,\n)"),
    ),
    Invalid(
        _task("def g(self): return self.x", params="\n    «self»,  # the task\n    *,\n    x,\n"),
        'does not use "self"',
        _task(
            "def g(self): return self.x", params="\n    # the task\n    *,\n    x,\n", options="()"
        ),
    ),
    Invalid(_task(params="«self», /, x"), "is bound", None),
]
