from celeryls.rules.cases import Invalid, Valid

_APP = """\
from celery import Celery
from kombu import Queue

app = Celery("shop")
app.conf.task_queues = [Queue("emails"), Queue("images1")]

"""
_TASK = "@app.task(queue={})\ndef f(x): ...\n"

VALID = [
    Valid("a queue there is", _APP + _TASK.format("'emails'")),
    Valid("the default queue", _APP + _TASK.format("'celery'")),
    Valid(
        "no queues are written out",
        "from celery import Celery\napp = Celery('s')\n" + _TASK.format("'emials'"),
    ),
    Valid(
        "some are computed", _APP.replace('Queue("images1")', "*more()") + _TASK.format("'emials'")
    ),
    Valid("a queue of another kind", _APP + _TASK.format("'reports'")),
    Valid("numbered siblings", _APP + _TASK.format("'images2'")),
    Valid(
        "used more than once: it is meant",
        _APP + _TASK.format("'emials'") + "f.apply_async((1,), queue='emials')\n",
    ),
    Valid(
        "known to another file",
        _APP + _TASK.format("'emials'"),
        {"shop/other.py": "import celery\nQUEUES = 'emials'\n"},
    ),
    Valid("a computed name", _APP + _TASK.format("queue()")),
    Valid("another function's queue", _APP + "mailer.send(queue='emials')\n"),
    Valid(
        "routes to queues there are, and to others",
        _APP + "app.conf.task_routes = {'a.*': 'emails', 'b.*': {'queue': 'reports'},\n"
        "                        'emials': {'queue': 'images1', 'routing_key': 'emials.x'}}\n",
    ),
]

INVALID = [
    Invalid(
        _APP + _TASK.format("«'emials'»"),
        'no queue is called "emials"; there is "emails"',
        _APP + _TASK.format("'emails'"),
    ),
    Invalid(
        _APP + "@app.task\ndef f(x): ...\nf.apply_async((1,), queue=«'email'»)\n",
        'there is "emails"',
        _APP + "@app.task\ndef f(x): ...\nf.apply_async((1,), queue='emails')\n",
    ),
    Invalid(
        _APP.replace("emails", "mail") + _TASK.format("«'mial'»"),
        'no queue is called "mial"; there is "mail"',
        _APP.replace("emails", "mail") + _TASK.format("'mail'"),
    ),
    Invalid(
        _APP + "app.conf.task_routes = {'a.*': «'emials'»}\n",
        'there is "emails"',
        _APP + "app.conf.task_routes = {'a.*': 'emails'}\n",
    ),
    Invalid(
        _APP + "app.conf.update(task_routes=([('a.*', {'queue': «'emials'»})],))\n",
        'there is "emails"',
        _APP + "app.conf.update(task_routes=([('a.*', {'queue': 'emails'})],))\n",
    ),
]
