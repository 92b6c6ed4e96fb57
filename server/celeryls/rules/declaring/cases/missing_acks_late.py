from celeryls.rules.cases import Invalid, Valid

_DJANGO_APP = """\
import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
app = Celery("proj")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""
_SHARED = """\
from celery import shared_task

@shared_task
def charge(order_id): ...
"""

VALID = [
    Valid(
        "required by the project, of which another rule speaks",
        "from celery import shared_task\n\n@shared_task\ndef f(): ...\n",
        {"celeryls.toml": '[require]\n"shop/" = { acks_late = true }\n'},
    ),
    Valid(
        "an error callback: the worker whose task failed calls it itself",
        """\
from celery import shared_task

@shared_task
def report(request, exc, traceback, note=None): ...
""",
    ),
    Valid(
        "an error callback under other names, which take the same places",
        """\
from celery import shared_task

@shared_task
def failed(context, error, _traceback, request_id): ...
""",
    ),
    Valid(
        "turned on by a function that is given the app, in a class that it chooses",
        """\
from shop.config import configure
from celery import Celery

app = Celery()
configure(app)

@app.task
def charge(): ...
""",
        {
            "shop/__init__.py": "",
            "shop/config.py": """\
import os

class Config:
    task_acks_late: bool = True

def configure(celery_app):
    config = Config
    if os.environ.get("DEV"):
        config = Config()
    celery_app.config_from_object(config, force=True)
""",
        },
    ),
    Valid(
        "turned on by a module, in a function that is given the app",
        """\
from shop.config import configure
from celery import Celery

app = Celery()
configure(app)

@app.task
def charge(): ...
""",
        {
            "shop/__init__.py": "",
            "shop/celeryconfig.py": "task_acks_late = True\n",
            "shop/config.py": "def configure(celery_app):\n"
            "    celery_app.config_from_object('shop.celeryconfig')\n",
        },
    ),
    Valid(
        "turned on in the decorator",
        "from celery import shared_task\n\n@shared_task(acks_late=True)\ndef charge(): ...\n",
    ),
    Valid(
        "turned off is a decision",
        "from celery import shared_task\n\n@shared_task(acks_late=False)\ndef charge(): ...\n",
    ),
    Valid(
        "turned on by a setting of the app",
        """\
from celery import Celery
app = Celery("shop")
app.conf.task_acks_late = True

@app.task
def charge(): ...
""",
    ),
    Valid(
        "turned on by conf.update with keywords",
        """\
from celery import Celery
app = Celery("shop")
app.conf.update(task_acks_late=True)

@app.task
def charge(): ...
""",
    ),
    Valid(
        "turned on by conf.update with a dict from a constant",
        """\
from celery import Celery
SETTINGS = {"task_acks_late": True}
app = Celery("shop")
app.conf.update(SETTINGS)

@app.task
def charge(): ...
""",
    ),
    Valid(
        "turned on in the constructor",
        """\
from celery import Celery
app = Celery("shop", task_acks_late=True)

@app.task
def charge(): ...
""",
    ),
    Valid(
        "turned on by Django's settings",
        _SHARED,
        {
            "proj/__init__.py": "",
            "proj/celery.py": _DJANGO_APP,
            "proj/settings.py": "CELERY_TASK_ACKS_LATE = True\n",
        },
    ),
    Valid(
        "turned on by split settings",
        _SHARED,
        {
            "proj/__init__.py": "",
            "proj/celery.py": _DJANGO_APP,
            "proj/settings/__init__.py": "from .base import *\n",
            "proj/settings/base.py": "CELERY_TASK_ACKS_LATE = True\n",
        },
    ),
    Valid(
        "turned on by the old name of the setting",
        _SHARED,
        {
            "proj/__init__.py": "",
            "proj/celery.py": _DJANGO_APP,
            "proj/settings.py": "CELERY_ACKS_LATE = True\n",
        },
    ),
    Valid(
        "computed in the settings: unknown",
        _SHARED,
        {
            "proj/__init__.py": "",
            "proj/celery.py": _DJANGO_APP,
            "proj/settings.py": "import os\nCELERY_TASK_ACKS_LATE = bool(os.environ.get('X'))\n",
        },
    ),
    Valid(
        "set in a branch: unknown",
        _SHARED,
        {
            "proj/__init__.py": "",
            "proj/celery.py": _DJANGO_APP,
            "proj/settings.py": "import os\nif os.environ.get('X'):\n"
            "    CELERY_TASK_ACKS_LATE = True\n",
        },
    ),
    Valid(
        "turned on by a celeryconfig module",
        """\
from shop.app import app

@app.task
def charge(): ...
""",
        {
            "shop/__init__.py": "",
            "shop/app.py": "from celery import Celery\napp = Celery('shop')\n"
            "app.config_from_object('shop.celeryconfig')\n",
            "shop/celeryconfig.py": "task_acks_late = True\n",
        },
    ),
    Valid(
        "turned on by the base class",
        """\
from celery import Task, shared_task

class Reliable(Task):
    acks_late = True

@shared_task(base=Reliable)
def charge(): ...
""",
    ),
    Valid(
        "turned on by task_cls of the app",
        """\
from celery import Celery, Task

class Reliable(Task):
    acks_late = True

app = Celery("shop", task_cls=Reliable)

@app.task
def charge(): ...
""",
    ),
    Valid(
        "turned on by annotations",
        """\
from celery import Celery
app = Celery("shop")
app.conf.task_annotations = {"*": {"acks_late": True}}

@app.task
def charge(): ...
""",
    ),
    Valid(
        "in a spread constant",
        """\
from celery import shared_task
RELIABLE = {"acks_late": True}

@shared_task(**RELIABLE)
def charge(): ...
""",
    ),
    Valid(
        "options that can't be known",
        """\
from celery import shared_task
from somewhere import options

@shared_task(**options())
def charge(): ...
""",
    ),
    Valid(
        "a base that can't be read",
        """\
from celery import shared_task
from celery_once import QueueOnce

@shared_task(base=QueueOnce)
def charge(): ...
""",
    ),
    Valid(
        "another library's task",
        "from invoke import task\n\n@task\ndef charge(c): ...\n",
    ),
    Valid(
        "another library's app",
        "from flow import app\n\n@app.task\ndef charge(c): ...\n",
    ),
    Valid(
        "suppressed",
        "from celery import shared_task\n\n"
        "@shared_task  # celeryls: ignore[CEL101]\ndef charge(): ...\n",
    ),
    Valid(
        "suppressed by noqa",
        "from celery import shared_task\n\n@shared_task\ndef charge(): ...  # noqa: CEL101\n",
    ),
    Valid(
        "suppressed by name on the line above",
        "from celery import shared_task\n\n"
        "# celeryls: ignore[missing-acks-late]\n@shared_task\ndef charge(): ...\n",
    ),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n"
        "@shared_task(bind=True)\ndef «report»(self, request, exc, traceback): ...\n",
        "acks_late",
        "from celery import shared_task\n\n"
        "@shared_task(bind=True, acks_late=True)\ndef report(self, request, exc, traceback): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task\ndef «charge»(order_id): ...\n",
        'task "shop.tasks.charge" is acknowledged before it runs',
        "from celery import shared_task\n\n"
        "@shared_task(acks_late=True)\ndef charge(order_id): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task()\ndef «charge»(order_id): ...\n",
        "acks_late",
        "from celery import shared_task\n\n"
        "@shared_task(acks_late=True)\ndef charge(order_id): ...\n",
    ),
    Invalid(
        """\
import celery as c

app = c.Celery("shop")

@app.task(
    bind=True,
    name="charge",  # the old name
)  # keep
def «charge»(self, order_id): ...
""",
        'task "charge"',
        """\
import celery as c

app = c.Celery("shop")

@app.task(
    bind=True,
    name="charge",  # the old name
    acks_late=True,
)  # keep
def charge(self, order_id): ...
""",
    ),
    Invalid(
        """\
from celery import current_app

@current_app.task(
    bind=True,
    time_limit=(30
        * 2)  # a minute
)
def «charge»(self, order_id): ...
""",
        "acks_late",
        """\
from celery import current_app

@current_app.task(
    bind=True,
    time_limit=(30
        * 2),  # a minute
    acks_late=True,
)
def charge(self, order_id): ...
""",
    ),
    Invalid(
        "from shop.app import app as celery_app\r\n\r\n"
        "@celery_app.task(bind=True)\r\ndef «charge»(self): ...\r\n",
        'task "shop.tasks.charge"',
        "from shop.app import app as celery_app\r\n\r\n"
        "@celery_app.task(bind=True, acks_late=True)\r\ndef charge(self): ...\r\n",
        {"shop/__init__.py": "", "shop/app.py": "from celery import Celery\napp = Celery()\n"},
    ),
    Invalid(
        "from celery import shared_task\n\n"
        'NOTE = "😀"; x = 1\n\n@shared_task\ndef «größe»(): ...\n',
        "acks_late",
        "from celery import shared_task\n\n"
        'NOTE = "😀"; x = 1\n\n@shared_task(acks_late=True)\ndef größe(): ...\n',
    ),
    Invalid(
        """\
from celery import Celery

def create_app():
    celery = Celery("shop")

    @celery.task
    def «charge»(): ...
""",
        "acks_late",
        """\
from celery import Celery

def create_app():
    celery = Celery("shop")

    @celery.task(acks_late=True)
    def charge(): ...
""",
    ),
]
