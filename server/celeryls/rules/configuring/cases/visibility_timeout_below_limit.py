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
INVALID = [
    Invalid(
        _REDIS + _TASK.replace("time_limit=7200", "«time_limit=7200»"),
        "the time limit of 7200 s is not below the visibility_timeout of 3600 s",
        None,
    ),
    Invalid(
        _SQS + _SHORT + _TASK.replace("time_limit=7200", "«time_limit=1800»"),
        "visibility_timeout of 1800 s",
        None,
    ),
    Invalid(
        _UNKNOWN + _SHORT + _TASK.replace("time_limit=7200", "«time_limit=7200»"),
        "visibility_timeout of 1800 s",
        None,
    ),
    Invalid(
        _REDIS
        + "app.conf.task_time_limit = 4000\n"
        + "\n@app.task(«acks_late=True»)\ndef report(): ...\n",
        "the time limit of 4000 s",
        None,
    ),
    Invalid(
        _REDIS + "app.conf.update(task_acks_late=True, «task_time_limit»=4000)  # long\n",
        '"task_time_limit": the time limit of 4000 s',
        None,
    ),
]
