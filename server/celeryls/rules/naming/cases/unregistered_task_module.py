from celeryls.rules.cases import Invalid, Valid

_TASK = "from celery import shared_task\n\n@shared_task\ndef report(): ...\n"
_MARKED = _TASK.replace("report", "«report»")
_APP = "from celery import Celery\n\napp = Celery('shop'{})\n"


def _files(options: str, more: str = "") -> dict[str, str]:
    return {"shop/__init__.py": "", "shop/celery.py": _APP.format(options) + more}


VALID = [
    Valid("included", _TASK, _files(", include=['shop.tasks']")),
    Valid("set", _TASK, _files("", "app.conf.imports = ('shop.tasks',)\n")),
    Valid("found", _TASK, _files("", "app.autodiscover_tasks(['shop'])\n")),
    Valid("imported", _TASK, _files("", "import shop.tasks\n")),
    Valid("imported inside a function", _TASK, _files("", "def f():\n    import shop.tasks\n")),
    Valid("imported by name", _TASK, _files("", "import_module(name)\n")),
    Valid("settings that are not known", _TASK, _files("", "app.conf.imports = modules()\n")),
    Valid("no app in sight", _TASK),
    Valid(
        "imported by a module that a worker may be started with",
        _TASK,
        {
            **_files(""),
            "shop/worker.py": "from shop.celery import app\nfrom shop import tasks\n\n"
            "@app.on_after_finalize.connect\ndef ready(sender, **kwargs): ...\n",
        },
    ),
    Valid(
        "a stub of a task that a worker knows",
        _TASK.replace("@shared_task", "@shared_task(name='r')"),
        _files("", "\n@app.task(name='r')\ndef report(): ...\n"),
    ),
    Valid(
        "found by a function that is given the app",
        _TASK,
        {
            **_files("", "from shop.setup import set_up\nset_up(app)\n"),
            "shop/setup.py": "def set_up(celery_app):\n"
            "    celery_app.autodiscover_tasks(['shop'])\n",
        },
    ),
    Valid("a test", _TASK, _files(""), "shop/tests/test_tasks.py"),
]


def _fixed(before: str, after: str, options: str = "") -> Invalid:
    """The app's module before and after, beside its constructor."""
    return Invalid(
        _MARKED,
        "no worker imports shop.tasks",
        _TASK,
        _files(options, before),
        fixed_files={"shop/celery.py": after},
    )


INVALID = [
    Invalid(
        _MARKED,
        'task "shop.tasks.report": no worker imports shop.tasks, so none knows the task',
        _TASK,
        _files(""),
        fixed_files={
            "shop/celery.py": _APP.format("") + 'app.conf.imports = [\n    "shop.tasks",\n]\n'
        },
    ),
    _fixed("", _APP.format(", include=['shop.other', \"shop.tasks\"]"), ", include=['shop.other']"),
    _fixed(
        "",
        _APP.format(
            ",\n    include=[\n        'shop.other',  # others\n        \"shop.tasks\",\n    ],\n"
        ),
        ",\n    include=[\n        'shop.other'  # others\n    ],\n",
    ),
    _fixed(
        "app.conf.imports = ('shop.other',)\n",
        _APP.format("") + "app.conf.imports = ('shop.other', \"shop.tasks\")\n",
    ),
    Invalid(  # not a list that can be added to
        _MARKED,
        "no worker imports shop.tasks",
        None,
        _files(", include=MODULES", "MODULES = ['shop.other']\n"),
    ),
]
