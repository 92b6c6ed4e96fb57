from celeryls.rules.cases import Invalid, Valid

_SHARED = "from celery import shared_task\n"
_IMPORT = f"{_SHARED}from celery.exceptions import SoftTimeLimitExceeded\n"
_LIMIT = "soft_time_limit=60"
_LOST = "        except Exception:\n            logger.exception(x)\n"
_THROUGH = "        except SoftTimeLimitExceeded:\n            raise\n"


def _task(
    handlers: str, options: str = _LIMIT, imports: str = _SHARED, loop: str = "for x in xs"
) -> str:
    return (
        f"{imports}\n@shared_task({options})\ndef f(xs):\n    {loop}:\n        try:\n"
        f"            go(x)\n{handlers}"
    )


def _app(setting: str) -> dict[str, str]:
    return {
        "shop/app.py": f'from celery import Celery\n\napp = Celery("shop")\napp.conf.{setting}\n'
    }


VALID = [
    Valid("let through", _task(_THROUGH + _LOST, imports=_IMPORT)),
    Valid(
        "named, so it is meant",
        _task(_LOST.replace("Exception:", "(exc.SoftTimeLimitExceeded, Exception):")),
    ),
    Valid(
        "a tuple that is not known", _task("        except ERRORS:\n            raise\n" + _LOST)
    ),
    Valid("no soft limit", _task(_LOST, "time_limit=60")),
    Valid("zero is no limit", _task(_LOST, "soft_time_limit=0"), _app("task_soft_time_limit = 5")),
    Valid("a limit that is not known", _task(_LOST, "soft_time_limit=x.LIMIT")),
    Valid("other exceptions", _task("        except (OSError, KeyError):\n            pass\n")),
    Valid("raised again", _task(_LOST + "            raise\n")),
    Valid("handed on", _task("        except Exception as e:\n            handle(e)\n")),
    Valid("kept for later", _task("        except Exception as e:\n            bad.append(e)\n")),
    Valid("leaves the loop", _task(_LOST + "            break\n")),
    Valid("leaves the function", _task(_LOST + "            return\n")),
    Valid("no loop, so the task ends", _task(_LOST, loop="if xs")),
    Valid("the loop of an inner function", _task(_LOST, loop="def g(x)")),
    Valid(
        "around the loop",
        f"{_SHARED}\n@shared_task({_LIMIT})\ndef f(xs):\n    try:\n        for x in xs:\n"
        "            go(x)\n    except Exception:\n        pass\n",
    ),
    Valid(
        "a base that calls the task in its own way",
        """\
from celery import Task, shared_task

class Own(Task):
    def __call__(self, *args):
        return args

@shared_task(base=Own, soft_time_limit=60)
def f(xs):
    for x in xs:
        try: ...
        except Exception: ...
""",
    ),
]

INVALID = [
    Invalid(
        _task(_LOST.replace("except Exception", "«except Exception»")),
        'task "shop.tasks.f": in this loop "except Exception" catches SoftTimeLimitExceeded too, '
        "so the task goes on after its soft time limit of 60 seconds",
        _task(_THROUGH + _LOST, imports=_IMPORT),
    ),
    Invalid(
        _task(
            "        except OSError:\n            raise\n        «except»:\n            continue\n",
            loop="while xs",
        ),
        "goes on after its soft time limit",
        _task(
            f"        except OSError:\n            raise\n{_THROUGH}"
            "        except:\n            continue\n",
            loop="while xs",
            imports=_IMPORT,
        ),
    ),
    Invalid(
        _task(_LOST.replace("except Exception", "«except Exception»"), ""),
        "soft time limit of 5 seconds",
        _task(_THROUGH + _LOST, "", imports=_IMPORT),
        _app("task_soft_time_limit = 5"),
    ),
    Invalid(
        _task(
            "            from own import SoftTimeLimitExceeded\n"
            + _LOST.replace("except Exception", "«except Exception»")
        ),
        "goes on",
        None,
    ),
]
