from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"
_CONFIG = "from celery import Celery\napp = Celery('shop')\napp.config_from_object('shop.config')\n"
_DJANGO = """\
import os
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""
_PACKAGE = {"shop/__init__.py": ""}

VALID = [
    Valid("new names", _APP + "app.conf.task_acks_late = True\napp.conf.update(timezone='UTC')\n"),
    Valid("not a setting of Celery", _APP + "app.conf.SHOP_NAME = 1\n"),
    Valid("new names that are read", _APP + "print(app.conf.timezone, app.conf['imports'])\n"),
    Valid("another thing's conf", "import celery\nprint(server.conf.CELERY_ACKS_LATE)\n"),
    Valid("a longer name", _APP + "print(app.conf.CELERY_ACKS_LATER, app.conf.CELERY)\n"),
    Valid(
        "a parameter that hides the app, read",
        _APP + "\ndef f(app):\n    return app.conf.CELERY_ACKS_LATE\n",
    ),
    Valid("no app", "CELERY_ACKS_LATE = True\nserver.conf.CELERY_ACKS_LATE = True\n"),
    Valid(
        "a parameter that hides the app",
        _APP + "\ndef f(app):\n    app.conf.CELERY_ACKS_LATE = True\n",
    ),
    Valid(
        "under the namespace it is the new name",
        "CELERY_RESULT_BACKEND = 'x'\nCELERY_TASK_ACKS_LATE = True\n",
        {**_PACKAGE, "shop/celery.py": _DJANGO},
        path="shop/settings.py",
    ),
    Valid(
        "Django's settings without a namespace can have no other names",
        "CELERY_ACKS_LATE = True\n",
        {**_PACKAGE, "shop/celery.py": _DJANGO.replace(', namespace="CELERY"', "")},
        path="shop/settings.py",
    ),
    Valid(
        "Django's settings have names of other packages",
        "S3_BUCKET = 'x'  # not Celery's\n",
        {**_PACKAGE, "shop/celery.py": _DJANGO},
        path="shop/settings.py",
    ),
    Valid(
        "comments, texts and longer names",
        "# CELERY_ACKS_LATE = True\nCELERY_ACKS_LATER = 'CELERY_ACKS_LATE'\n",
        {**_PACKAGE, "shop/celery.py": _CONFIG},
        path="shop/config.py",
    ),
    Valid(
        "a module that no app reads its settings from",
        "CELERY_ACKS_LATE = True\n",
        {**_PACKAGE, "shop/celery.py": _CONFIG},
        path="shop/other.py",
    ),
    Valid("a test", _APP + "app.conf.CELERY_ALWAYS_EAGER = True\n", path="tests/test_it.py"),
    Valid(
        "mixed with new ones: another rule's business",
        "CELERY_ACKS_LATE = True\ntask_time_limit = 5\n",
        {**_PACKAGE, "shop/celery.py": _CONFIG},
        path="shop/config.py",
    ),
]

INVALID = [
    Invalid(
        "«CELERY_ACKS_LATE» = True\n",
        "with a namespace, Celery before 5.7 does not read it",
        "CELERY_TASK_ACKS_LATE = True\n",
        {**_PACKAGE, "shop/celery.py": _DJANGO, "requirements.txt": "celery==5.6.2\n"},
        path="shop/settings.py",
    ),
    Invalid(  # set one by one, so that CEL603 does not speak
        "from celery import Celery\n\napp = Celery('x')\napp.conf.«CELERYD_CONCURRENCY» = 4\n"
        "app.conf.task_track_started = True\n",
        'is the old name of "worker_concurrency"',
        "from celery import Celery\n\napp = Celery('x')\napp.conf.worker_concurrency = 4\n"
        "app.conf.task_track_started = True\n",
    ),
    Invalid(
        _APP + "print(app.conf.«CELERYD_CONCURRENCY», 'app.conf.BROKER_URL')  # BROKER_URL\n",
        '"CELERYD_CONCURRENCY" is the old name of "worker_concurrency"',
        _APP + "print(app.conf.worker_concurrency, 'app.conf.BROKER_URL')  # BROKER_URL\n",
    ),
    Invalid(
        "from celery import current_app\n\ndef f():\n"
        "    return current_app.conf['«BROKER_URL»']  # where?\n",
        "broker_url",
        "from celery import current_app\n\ndef f():\n"
        "    return current_app.conf['broker_url']  # where?\n",
    ),
    Invalid(
        "from shop.celery import app\n\nX = app.conf.get(\n    '«CELERY_ALWAYS_EAGER»', 0\n)\n",
        "task_always_eager",
        "from shop.celery import app\n\nX = app.conf.get(\n    'task_always_eager', 0\n)\n",
        {**_PACKAGE, "shop/celery.py": _DJANGO},
    ),
    Invalid(
        _APP + "app.conf.«CELERY_IMPORTS» += ('shop.tasks',)\n",
        '"imports"',
        _APP + "app.conf.imports += ('shop.tasks',)\n",
    ),
    Invalid(
        _APP + "app.conf.«CELERY_ACKS_LATE» = True\n",
        '"CELERY_ACKS_LATE" is the old name of "task_acks_late"; Celery 6 won\'t read it',
        _APP + "app.conf.task_acks_late = True\n",
    ),
    Invalid(
        _APP + "app.conf['«CELERYD_CONCURRENCY»'] = 4\n",
        "worker_concurrency",
        _APP + "app.conf['worker_concurrency'] = 4\n",
    ),
    Invalid(
        _APP + "app.conf.update(\n    «BROKER_URL»='memory://',  # BROKER_URL\n)\n",
        "broker_url",
        _APP + "app.conf.update(\n    broker_url='memory://',  # BROKER_URL\n)\n",
    ),
    Invalid(
        _APP + "app.conf.update({'«CELERY_ROUTES»': {'CELERY_ROUTES': 'q'}})\n",
        "task_routes",
        _APP + "app.conf.update({'task_routes': {'CELERY_ROUTES': 'q'}})\n",
    ),
    Invalid(
        _APP + "app.config_from_object({'«CELERY_ROUTES»': {}})\n",
        "task_routes",
        _APP + "app.config_from_object({'task_routes': {}})\n",
    ),
    Invalid(
        _APP + "CONFIG = {'«CELERY_ROUTES»': {}}\napp.config_from_object(CONFIG)\n",
        "task_routes",
        _APP + "CONFIG = {'task_routes': {}}\napp.config_from_object(CONFIG)\n",
    ),
    Invalid(
        _APP + "class Config:\n    «CELERY_ROUTES» = {}\napp.config_from_object(Config)\n",
        "task_routes",
        _APP + "class Config:\n    task_routes = {}\napp.config_from_object(Config)\n",
    ),
    Invalid(
        "«CELERY_IMPORTS» = ('a',)\nCELERY_IMPORTS += ()  # CELERY_IMPORTS\nX = CELERY_IMPORTS\n",
        "imports",
        "imports = ('a',)\nimports += ()  # CELERY_IMPORTS\nX = imports\n",
        {**_PACKAGE, "shop/celery.py": _CONFIG},
        path="shop/config.py",
    ),
    Invalid(
        "DEBUG = True\n«CELERY_ACKS_LATE» = True  # CELERY_ACKS_LATE\n",
        'the old name of "CELERY_TASK_ACKS_LATE"',
        "DEBUG = True\nCELERY_TASK_ACKS_LATE = True  # CELERY_ACKS_LATE\n",
        {**_PACKAGE, "shop/celery.py": _DJANGO},
        path="shop/settings.py",
    ),
    Invalid(
        "«CELERY_ACKS_LATE» = True\nCELERY_TASK_ACKS_LATE = False\n",
        "which is written as well: that one counts",
        None,
        {**_PACKAGE, "shop/celery.py": _DJANGO},
        path="shop/settings.py",
    ),
    Invalid(
        _APP + "app.conf.task_acks_late = False\napp.conf.«CELERY_ACKS_LATE» = True\n",
        "which is written as well: the last one counts",
        None,
    ),
    Invalid(
        "from datetime import timezone\n«CELERY_TIMEZONE» = timezone.utc.tzname(None)\n",
        '"timezone"',
        None,
        {**_PACKAGE, "shop/celery.py": _CONFIG},
        path="shop/config.py",
    ),
]
