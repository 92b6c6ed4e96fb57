from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"
_DJANGO = {
    "shop/__init__.py": "",
    "shop/celery.py": "import os\nfrom celery import Celery\n\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
    'app = Celery("shop")\n'
    'app.config_from_object("django.conf:settings", namespace="CELERY")\n',
}
_EAGER = "CELERY_TASK_ALWAYS_EAGER = True\n"

VALID = [
    Valid("off", _APP + "app.conf.task_always_eager = False\n"),
    Valid("another setting", _APP + "app.conf.task_eager_propagates = True\n"),
    Valid("a test", _APP + "app.conf.task_always_eager = True\n", path="tests/app.py"),
    Valid("for tests only", _EAGER, _DJANGO, path="shop/settings_test.py"),
    Valid(
        "in debugging",
        "DEBUG = True\nif DEBUG:\n    CELERY_TASK_ALWAYS_EAGER = True\n",
        _DJANGO,
        path="shop/settings.py",
    ),
    Valid(
        "by the value of another setting",
        "import sys\nDEBUG = 'test' in sys.argv\nCELERY_TASK_ALWAYS_EAGER = DEBUG\n",
        _DJANGO,
        path="shop/settings.py",
    ),
    Valid(
        "on request",
        "import os\nCELERY_TASK_ALWAYS_EAGER = bool(os.environ.get('EAGER', True))\n",
        _DJANGO,
        path="shop/settings.py",
    ),
    Valid(
        "turned off in production",
        _EAGER,
        {
            **_DJANGO,
            "shop/settings/__init__.py": "",
            "shop/settings/production.py": _EAGER.replace("True", "False"),
        },
        path="shop/settings/base.py",
    ),
    Valid(
        "turned off further down",
        _EAGER + "import os\nif 'BROKER' in os.environ:\n    CELERY_TASK_ALWAYS_EAGER = False\n",
        _DJANGO,
        path="shop/settings.py",
    ),
    Valid(
        "for a developer's machine",
        _EAGER,
        {
            **_DJANGO,
            "shop/settings/__init__.py": "from .base import *\n",
            "shop/settings/base.py": "CELERY_TASK_ACKS_LATE = True\n",
        },
        path="shop/settings/development.py",
    ),
    Valid("a setting of an app that is no Celery app", "server.conf.task_always_eager = True\n"),
    Valid(
        "while a function is at work",
        _APP + "\n\ndef rehearse():\n    app.conf.task_always_eager = True\n",
    ),
]
INVALID = [
    Invalid(
        _APP + "app.conf.«task_always_eager» = True\n",
        '"task_always_eager" is True: no task is sent to a worker',
        None,
    ),
    Invalid(_APP + "app.conf.update(\n    «task_always_eager»=True,  # faster\n)\n", "True", None),
    Invalid(
        "«CELERY_TASK_ALWAYS_EAGER» = True\n", "no task is sent", None, _DJANGO, "shop/settings.py"
    ),
    Invalid("«CELERY_ALWAYS_EAGER» = True\n", "no task is sent", None, _DJANGO, "shop/settings.py"),
]
