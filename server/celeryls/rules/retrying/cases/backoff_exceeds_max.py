from celeryls.rules.cases import Invalid, Valid


def _task(options: str, before: str = "") -> str:
    return (
        f"from celery import shared_task\n{before}\n"
        f"@shared_task(autoretry_for=(OSError,), {options})\ndef f(): ...\n"
    )


VALID = [
    Valid("a first delay below the default", _task("retry_backoff=60")),
    Valid("just the default", _task("retry_backoff=600")),
    Valid("one second", _task("retry_backoff=True")),
    Valid("true is one second", _task("retry_backoff=True, retry_backoff_max=1")),
    Valid("none", _task("retry_backoff=False, retry_backoff_max=0.5 * 60")),
    Valid("equal ones, the same delay each time", _task("retry_backoff=30, retry_backoff_max=30")),
    Valid("fractions are cut off", _task("retry_backoff=30.9, retry_backoff_max=30.1")),
    Valid("a cap that is high enough", _task("retry_backoff=3600, retry_backoff_max=24 * 3600")),
    Valid(
        "a cap that is not known",
        _task("retry_backoff=3600, retry_backoff_max=DAY", "from own import DAY\n"),
    ),
    Valid("a delay that is not known", _task("retry_backoff=DAY", "from own import DAY\n")),
    Valid(
        "a cap that may come with a spread",
        _task("retry_backoff=3600, **POLICY", "from own import POLICY\n"),
    ),
    Valid(
        "a cap that comes with a spread",
        _task("retry_backoff=3600, **POLICY", 'POLICY = {"retry_backoff_max": 7200}\n'),
    ),
    Valid(
        "the base has a higher cap",
        """\
from celery import Task, shared_task

class Patient(Task):
    retry_backoff_max = 86400

@shared_task(base=Patient, autoretry_for=(OSError,), retry_backoff=3600)
def f(): ...
""",
    ),
    Valid(
        "without automatic retries, which CEL201 is about",
        "from celery import shared_task\n\n@shared_task(retry_backoff=3600)\ndef f(): ...\n",
    ),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n"
        "@shared_task(autoretry_for=(OSError,), «retry_backoff=(x := 3600)»)\ndef f(): ...\n",
        "retry_backoff=3600 is above",
        None,
    ),
    Invalid(
        _task("«retry_backoff=3600»"),
        "retry_backoff=3600 is above retry_backoff_max=600 (the default): no retry waits longer "
        "than 600 seconds",
        _task("retry_backoff=3600, retry_backoff_max=3600"),
    ),
    Invalid(
        _task("«retry_backoff=HOUR»", "HOUR = 60 * 60\n"),
        "retry_backoff=3600 is above",
        _task("retry_backoff=HOUR, retry_backoff_max=HOUR", "HOUR = 60 * 60\n"),
    ),
    Invalid(
        _task("retry_backoff_max=20, «retry_backoff=30»"),
        "retry_backoff=30 is above retry_backoff_max=20: no retry waits longer than 20 seconds",
        _task("retry_backoff_max=30, retry_backoff=30"),
    ),
    Invalid(
        """\
from celery import Task, shared_task

class Hasty(Task):
    retry_backoff_max = 10

@shared_task(base=Hasty, autoretry_for=(OSError,), «retry_backoff=30»)
def f(): ...
""",
        "retry_backoff_max=10: no retry",
        None,
    ),
]
