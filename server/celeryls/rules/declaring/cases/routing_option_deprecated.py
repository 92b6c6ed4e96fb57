from celeryls.rules.cases import Invalid, Valid

_QUEUE = 'from celery import shared_task\n\n@shared_task(queue="mail")\ndef f(): ...\n'
_APP = 'from celery import Celery\n\napp = Celery("shop")  # the app\n'
_ROUTES = 'app.conf.task_routes = {\n    "a.*": {"queue": "a"}  # a\n}\n'
_OLD = {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.4"]\n'}
_NEW = {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.7"]\n'}

VALID = [
    Valid("no such option", "from celery import shared_task\n\n@shared_task\ndef f(): ...\n"),
    Valid("an older Celery is promised, too", _QUEUE, _OLD),
    Valid(
        "other options of sending",
        'from celery import shared_task\n\n@shared_task(serializer="json", expires=60)\n'
        "def f(): ...\n",
    ),
    Valid(
        "an option of a call",
        "from celery import shared_task\n\n@shared_task\ndef f(): ...\n\n"
        'f.apply_async(queue="mail")\n',
    ),
    Valid(
        "an attribute of a base, of which Celery doesn't warn",
        """\
from celery import Task, shared_task

class Mail(Task):
    queue = "mail"

@shared_task(base=Mail)
def f(): ...
""",
    ),
    Valid(
        "a decorator of one's own, which may mean something else",
        """\
from celery import shared_task

def job(queue, **options):
    return shared_task(name=queue, **options)

@job(queue="mail")
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(_QUEUE.replace("queue", "«queue»"), 'the option "queue" is deprecated', None),
    Invalid(_QUEUE.replace("queue", "«queue»"), 'the option "queue" is deprecated', None, _NEW),
    Invalid(
        _QUEUE.replace('queue="mail"', "max_retries=3, «priority» = 3"),
        'task "shop.tasks.f": the option "priority"',
        None,
    ),
    Invalid(
        _QUEUE.replace("queue", "«queue»"),
        "put it into the setting task_routes",
        "from celery import shared_task\n\n@shared_task\ndef f(): ...\n",
        {"shop/celery.py": _APP},
        fixed_files={
            "shop/celery.py": _APP
            + 'app.conf.task_routes = {\n    "shop.tasks.f": {"queue": "mail"},\n}\n'
        },
    ),
    Invalid(
        _QUEUE.replace("queue", "«queue»").replace('"mail"', '"mail", max_retries=3'),
        "put it into the setting task_routes",
        "from celery import shared_task\n\n@shared_task(max_retries=3)\ndef f(): ...\n",
        {"shop/celery.py": _APP + _ROUTES + "\n\n@app.task\ndef g(): ...\n"},
        fixed_files={
            "shop/celery.py": _APP
            + _ROUTES.replace("}  # a\n", '},  # a\n    "shop.tasks.f": {"queue": "mail"},\n')
            + "\n\n@app.task\ndef g(): ...\n"
        },
    ),
    Invalid(
        _QUEUE.replace("queue", "«queue»"),
        "put it into the setting task_routes",
        "from celery import shared_task\n\n@shared_task\ndef f(): ...\n",
        {
            "shop/celery.py": _APP + 'app.config_from_object("shop.celeryconfig")\n',
            "shop/celeryconfig.py": "task_routes = {}\r\n",
        },
        fixed_files={
            "shop/celeryconfig.py": 'task_routes = {"shop.tasks.f": {"queue": "mail"}}\r\n'
        },
    ),
    Invalid(  # a comment would be lost
        _QUEUE.replace('queue="mail"', '\n    «queue»="mail",  # fast\n    max_retries=3,\n'),
        "put it into the setting task_routes",
        None,
        {"shop/celery.py": _APP},
    ),
    Invalid(  # no literal
        _QUEUE.replace('queue="mail"', "«queue»=MAIL").replace("\n\n", '\nMAIL = "mail"\n\n', 1),
        "put it into the setting task_routes",
        None,
        {"shop/celery.py": _APP},
    ),
    Invalid(  # two apps
        _QUEUE.replace("queue", "«queue»"),
        "put it into the setting task_routes",
        None,
        {"shop/celery.py": _APP, "stock/celery.py": _APP},
    ),
    Invalid(  # a list of routers
        _QUEUE.replace("queue", "«queue»"),
        "put it into the setting task_routes",
        None,
        {"shop/celery.py": _APP + "app.conf.task_routes = [route, {}]\n"},
    ),
]
