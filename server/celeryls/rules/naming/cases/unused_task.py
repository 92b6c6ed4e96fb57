from celeryls.rules.cases import Invalid, Valid

_TASK = "from celery import shared_task\n\n@shared_task\ndef charge(): ...\n"
_SHOP = {"shop/__init__.py": ""}

VALID = [
    Valid(
        "handed to something by a file that has nothing to do with Celery",
        _TASK,
        {**_SHOP, "shop/views.py": "from shop.tasks import charge\n\nrun_later(charge)\n"},
    ),
    Valid("sent here", _TASK + "\ndef f():\n    charge.delay()\n"),
    Valid(
        "sent elsewhere",
        _TASK,
        {**_SHOP, "shop/views.py": "from shop.tasks import charge\n\ncharge.delay()\n"},
    ),
    Valid(
        "by its name",
        _TASK,
        {
            **_SHOP,
            "shop/celery.py": "import celery\n\nBEAT = {'task': 'shop.tasks.charge'}\n",
        },
    ),
    Valid("of another program, by its name", _TASK.replace("task\ndef", "task(**OPTIONS)\ndef")),
    Valid(
        "in a function",
        "from celery import shared_task\n\ndef f():\n    @shared_task\n    def g(): ...\n",
    ),
    Valid(
        "a decorator that schedules it",
        """\
from celery import shared_task
from shop.periodic import every

@shared_task
@every(hours=1)
def charge(): ...
""",
        {
            **_SHOP,
            "shop/periodic.py": """\
ENTRIES = {}

def every(hours):
    def decorate(function):
        ENTRIES[f"{function.__module__}.{function.__name__}"] = hours * 3600
        return function
    return decorate
""",
        },
    ),
    Valid(
        "a decorator that can't be read",
        "from celery import shared_task\nfrom own import every\n\n@shared_task\n@every(2)\n"
        "def charge(): ...\n",
    ),
    Valid(
        "a task that Celery sends",
        "from celery import shared_task\n\n@shared_task(name='celery.ping')\ndef ping(): ...\n",
    ),
    Valid("a test", _TASK, path="tests/test_it.py"),
]
INVALID = [
    Invalid(
        _TASK.replace("charge", "«charge»"),
        'task "shop.tasks.charge": nothing in the project sends or names it',
        None,
        {**_SHOP, "shop/views.py": "from shop.tasks import charges\n"},
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(name='pay')\ndef «charge»(): ...\n",
        'task "pay"',
        None,
        _SHOP,
    ),
    Invalid(
        "from celery import shared_task\nfrom django.db.transaction import atomic\n\n"
        "@shared_task\n@atomic\n@timed\ndef «charge»(): ...\n\n"
        "def timed(function):\n    return function\n",
        "nothing in the project sends",
        None,
        _SHOP,
    ),
]
