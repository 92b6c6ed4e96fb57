from celeryls.rules.cases import Invalid, Valid


def _task(options: str, before: str = "") -> str:
    return (
        f"from celery import shared_task\n{before}\n"
        f"@shared_task(autoretry_for=(OSError,), {options})\ndef f(): ...\n"
    )


VALID = [
    Valid("a countdown alone", _task('retry_kwargs={"countdown": 5}')),
    Valid("the backoff is off", _task('retry_kwargs={"countdown": 5}, retry_backoff=False')),
    Valid("another of its keys", _task('retry_kwargs={"max_retries": 5}, retry_backoff=True')),
    Valid(
        "a backoff that is not known",
        _task('retry_kwargs={"countdown": 5}, retry_backoff=SLOW', "from own import SLOW\n"),
    ),
    Valid("arguments that are not known", _task("retry_kwargs=MORE, retry_backoff=True", "")),
    Valid(
        "without automatic retries, which CEL201 is about",
        "from celery import shared_task\n\n"
        '@shared_task(retry_kwargs={"countdown": 5}, retry_backoff=True)\ndef f(): ...\n',
    ),
]

INVALID = [
    Invalid(
        _task('retry_backoff=True, retry_kwargs={"max_retries": 5, «"countdown": 60»}'),
        'task "shop.tasks.f": the countdown in retry_kwargs has no effect',
        _task('retry_backoff=True, retry_kwargs={"max_retries": 5}'),
    ),
    Invalid(
        _task('retry_kwargs={«"countdown": 60», "max_retries": (5)}, retry_backoff=2'),
        "retry_backoff replaces it",
        _task('retry_kwargs={"max_retries": (5)}, retry_backoff=2'),
    ),
    Invalid(
        _task('retry_kwargs={«"countdown": 60»,}, retry_backoff=2'),
        "retry_backoff replaces it",
        _task("retry_backoff=2"),
    ),
    Invalid(
        _task('retry_kwargs={«"countdown": 60», **MORE}, retry_backoff=2', 'MORE = {"x": 1}\n'),
        "retry_backoff replaces it",
        _task("retry_kwargs={**MORE}, retry_backoff=2", 'MORE = {"x": 1}\n'),
    ),
    Invalid(
        _task("«retry_kwargs=SOON», retry_backoff=2", 'SOON = {"countdown": 1}\n'),
        "retry_backoff replaces it",
        _task("retry_kwargs=SOON", 'SOON = {"countdown": 1}\n'),
    ),
    Invalid(
        _task('retry_kwargs={"max_retries": (5), «"countdown": 60»}, retry_backoff=2'),
        "retry_backoff replaces it",
        _task('retry_kwargs={"max_retries": (5), "countdown": 60}'),
    ),
]
