from celeryls.rules.cases import Invalid, Valid


def _task(
    handler: str, caught: str = "except Exception", after: str = "", options: str = ""
) -> str:
    return (
        f"from celery import shared_task\n\n@shared_task{options}\ndef f(self, x):\n    try:\n"
        f"        go(x)\n    {caught}:\n        {handler}\n{after}"
    )


_LOGS = "logger.exception(x)"

VALID = [
    Valid("raised again", _task(f"{_LOGS}; raise")),
    Valid("raised as another", _task("raise OSError from None")),
    Valid("handed on", _task("report(exc)", "except Exception as exc")),
    Valid("retried", _task("self.retry()", options="(bind=True)")),
    Valid("retried in between", _task(_LOGS).replace("go(x)", "self.retry()")),
    Valid("narrow", _task(_LOGS, "except OSError")),
    Valid("narrow, several", _task(_LOGS, "except (OSError, KeyError)")),
    Valid("not known", _task(_LOGS, "except ERRORS")),
    Valid("it says so", _task('return {"error": x}')),
    Valid("it is on record", _task(f"{_LOGS}; x.failed = True")),
    Valid("something else comes after", _task(_LOGS, after="    go(2)\n")),
    Valid(
        "a part of the work",
        _task(_LOGS).replace("    try", "    go(1) if x else 2; y = 1\n    try") + "    done()\n",
    ),
    Valid(
        "for each of many",
        """\
from celery import shared_task

@shared_task
def f(xs):
    for x in xs:
        try: go(x)
        except Exception: logger.exception(x)
""",
    ),
    Valid("in a function of its own", _task(_LOGS).replace("@shared_task\n", "@decorator\n")),
    Valid(
        "a decorator that may ask",
        _task(_LOGS).replace("def f", "@asks\ndef f"),
    ),
]

INVALID = [
    Invalid(
        _task(_LOGS, "«except Exception»"),
        'task "shop.tasks.f" ends in "except Exception", so it counts as a success',
        None,
    ),
    Invalid(_task("pass", "«except»"), 'ends in "except"', None),
    Invalid(
        _task("return None", "except OSError:\n        raise\n    «except BaseException as e»"),
        "when it has failed",
        None,
    ),
]
