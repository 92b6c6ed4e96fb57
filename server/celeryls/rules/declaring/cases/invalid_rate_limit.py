from celeryls.rules.cases import Invalid, Valid


def _task(limit: str, before: str = "") -> str:
    head = f"from celery import shared_task\n{before}\n"
    return f"{head}@shared_task(rate_limit={limit})\ndef f(): ...\n"


VALID = [
    *(Valid(f"Celery reads {limit}", _task(limit)) for limit in ('"10/s"', '"0.5/m"', '"1e3/h"')),
    Valid("seconds", _task('"10"')),
    Valid("seconds, with a slash", _task('"10/"')),
    Valid("space before the slash", _task('" 10 /m"')),
    Valid("a number", _task("10")),
    Valid("none", _task("None")),
    Valid("no limit", _task('""')),
    Valid("computed", _task('f"{RATE}/m"', "from own import RATE\n")),
    Valid(
        "a setting that isn't known", _task("settings.RATE", "from django.conf import settings\n")
    ),
    Valid("from outside", _task('os.environ.get("RATE", "10/min")', "import os\n")),
    Valid(
        "annotations win",
        _task('"10/min"'),
        {
            "shop/app.py": 'from celery import Celery\n\napp = Celery("shop")\n'
            'app.conf.task_annotations = {"*": {"rate_limit": "10/m"}}\n'
        },
    ),
    Valid(
        "another option", "from celery import shared_task\n\n@shared_task(rate='x')\ndef f(): ...\n"
    ),
]

INVALID = [
    Invalid(_task('«"10/min"»'), 'rate_limit "10/min" can\'t be read', None),
    Invalid(_task('«"10/d"»'), 'write a number and "/s"', None),
    Invalid(_task('«"10/M"»'), "no worker starts", None),
    Invalid(_task('«"10 / m"»'), "no worker starts", None),
    Invalid(_task('«"ten/m"»'), "no worker starts", None),
    Invalid(_task("«RATE»", 'RATE = "5/day"\n'), 'rate_limit "5/day"', None),
    Invalid(
        """\
from celery import shared_task

OPTIONS = {"rate_limit": "5/day"}

@«shared_task(**OPTIONS)»
def f(): ...
""",
        'task "shop.tasks.f": rate_limit "5/day"',
        None,
    ),
]
