from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import Celery\n\n"
_REDIS = _IMPORT + "app = Celery('shop', broker='redis://localhost')\n"
_SQS = _IMPORT + "app = Celery('shop', broker='sqs://')\n"
_UNKNOWN = "import os\n" + _IMPORT + "app = Celery('shop', broker=os.environ['BROKER'])\n"
_TASK = "\n@app.task(acks_late=True, time_limit=7200)\ndef report(): ...\n"
_LONG = "app.conf.broker_transport_options = {'visibility_timeout': 8000}\n"
_SHORT = "app.conf.broker_transport_options = {'visibility_timeout': 1800}\n"

VALID = [
    Valid("a queue of SQS may have its own timeout", _SQS + _TASK),
    Valid("acknowledged before it runs", _REDIS + _TASK.replace("acks_late=True, ", "")),
    Valid("a short limit", _REDIS + _TASK.replace("7200", "600")),
    Valid("a soft limit in time", _REDIS + _TASK.replace("time_", "soft_time_limit=600, time_")),
    Valid("a long timeout", _REDIS + _LONG + _TASK),
    Valid("a broker that knows who is at work", _REDIS.replace("redis", "amqp") + _TASK),
    Valid("an unknown broker", _UNKNOWN + _TASK),
    Valid("a broker that nobody named", _IMPORT + "app = Celery('shop')\n" + _TASK),
    Valid(
        "options that are made elsewhere",
        "from shop import options\n"
        + _REDIS
        + "app.conf.broker_transport_options = options.make()\n"
        + _TASK,
    ),
    Valid("a timeout for a broker that has none", _REDIS.replace("redis", "amqp") + _SHORT + _TASK),
    Valid("no limit", _REDIS + "\n@app.task(acks_late=True)\ndef report(): ...\n"),
    Valid(
        "apps that do not agree",
        _REDIS
        + "other = Celery('other', broker='amqp://')\n"
        + "from celery import shared_task\n"
        + _TASK.replace("app.task", "shared_task"),
    ),
    Valid("settings without late acknowledgement", _REDIS + "app.conf.task_time_limit = 7200\n"),
]
_MARKED = _TASK.replace("time_limit=7200", "«time_limit=7200»")
_RAISED = "app.conf.broker_transport_options = {'visibility_timeout': 10800}\n"
_WRITTEN = 'app.conf.broker_transport_options = {"visibility_timeout": 10800}\n'
_MESSAGE = "visibility_timeout of 1800 s"
_SHARED = "from celery import shared_task\n" + _TASK.replace("app.task", "shared_task")
_SHARED_MARKED = _SHARED.replace("time_limit=7200", "«time_limit=7200»")

INVALID = [
    Invalid(
        _REDIS + _MARKED,
        "the time limit of 7200 s is not below the visibility_timeout of 3600 s",
        _REDIS + _WRITTEN + _TASK,
    ),
    Invalid(
        _SQS + _SHORT + _TASK.replace("time_limit=7200", "«time_limit=1800»"),
        _MESSAGE,
        _SQS + _SHORT.replace("1800", "3600") + _TASK.replace("7200", "1800"),
    ),
    Invalid(_UNKNOWN + _SHORT + _MARKED, _MESSAGE, _UNKNOWN + _RAISED + _TASK),
    Invalid(
        _REDIS
        + "app.conf.task_time_limit = 4000\n"
        + "\n@app.task(«acks_late=True»)\ndef report(): ...\n",
        "the time limit of 4000 s",
        _REDIS
        + "app.conf.task_time_limit = 4000\n"
        + 'app.conf.broker_transport_options = {"visibility_timeout": 7200}\n'
        + "\n@app.task(acks_late=True)\ndef report(): ...\n",
    ),
    Invalid(
        _REDIS + "app.conf.update(task_acks_late=True, «task_time_limit»=4000)  # long\n",
        '"task_time_limit": the time limit of 4000 s',
        _REDIS
        + "app.conf.update(task_acks_late=True, task_time_limit=4000, "
        + 'broker_transport_options={"visibility_timeout": 7200})  # long\n',
    ),
    Invalid(  # the longest limit counts
        _REDIS
        + "from shop import more\n"
        + _TASK.replace("time_limit=7200", "«time_limit=3600.5»"),
        "the time limit of 3600.5 s",
        _REDIS
        + 'app.conf.broker_transport_options = {"visibility_timeout": 18000}\n'
        + "from shop import more\n"
        + _TASK.replace("7200", "3600.5"),
        {
            "shop/__init__.py": "",
            "shop/more.py": "from shop.tasks import app\n"
            + _TASK.replace("7200", "14400").replace("report", "more"),
        },
    ),
    Invalid(  # numbers that are reckoned with, and comments
        _REDIS
        + "app.conf.broker_transport_options = {  # of redis\n    'visibility_timeout': 60 * 30,"
        + "  # half an hour\n    'priority_steps': [1],\n}\n"
        + _MARKED,
        _MESSAGE,
        _REDIS
        + "app.conf.broker_transport_options = {  # of redis\n    'visibility_timeout': 10800,"
        + "  # half an hour\n    'priority_steps': [1],\n}\n"
        + _TASK,
    ),
    Invalid(  # other options
        _REDIS
        + "app.conf.broker_transport_options = {\r\n    'priority_steps': [1]  # x\r\n}\r\n"
        + _MARKED,
        "visibility_timeout of 3600 s",
        _REDIS
        + "app.conf.broker_transport_options = {\r\n    'priority_steps': [1],  # x\r\n"
        + "    'visibility_timeout': 10800,\r\n}\r\n"
        + _TASK,
    ),
    Invalid(  # Django's settings
        _SHARED_MARKED,
        "visibility_timeout of 3600 s",
        _SHARED,
        {
            "shop/celery.py": _IMPORT
            + "app = Celery('shop')\n"
            + "app.config_from_object('django.conf:settings', namespace='CELERY')\n",
            "shop/settings.py": "CELERY_BROKER_URL = 'redis://'  # local\nDEBUG = True\n",
        },
        fixed_files={
            "shop/settings.py": "CELERY_BROKER_URL = 'redis://'  # local\n"
            'CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 10800}\nDEBUG = True\n'
        },
    ),
    Invalid(  # longer than SQS waits
        _SQS + _SHORT + _TASK.replace("time_limit=7200", "«time_limit=43200»"), _MESSAGE, None
    ),
    Invalid(  # written twice
        _REDIS + _LONG + _SHORT + _MARKED, _MESSAGE, None
    ),
    Invalid(  # no number
        "N = 1800\n" + _REDIS + _SHORT.replace("1800", "N") + _MARKED, _MESSAGE, None
    ),
    Invalid(  # no dict that is written there
        "OPTIONS = {'visibility_timeout': 1800}\n"
        + _REDIS
        + "app.conf.broker_transport_options = OPTIONS\n"
        + _MARKED,
        _MESSAGE,
        None,
    ),
    Invalid(  # the dict is used elsewhere, too
        "# celery\n"
        + "broker_url = 'redis://'\n"
        + "broker_transport_options = {'visibility_timeout': 1800}\n"
        + "result_backend_transport_options = broker_transport_options\n"
        + "task_acks_late = True\n«task_time_limit» = 7200\n",
        _MESSAGE,
        None,
        {
            "shop/__init__.py": "",
            "shop/celery.py": _IMPORT
            + "app = Celery('shop')\napp.config_from_object('shop.config')\n",
        },
        "shop/config.py",
    ),
    Invalid(  # two apps that agree
        _SHARED_MARKED,
        "visibility_timeout of 3600 s",
        None,
        {"shop/celery.py": _REDIS, "stock/celery.py": _REDIS},
    ),
]
