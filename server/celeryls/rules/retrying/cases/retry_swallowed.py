from celeryls.rules.cases import Invalid, Valid


def _task(
    handlers: str,
    raises: str = "raise self.retry()",
    imports: str = "from celery import shared_task\n",
    options: str = "bind=True",
    first: str = "self",
) -> str:
    return (
        f"{imports}\n@shared_task({options})\ndef f({first}, x):\n    try:\n"
        f"        go(x)\n        {raises}\n{handlers}"
    )


_LOST = "    except Exception:\n        logger.exception(x)\n"
_RETRY = "    except Retry:\n        raise\n"
_IMPORT = "from celery import shared_task\nfrom celery.exceptions import Retry\n"

VALID = [
    Valid(
        "handed to something that raises",
        """\
from celery import shared_task

@shared_task(bind=True)
def f(self):
    try:
        raise self.retry()
    except Exception:
        errors.raise_the_last()

@shared_task(bind=True)
def g(self):
    try:
        raise self.retry()
    except Exception:
        assert False
""",
    ),
    Valid("let through", _task(_RETRY + _LOST, imports=_IMPORT)),
    Valid("named, so it is meant", _task("    except Retry:\n        pass\n", imports=_IMPORT)),
    Valid("its base is named", _task("    except CeleryError:\n        pass\n" + _LOST)),
    Valid(
        "in a tuple",
        _task("    except (OSError, exceptions.Retry):\n        raise\n" + _LOST),
    ),
    Valid("other exceptions", _task("    except (OSError, requests.HTTPError):\n        pass\n")),
    Valid("raised again", _task("    except Exception:\n        x.fail = 1\n        raise\n")),
    Valid(
        "raised again if it is one",
        _task("    except Exception as e:\n        if isinstance(e, Retry):\n            raise\n"),
    ),
    Valid("raised as another", _task("    except Exception as e:\n        raise Bad from e\n")),
    Valid("retried once more", _task("    except Exception as e:\n        self.retry(exc=e)\n")),
    Valid("handed on", _task("    except Exception as e:\n        handle(e)\n")),
    Valid("raised later", _task("    except Exception as e:\n        bad = e\n    raise bad\n")),
    Valid("the task is handed on", _task("    except Exception:\n        again(self)\n")),
    Valid("does not raise", _task(_LOST, "self.retry(throw=False)")),
    Valid("may not raise", _task(_LOST, "self.retry(throw=x.hard)")),
    Valid("arguments that are not known", _task(_LOST, "self.retry(**x)")),
    Valid("a tuple that is not known", _task("    except ERRORS:\n        raise\n" + _LOST)),
    Valid(
        "in the handler, which nothing is around",
        _task("    except Exception as exc:\n        raise self.retry(exc=exc)\n", "pass"),
    ),
    Valid(
        "in the else, which the handlers are not for",
        _task(_LOST + "    else:\n        self.retry()\n", "pass"),
    ),
    Valid(
        "something else that has a retry",
        _task(_LOST, "x.retry()"),
    ),
    Valid("not bound", _task(_LOST, "self.retry()", options="")),
    Valid("bound anew", _task(_LOST, "self = x.order; self.retry()")),
    Valid(
        "called later by somebody else",
        _task(_LOST, "x.on_failure(lambda: self.retry())"),
    ),
    Valid(
        "a base with a retry of its own",
        """\
from celery import Task, shared_task

class Quiet(Task):
    def retry(self, *args, **kwargs):
        kwargs["throw"] = False
        return super().retry(*args, **kwargs)

@shared_task(bind=True, base=Quiet)
def f(self):
    try:
        self.retry()
    except Exception:
        pass
""",
    ),
    Valid("a group, which hands on the rest", _task("    except* Exception:\n        pass\n")),
    Valid(
        "another Retry",
        _task(
            _LOST, "raise Retry()", "from celery import shared_task\nfrom urllib3 import Retry\n"
        ),
    ),
]

INVALID = [
    Invalid(
        _task(_LOST, "raise «self.retry()»"),
        'task "shop.tasks.f": the Retry that is raised here is lost in "except Exception": the '
        "task ends as if all were well, and runs again as well",
        _task(_RETRY + _LOST, imports=_IMPORT),
    ),
    Invalid(
        _task(
            "    except OSError as e:\n        raise\n    except:  # all\n        pass\n",
            "«self.retry(countdown=5)»",
        ),
        'lost in "except"',
        _task(
            f"    except OSError as e:\n        raise\n{_RETRY}    except:  # all\n        pass\n",
            "self.retry(countdown=5)",
            _IMPORT,
        ),
    ),
    Invalid(
        _task(
            "    except (OSError, Exception) as e:\n        print(f'no: {e}')\n",
            "return «this.retry(throw=True)»",
            first="this",
        ),
        'lost in "except (OSError, Exception) as e"',
        _task(
            f"{_RETRY}    except (OSError, Exception) as e:\n        print(f'no: {{e}}')\n",
            "return this.retry(throw=True)",
            _IMPORT,
            first="this",
        ),
    ),
    Invalid(
        """\
from celery import exceptions, shared_task

@shared_task(bind=True)
def f(self):
    try:
        try:
            go()
        except OSError as exc:
            raise «self.retry(exc=exc, throw=False)»
    except BaseException:
        return None
""",
        'lost in "except BaseException"',
        """\
from celery import exceptions, shared_task
from celery.exceptions import Retry

@shared_task(bind=True)
def f(self):
    try:
        try:
            go()
        except OSError as exc:
            raise self.retry(exc=exc, throw=False)
    except Retry:
        raise
    except BaseException:
        return None
""",
    ),
    Invalid(
        _task(_LOST, "raise «Retry(when=5)»", _IMPORT),
        "the task ends as if all were well",
        _task(_RETRY + _LOST, "raise Retry(when=5)", _IMPORT),
    ),
    Invalid(
        _task(_LOST, "Retry = 1; «self.retry()»"),
        "the task ends as if all were well",
        None,
    ),
    Invalid(
        _task(
            _LOST, "«self.retry()»", "import celery.exceptions\nfrom celery import shared_task\n"
        ),
        "the task ends as if all were well",
        _task(
            _RETRY.replace("Retry", "celery.exceptions.Retry") + _LOST,
            "self.retry()",
            "import celery.exceptions\nfrom celery import shared_task\n",
        ),
    ),
    Invalid(
        """\
import logging

import celery

def first(): ...

def second(): ...

@celery.shared_task(bind=True)
def f(self):
    try:
        raise «self.retry()»
    except Exception:
        pass
""",
        "the task ends as if all were well",
        """\
import logging

import celery
from celery.exceptions import Retry

def first(): ...

def second(): ...

@celery.shared_task(bind=True)
def f(self):
    try:
        raise self.retry()
    except Retry:
        raise
    except Exception:
        pass
""",
    ),
    Invalid(
        _task(_LOST, "raise «self.retry()»").replace(
            "import shared_task", "import shared_task\nfrom urllib3 import Retry"
        ),
        "the task ends as if all were well",
        None,
    ),
]
