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
]
