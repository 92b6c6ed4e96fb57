from celeryls.rules.cases import Invalid, Valid

_CELERY = """\
import os
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""
_FILES = {"shop/__init__.py": "", "shop/celery.py": _CELERY}
_BARE = {**_FILES, "shop/celery.py": _CELERY.replace(', namespace="CELERY"', "")}
_PATH = "shop/settings.py"
_CONFIG = {
    "shop/__init__.py": "",
    "shop/celery.py": _CELERY.replace("django.conf:settings", "shop.settings"),
}
_HEAD = "# celery\n"

VALID = [
    Valid(
        "read by a file that has nothing to do with Celery",
        _HEAD + "RESULT_EXPIRES = 30\n",
        {
            **_FILES,
            "shop/views.py": "from django.conf import settings\n\nprint(settings.RESULT_EXPIRES)\n",
        },
        _PATH,
    ),
    Valid("with the prefix", _HEAD + "CELERY_TASK_ACKS_LATE = True\n", _FILES, _PATH),
    Valid(
        "settings that others have too",
        _HEAD + "REDIS_HOST = 'x'\nTIMEZONE = 'UTC'\nDATABASE_URL = ''\nTASK_SHOP = 1\n",
        _FILES,
        _PATH,
    ),
    Valid(
        "read by the project itself",
        _HEAD + "TASK_TIME_LIMIT = 5\n",
        {**_FILES, "shop/t.py": "import celery\nprint(settings.TASK_TIME_LIMIT)\n"},
        _PATH,
    ),
    Valid(
        "a helper",
        _HEAD + "TASK_TIME_LIMIT = 5\nCELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT\n",
        _FILES,
        _PATH,
    ),
    Valid("no namespace", _HEAD + "TASK_ACKS_LATE = True\n", _BARE, _PATH),
    Valid("old names are read", "CELERY_ACKS_LATE = True\nBROKER_URL = ''\n", _FILES, _PATH),
    Valid("lower-case names are read", _HEAD + "task_acks_late = True\n", _CONFIG, _PATH),
    Valid("a module that no app reads", _HEAD + "TASK_ACKS_LATE = 1\n", _FILES, "shop/other.py"),
]

INVALID = [
    Invalid(
        _HEAD + "«TASK_ACKS_LATE» = True\n",
        'with namespace "CELERY" it is "CELERY_TASK_ACKS_LATE"',
        _HEAD + "CELERY_TASK_ACKS_LATE = True\n",
        _FILES,
        _PATH,
    ),
    Invalid(
        _HEAD + "«WORKER_CONCURRENCY» = 4\n",
        "CELERY_WORKER_CONCURRENCY",
        _HEAD + "CELERY_WORKER_CONCURRENCY = 4\n",
        _CONFIG,
        _PATH,
    ),
    Invalid(
        _HEAD + "«TASK_ACKS_LATE» = True\nCELERY_TASK_ACKS_LATE = False\n",
        "is not read",
        None,
        _FILES,
        _PATH,
    ),
]
