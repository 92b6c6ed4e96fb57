from celeryls.rules.cases import Invalid, Valid

_TASKS = "from celery import shared_task\n\n@shared_task\ndef send(x): ...\n"
_BOTH = {
    "shop/__init__.py": "",
    "shop/tasks.py": _TASKS,
    "shop/celery.py": "from celery import Celery\n\napp = Celery('shop', include=['shop.tasks'])\n",
}
_VIEW = "from tasks import send\n\ndef pay():\n    send.delay(1)\n"

VALID = [
    Valid("by its whole name", _VIEW.replace("tasks", "shop.tasks"), _BOTH, "shop/views.py"),
    Valid("as a part of the package", _VIEW.replace("tasks", ".tasks"), _BOTH, "shop/views.py"),
    Valid(
        "nothing says that it is in a package",
        _VIEW,
        {**_BOTH, "shop/celery.py": "from celery import Celery\n\napp = Celery('tasks')\n"},
        "shop/views.py",
    ),
    Valid(
        "a name of its own",
        _VIEW,
        {
            **_BOTH,
            "shop/tasks.py": _TASKS.replace("shared_task\ndef", "shared_task(name='x')\ndef"),
        },
        "shop/views.py",
    ),
    Valid(
        "no package",
        _VIEW,
        {"shop/tasks.py": _TASKS, "run.py": "from shop.tasks import send\n"},
        "shop/views.py",
    ),
    Valid("another module", _VIEW, {**_BOTH, "tasks.py": _TASKS}, "other/views.py"),
    Valid("run here", _VIEW.replace("send.delay(1)", "send(1)"), _BOTH, "shop/views.py"),
    Valid(
        "either of the two",
        "try:\n    from shop.tasks import send\nexcept ImportError:\n    from tasks import send\n"
        "\ndef pay():\n    send.delay(1)\n",
        _BOTH,
        "shop/views.py",
    ),
]
INVALID = [
    Invalid(
        _VIEW.replace("tasks", "«tasks»"),
        'what is sent here as "tasks.send" is "shop.tasks.send" to a worker',
        None,
        _BOTH,
        "shop/views.py",
    ),
    Invalid(
        "from «jobs.mail» import (\n    send as mail,  # later\n)\n\nmail.apply_async((1,))\n",
        '"jobs.mail" is "shop.jobs.mail" elsewhere',
        None,
        {
            **_BOTH,
            "shop/jobs/__init__.py": "",
            "shop/jobs/mail.py": _TASKS,
            "shop/cron.py": "from shop.jobs.mail import send\n\nsend.delay(1)\n",
        },
        "shop/views.py",
    ),
]
