from celeryls.rules.cases import Invalid, Valid


def _task(options: str, before: str = "") -> str:
    return f"from celery import shared_task\n{before}\n@shared_task({options})\ndef f(): ...\n"


VALID = [
    Valid("a backoff", _task("autoretry_for=(OSError,), retry_backoff=True")),
    Valid("a decision", _task("autoretry_for=(OSError,), retry_backoff=False")),
    Valid(
        "a delay, were it the default", _task("autoretry_for=(OSError,), default_retry_delay=180")
    ),
    Valid("a countdown", _task('autoretry_for=(OSError,), retry_kwargs={"countdown": 5}')),
    Valid(
        "a countdown by a call", _task("autoretry_for=(OSError,), retry_kwargs=dict(countdown=5)")
    ),
    Valid("a time", _task('autoretry_for=(OSError,), retry_kwargs={"eta": SOON}')),
    Valid("arguments that are not known", _task("autoretry_for=(OSError,), retry_kwargs=MORE")),
    Valid("arguments that are spread", _task("autoretry_for=(OSError,), retry_kwargs={**MORE}")),
    Valid("no retry at all", _task("autoretry_for=(OSError,), max_retries=0")),
    Valid(
        "none by its arguments", _task('autoretry_for=(OSError,), retry_kwargs={"max_retries": 0}')
    ),
    Valid("no exceptions", _task("autoretry_for=()")),
    Valid(
        "a backoff that may come with a spread",
        _task("autoretry_for=(OSError,), **MORE", "from own import MORE\n"),
    ),
    Valid(
        "the base has a delay",
        """\
from celery import Task, shared_task

class Patient(Task):
    default_retry_delay = 5

@shared_task(base=Patient, autoretry_for=(OSError,))
def f(): ...
""",
    ),
    Valid(
        "annotations have a delay",
        _task("autoretry_for=(OSError,)"),
        {
            "shop/app.py": 'from celery import Celery\n\napp = Celery("shop")\n'
            'app.conf.task_annotations = {"*": {"default_retry_delay": 5}}\n'
        },
    ),
]

INVALID = [
    Invalid(
        _task("«autoretry_for»=(OSError,)"),
        'task "shop.tasks.f": without retry_backoff or default_retry_delay',
        _task("autoretry_for=(OSError,), retry_backoff=True"),
    ),
    Invalid(
        _task('«autoretry_for»=[OSError], retry_kwargs={"max_retries": 9}, retry_backoff_max=9'),
        "waits 180 seconds",
        """\
from celery import shared_task

@shared_task(
    autoretry_for=[OSError],
    retry_kwargs={"max_retries": 9},
    retry_backoff_max=9,
    retry_backoff=True,
)
def f(): ...
""",
    ),
]
