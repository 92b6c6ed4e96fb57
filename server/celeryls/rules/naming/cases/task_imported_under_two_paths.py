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
_MARKED = _VIEW.replace("tasks", "«tasks»")
_FIXED = _VIEW.replace("tasks", "shop.tasks")
_MESSAGE = '"tasks" is "shop.tasks" elsewhere'
_APP = _BOTH["shop/celery.py"]

INVALID = [
    Invalid(
        _MARKED,
        'what is sent here as "tasks.send" is "shop.tasks.send" to a worker',
        _FIXED,
        _BOTH,
        "shop/views.py",
    ),
    Invalid(  # nothing says that a worker imports it
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
    Invalid(
        "# from jobs.mail import send\r\n"
        + "from «jobs.mail» import (\r\n    send as mail,  # later\r\n)\r\n\r\n"
        + "mail.apply_async((1,))\r\n\r\ndef f():\r\n    from jobs.mail import send\r\n",
        '"jobs.mail" is "shop.jobs.mail" elsewhere',
        "# from jobs.mail import send\r\n"
        + "from shop.jobs.mail import (\r\n    send as mail,  # later\r\n)\r\n\r\n"
        + "mail.apply_async((1,))\r\n\r\ndef f():\r\n    from shop.jobs.mail import send\r\n",
        {
            **_BOTH,
            "shop/jobs/__init__.py": "",
            "shop/jobs/mail.py": _TASKS,
            "shop/celery.py": _APP.replace("shop.tasks", "shop.jobs.mail"),
        },
        "shop/views.py",
    ),
    Invalid(  # the worker imports it under both names
        _MARKED,
        _MESSAGE,
        None,
        {**_BOTH, "shop/celery.py": _APP.replace("['", "['tasks', '")},
        "shop/views.py",
    ),
    Invalid(  # a program of its own
        _MARKED + "\nif __name__ == '__main__':\n    pay()\n",
        _MESSAGE,
        None,
        _BOTH,
        "shop/views.py",
    ),
    Invalid("#!/usr/bin/python3\n" + _MARKED, _MESSAGE, None, _BOTH, "shop/views.py"),
    Invalid(  # the module itself is used, too
        _MARKED.replace("from", "import tasks\nfrom", 1), _MESSAGE, None, _BOTH, "shop/views.py"
    ),
    Invalid(  # more names
        _MARKED.replace("send\n", "send, LIMIT  # both\n", 1),
        _MESSAGE,
        _FIXED.replace("send\n", "send, LIMIT  # both\n", 1),
        {**_BOTH, "shop/tasks.py": "LIMIT = 1\n" + _TASKS},
        "shop/views.py",
    ),
]
