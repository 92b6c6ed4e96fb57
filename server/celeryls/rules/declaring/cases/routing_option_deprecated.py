from celeryls.rules.cases import Invalid, Valid

_QUEUE = 'from celery import shared_task\n\n@shared_task(queue="mail")\ndef f(): ...\n'
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
]
