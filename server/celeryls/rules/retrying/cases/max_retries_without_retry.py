from celeryls.rules.cases import Invalid, Valid

_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _task(
    options: str = "max_retries=5", body: str = "...", before: str = "", params: str = ""
) -> str:
    return (
        f"from celery import shared_task\n{before}\n@shared_task({options})\n"
        f"def f({params}): {body}\n"
    )


_BOUND = "bind=True, max_retries=5"

VALID = [
    Valid("it is retried by itself", _task("autoretry_for=(OSError,), max_retries=5")),
    Valid("it retries itself", _task(_BOUND, "raise self.retry()", params="self")),
    Valid("under its own name", _task(body="raise f.retry()")),
    Valid(
        "it retries in a way of its own",
        _task(body="raise Retry()", before="from celery.exceptions import Retry\n"),
    ),
    Valid("through an inner function", _task(body="go(lambda: f.retry())")),
    Valid("a helper that gets the task", _task(_BOUND, "go(self)", params="self")),
    Valid("a helper that finds the task", _task(body="go()", before="import celery.current_task")),
    Valid("a decision", _task("max_retries=0")),
    Valid("a decision, whatever the delay", _task("max_retries=0, default_retry_delay=5")),
    Valid("another decision", _task("autoretry_for=(), max_retries=5")),
    Valid("it is asked", _task(_BOUND, "go(self.max_retries)", params="self")),
    Valid("it is asked elsewhere", _task() + "\nlimit = f.max_retries\n"),
    Valid(
        "a decorator may retry", _task(before="from own import again").replace("def", "@again\ndef")
    ),
    Valid("a base may retry", _task("base=Own, max_retries=5", before="from own import Own")),
    Valid(
        "options that may say more",
        _task("**OPTIONS, max_retries=5", before="from own import OPTIONS"),
    ),
    Valid("by what they spread", _task("**OPTIONS", before='OPTIONS = {"max_retries": 5}')),
    Valid("for lost workers", _task("retry_on_worker_lost=True, max_retries=5")),
    Valid(
        "for lost workers, for all tasks",
        _task(),
        {"a.py": f"{_APP}app.conf.task_retry_on_worker_lost = True\n"},
    ),
    Valid(
        "a base that retries",
        """\
from celery import Task, shared_task

class Patient(Task):
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.retry(args, kwargs)

@shared_task(base=Patient, max_retries=5)
def f(): ...
""",
    ),
    Valid(
        "a base that reads it",
        """\
from celery import Task, shared_task

class Patient(Task):
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        again(self.name, args, self.max_retries)

@shared_task(base=Patient, max_retries=5)
def f(): ...
""",
    ),
    Valid(
        "an app of one's own",
        """\
from celery import Celery

class Patient(Celery):
    def task(self, *args, **options): ...

app = Patient()

@app.task(max_retries=5)
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(
        _task("«max_retries»=5"),
        'task "shop.tasks.f": max_retries has no effect, since nothing retries the task',
        _task(
            "\n    max_retries=5,\n    autoretry_for=(ConnectionError, TimeoutError),\n"
            "    retry_backoff=True,\n    retry_backoff_max=600,\n    retry_jitter=True,\n"
        ),
    ),
    Invalid(
        _task(
            "bind=True, «default_retry_delay»=5, max_retries=2",
            "go(self.request.id)",
            params="self",
        ),
        "default_retry_delay and max_retries have no effect",
        _task(
            "\n    bind=True,\n    default_retry_delay=5,\n    max_retries=2,\n"
            "    autoretry_for=(ConnectionError, TimeoutError),\n",
            "go(self.request.id)",
            params="self",
        ),
    ),
    Invalid(
        f"{_APP}\n@app.task(  # never\n    acks_late=True,\n    «max_retries»=LIMIT,  # often\n)\n"
        "def f(): ...\n\nLIMIT = 3\n",
        "no effect",
        f"{_APP}\n@app.task(  # never\n    acks_late=True,\n    max_retries=LIMIT,  # often\n"
        "    autoretry_for=(ConnectionError, TimeoutError),\n    retry_backoff=True,\n"
        "    retry_backoff_max=600,\n    retry_jitter=True,\n)\ndef f(): ...\n"
        "\nLIMIT = 3\n",
    ),
]
