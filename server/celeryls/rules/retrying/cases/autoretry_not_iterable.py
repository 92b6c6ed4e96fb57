from celeryls.rules.cases import Invalid, Valid


def _task(value: str, before: str = "", option: str = "autoretry_for") -> str:
    return (
        f"from celery import shared_task\n{before}\n@shared_task({option}={value})\ndef f(): ...\n"
    )


VALID = [
    Valid("a tuple", _task("(OSError,)")),
    Valid("a list and a set", _task("[OSError], dont_autoretry_for={KeyError}")),
    Valid("a variable that holds a tuple", _task("PASSING", "PASSING = (OSError, KeyError)\n")),
    Valid("a variable of another package", _task("PASSING", "from own import PASSING\n")),
    Valid("a tuple that is named like a class", _task("Passing", "from own import Passing\n")),
    Valid("an attribute of something imported", _task("own.Errors", "import own\n")),
    Valid("tuples that are added", _task("PASSING + (OSError,)", "from own import PASSING\n")),
    Valid("what a call gives", _task("passing(OSError)", "from own import passing\n")),
    Valid(
        "a builtin's name for something else",
        _task("OSError", "OSError = (IOError, KeyError)\n"),
    ),
    Valid(
        "a class that can be iterated",
        _task("Passing", "import enum\n\nclass Passing(enum.Enum):\n    A = OSError\n"),
    ),
    Valid(
        "a parameter of a function around it",
        """\
from celery import shared_task

def make(OSError):
    @shared_task(autoretry_for=OSError)
    def f(): ...
""",
    ),
    Valid(
        "classes that a call makes",
        _task("(make(OSError), error('x'))", "from own import make, error\n"),
    ),
    Valid("no text at all", _task("''")),
    Valid("something starred", _task("(*PASSING, OSError)", "from own import PASSING\n")),
    Valid(
        "a function that is named like an exception",
        _task("(HttpError(404),)", "def HttpError(status): return OSError\n"),
    ),
    Valid("texts where texts are taken", _task("('OSError',)", option="throws")),
    Valid("where a class is taken", _task("OSError", option="throws")),
]

INVALID = [
    Invalid(
        _task("«OSError»"),
        'task "shop.tasks.f": autoretry_for is the class OSError and not a tuple',
        _task("(OSError,)"),
    ),
    Invalid(_task("(«OSError»)"), "the class OSError", _task("(OSError,)")),
    Invalid(
        _task("«requests.HTTPError», retry_backoff=True", "import requests\n"),
        "the class requests.HTTPError",
        _task("(requests.HTTPError,), retry_backoff=True", "import requests\n"),
    ),
    Invalid(
        _task("«Busy»", "class Busy(Exception): ...\n", option="dont_autoretry_for"),
        "dont_autoretry_for is the class Busy",
        _task("(Busy,)", "class Busy(Exception): ...\n", option="dont_autoretry_for"),
    ),
    Invalid(
        _task("«Busy»", "from shop.errors import Busy\n"),
        "the class Busy",
        _task("(Busy,)", "from shop.errors import Busy\n"),
        {"shop/errors.py": "import celery\n\nclass Busy(celery.exceptions.TaskError): ...\n"},
    ),
    Invalid(
        _task("(«ObjectDoesNotExist»)", "from django.core.exceptions import ObjectDoesNotExist\n"),
        "the class ObjectDoesNotExist",
        _task("(ObjectDoesNotExist,)", "from django.core.exceptions import ObjectDoesNotExist\n"),
    ),
    Invalid(_task("«None»"), "autoretry_for is None", _task("()")),
    Invalid(_task("«True»"), "autoretry_for is True", None),
    Invalid(_task("«'OSError'»"), "autoretry_for is a text, which is no exception class", None),
    Invalid(_task("«('OSError',)»"), "autoretry_for has a text in it, which is no", None),
    Invalid(_task("«[OSError, KeyError()]»"), "autoretry_for has an exception in it, which", None),
    Invalid(_task("«ConnectionError()»"), "autoretry_for is an exception and not a tuple", None),
    Invalid(_task("«(OSError, None)»"), "autoretry_for has None in it, which is no", None),
]
