from celeryls.rules.cases import Invalid, Valid


def _task(call: str, options: str = "bind=True", caught: str = "OSError as exc") -> str:
    return (
        f"from celery import shared_task\n\n@shared_task({options})\ndef f(self, x):\n"
        f"    try:\n        go(x)\n    except {caught}:\n        raise {call}\n"
    )


VALID = [
    Valid("by name", _task("self.retry(exc=exc, countdown=5)")),
    Valid("arguments", _task("self.retry((x,), {}, exc)")),
    Valid("a list of arguments", _task("self.retry([x], exc=exc)")),
    Valid("arguments that have a name", _task("self.retry(x)")),
    Valid("the arguments of the exception", _task("self.retry(exc.args)")),
    Valid("nothing by place", _task("self.retry()")),
    Valid("what an unknown class makes", _task("self.retry(Again(x))")),
    Valid("a part of a new one", _task("self.retry(ValueError(x).args)")),
    Valid("spread", _task("self.retry(*exc)")),
    Valid("the retry of something else", _task("x.retry(exc)")),
    Valid("not a bound task", _task("self.retry(exc)", "")),
    Valid(
        "the name of an exception elsewhere",
        _task("self.retry(error)", caught="OSError as exc"),
    ),
    Valid(
        "another thing with the name of an exception",
        "from own import OSError\n" + _task("self.retry(OSError(x))"),
    ),
    Valid(
        "a retry of the task's own",
        """\
from celery import Task, shared_task

class Patient(Task):
    def retry(self, exc): ...

@shared_task(bind=True, base=Patient)
def f(self):
    try: ...
    except OSError as exc:
        self.retry(exc)
""",
    ),
]

INVALID = [
    Invalid(
        _task("self.retry(«exc»)"),
        'task "shop.tasks.f": the first parameter of retry is args, so "exc" is taken for the '
        "arguments and nothing is retried; write exc=exc",
        _task("self.retry(exc=exc)"),
    ),
    Invalid(
        _task("self.retry(\n            «exc»,\n            countdown=10,\n        )"),
        '"exc" is taken for the arguments',
        _task("self.retry(\n            exc=exc,\n            countdown=10,\n        )"),
    ),
    Invalid(
        _task("self.retry(«ValueError(x)»)"),
        "write exc=ValueError(x)",
        _task("self.retry(exc=ValueError(x))"),
    ),
    Invalid(_task("self.retry(«exc», 10)"), "taken for the arguments", None),
    Invalid(_task("self.retry((«exc»))"), "taken for the arguments", None),
]
