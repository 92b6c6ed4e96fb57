from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"
_DJANGO = {
    "shop/__init__.py": "",
    "shop/celery.py": _APP.replace("\n\n", "\nimport os\n")
    + "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\n"
    "app.config_from_object('django.conf:settings', namespace='CELERY')\n",
}
_SETTINGS = "shop/settings.py"
_BARE = {**_DJANGO, "shop/celery.py": _DJANGO["shop/celery.py"].replace(", namespace='CELERY'", "")}
_CONFIG = {
    "shop/__init__.py": "",
    "shop/celery.py": _APP + "app.config_from_object('shop.config')\n",
}

_OF_SELF = """\
import celery

class W:
    def go(self):
        self.app.config_from_object(Config)

"""

VALID = [
    Valid(
        "one's own, of another kind than the one with a name close by",
        "from celery import Celery\n\napp = Celery('shop')\n"
        "app.conf.update(timezones=['UTC'], task_queue='mails', task_time_limits={'a': 3})\n",
    ),
    Valid(
        "settings of all kinds",
        _APP + "app.conf.update(task_acks_late=True, include=[], BROKER_URL='')\n",
    ),
    Valid(
        "documented and not declared",
        _APP + "app.conf.update(worker_pidfile='x', beat_umask=0, redis_client_name='x',\n"
        "                gcs_threadpool_maxsize=1, result_backend_thread_safe=True)\n",
    ),
    Valid(
        "settings of other packages",
        _APP + "app.conf.update(redbeat_redis_url='', ONCE={}, singleton_backend_url='')\n"
        "app.conf.ONCE_DEFAULT_TIMEOUT = 1\n",
    ),
    Valid("nothing like it", _APP + "app.conf.task_shop_name = 'x'\n"),
    Valid(
        "one word is another",
        _APP + "app.conf.update(redis_hosts_count=1, result_queue='x', task_limits_time=3)\n",
    ),
    Valid(
        "read elsewhere",
        _APP + "app.conf.task_route = 'x'\n",
        {"shop/other.py": "from celery import current_app\nprint(current_app.conf.task_route)\n"},
    ),
    Valid(
        "read in the same file",
        _APP + "app.conf.task_route = 'x'\nprint(app.conf['task_route'])\n",
    ),
    Valid(
        "a setting of the project's own",
        "CELERY_TASK_QUEUE = 'x'\n",
        {**_DJANGO, "shop/t.py": "import celery\nsettings.CELERY_TASK_QUEUE\n"},
        _SETTINGS,
    ),
    Valid(
        "a helper of the module",
        "task_route = {}\ntask_routes = task_route\n",
        _CONFIG,
        "shop/config.py",
    ),
    Valid("other settings of Django", "TASK_QUEUE = 'x'\nCELERY_SHOP = 1\n", _DJANGO, _SETTINGS),
    Valid("a module that no app reads", "# celery\ntask_ack_late = True\n", _CONFIG, "shop/o.py"),
    Valid(
        "an object that is no app",
        "import celery\nfrom shop import app\napp.conf.task_ack_late = True\n",
    ),
    Valid(
        "Django without a namespace: old names are right",
        "CELERY_ACKS_LATE = True\nCELERYD_CONCURRENCY = 4\n",
        _BARE,
        _SETTINGS,
    ),
    Valid(
        "parameters of Celery, and of another function",
        "from celery import Celery\n\napp = Celery('x', tasks=None, task_cls=None, events=None,\n"
        "             include=[], task_acks_late=True)\nother = Selery('x', task_ack_late=True)\n",
    ),
    Valid(
        "a dict that is not put on the app, and one that is read",
        "A = {'task_ack_late': 1}\nB = {'task_route': 1}\nprint(B['task_route'])\n"
        + _APP
        + "app.conf.update(B)\nother.update(A)\n",
    ),
    Valid(
        "prefixed under the namespace of the app",
        "MORE = {'CELERY_TASK_ACKS_LATE': True}\n" + _APP + "app.conf.update(MORE)\n"
        "app.config_from_object('shop.config', namespace='CELERY')\n",
    ),
    Valid(
        "a module that a test reads",
        "# read by celery\ntask_ack_late = True\n",
        {
            "shop/__init__.py": "",
            "shop/tests/test_it.py": "import celery\ndef test(app):\n"
            "    app.config_from_object('shop.config')\n",
        },
        "shop/config.py",
    ),
]

INVALID = [
    Invalid(
        _APP + "app.conf.«task_ack_late» = True\n",
        'Celery knows no setting "task_ack_late"; it is "task_acks_late"',
        _APP + "app.conf.task_acks_late = True\n",
    ),
    Invalid(
        _APP + "app.conf.update(«task_ack_lat»=True, task_time_limit=3)\n",
        "task_acks_late",
        _APP + "app.conf.update(task_acks_late=True, task_time_limit=3)\n",
    ),
    Invalid(
        "«CELERY_TASK_TIMELIMIT» = 4\n",
        '"CELERY_TASK_TIME_LIMIT"',
        "CELERY_TASK_TIME_LIMIT = 4\n",
        _DJANGO,
        _SETTINGS,
    ),
    Invalid(
        "«CELERYD_CONCURENCY» = 4\n",
        '"CELERY_WORKER_CONCURRENCY"',
        "CELERY_WORKER_CONCURRENCY = 4\n",
        _DJANGO,
        _SETTINGS,
    ),
    Invalid(
        "# read by celery\n«worker_prefetch_multipler» = 1\n",
        "worker_prefetch_multiplier",
        "# read by celery\nworker_prefetch_multiplier = 1\n",
        _CONFIG,
        "shop/config.py",
    ),
    Invalid(
        _APP + "app.conf.«CELERY_TASK_ACKS_LATE» = True\n",
        'it is "task_acks_late"',
        _APP + "app.conf.task_acks_late = True\n",
    ),
    Invalid(
        "«CELERY_ACK_LATE» = True\n",
        '"CELERY_ACKS_LATE"',
        "CELERY_ACKS_LATE = True\n",
        _BARE,
        _SETTINGS,
    ),
    Invalid(
        _APP + "app.conf.update({'«task_ack_late»': True, 'task_acks_late': False})\n",
        "task_acks_late",
        None,
    ),
    Invalid(
        _APP + "MORE = {'«task_ack_late»': True}\napp.conf.update(MORE)\n",
        "task_acks_late",
        _APP + "MORE = {'task_acks_late': True}\napp.conf.update(MORE)\n",
    ),
    Invalid(
        _APP + "MORE = dict(«task_ack_late»=True)\napp.conf.update(**MORE)\n",
        "task_acks_late",
        _APP + "MORE = dict(task_acks_late=True)\napp.conf.update(**MORE)\n",
    ),
    Invalid(
        "import celery\n\napp = celery.Celery('x', broker='', «task_ack_late»=True)\n",
        "task_acks_late",
        "import celery\n\napp = celery.Celery('x', broker='', task_acks_late=True)\n",
    ),
    Invalid(
        _OF_SELF + "class Config:\n    «CELERY_ENABLE_UTCC» = True\n",
        'it is "enable_utc"',
        _OF_SELF + "class Config:\n    enable_utc = True\n",
    ),
    Invalid(
        "# read by celery\n«task_ack_late» = True\n",
        "task_acks_late",
        "# read by celery\ntask_acks_late = True\n",
        {
            "shop/__init__.py": "",
            "shop/work.py": "import celery\nclass W:\n    def go(self):\n"
            "        self._celery_app.config_from_object('shop.config')\n",
        },
        "shop/config.py",
    ),
    Invalid(
        "# read by celery\n«task_ack_late» = True\n",
        "task_acks_late",
        "# read by celery\ntask_acks_late = True\n",
        {
            "shop/__init__.py": "",
            "shop/work.py": "from celery import Celery\ndef go():\n    app = Celery('x')\n"
            "    app.config_from_object('shop.config')\n    return app\n",
        },
        "shop/config.py",
    ),
]
