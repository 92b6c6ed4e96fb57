from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import shared_task\nfrom celery.exceptions import Ignore, Reject\n"


def _task(handlers: str, raises: str = "raise Ignore()", imports: str = _IMPORT) -> str:
    return (
        f"{imports}\n@shared_task\ndef f(x):\n    try:\n        go(x)\n        {raises}\n{handlers}"
    )


_LOST = "    except Exception:\n        logger.exception(x)\n"
_IGNORE = "    except Ignore:\n        raise\n"

VALID = [
    Valid("let through", _task(_IGNORE + _LOST)),
    Valid("both let through", _task("    except (Ignore, Reject):\n        raise\n" + _LOST)),
    Valid("named, so it is meant", _task("    except Ignore:\n        pass\n")),
    Valid("raised again", _task("    except Exception:\n        raise\n")),
    Valid("handed on", _task("    except Exception as e:\n        handle(e)\n")),
    Valid("other exceptions", _task("    except (OSError, KeyError):\n        pass\n")),
    Valid(
        "an exception of that name that is not Celery's",
        _task(_LOST, imports="from celery import shared_task\n\nclass Ignore(Exception): ...\n"),
    ),
    Valid(
        "one of another package",
        _task(_LOST, imports="from celery import shared_task\nfrom own import Ignore\n"),
    ),
    Valid("a name that means nothing", _task(_LOST, imports="from celery import shared_task\n")),
    Valid(
        "raised in the handler", _task(_LOST.replace("logger", "raise Reject(x); logger"), "pass")
    ),
    Valid(
        "a parameter of a function around it",
        """\
from celery import shared_task
from celery.exceptions import Ignore

def make(Ignore):
    @shared_task
    def f():
        try:
            raise Ignore()
        except Exception:
            pass
""",
    ),
    Valid("not a task", _task(_LOST).replace("@shared_task", "@decorator")),
]

INVALID = [
    Invalid(
        _task(_LOST, "raise «Ignore()»"),
        'task "shop.tasks.f": the Ignore that is raised here is lost in "except Exception": the '
        "task ends as a success",
        _task(_IGNORE + _LOST),
    ),
    Invalid(
        _task("    except:\n        pass\n", "raise «Reject(x, requeue=False)» from None"),
        'the Reject that is raised here is lost in "except": the message is not rejected',
        _task(
            "    except Reject:\n        raise\n    except:\n        pass\n",
            "raise Reject(x, requeue=False) from None",
        ),
    ),
    Invalid(
        _task(
            _LOST,
            "raise «celery.exceptions.Ignore»",
            "import celery.exceptions\nfrom celery import shared_task\n",
        ),
        "the Ignore",
        _task(
            _IGNORE.replace("Ignore", "celery.exceptions.Ignore") + _LOST,
            "raise celery.exceptions.Ignore",
            "import celery.exceptions\nfrom celery import shared_task\n",
        ),
    ),
    Invalid(
        _task(
            _LOST,
            "from celery.exceptions import Ignore as Skip, Reject as Ignore; raise «Ignore()»",
            "from celery import shared_task\n",
        ),
        "the Reject",
        None,
    ),
]
