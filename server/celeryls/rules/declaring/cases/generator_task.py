from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "a generator inside, a generator expression, a lambda",
        """\
from celery import shared_task

@shared_task
def f(items):
    def parts():
        yield from items
    make = lambda: (yield)
    return [*parts(), *(item for item in items)]
""",
    ),
    Valid(
        "a decorator below that makes a list of it",
        """\
from celery import shared_task
from own import listed

@shared_task
@listed
def f():
    yield 1
""",
    ),
    Valid(
        "a base that runs through it",
        """\
from celery import Task, shared_task

class Whole(Task):
    def __call__(self, *args, **kwargs):
        return list(self.run(*args, **kwargs))

@shared_task(base=Whole)
def f():
    yield 1
""",
    ),
    Valid(
        "a base of another package",
        """\
from celery import shared_task
from celery_batches import Batches

@shared_task(base=Batches)
def f(requests):
    yield 1
""",
    ),
    Valid(
        "the base of all tasks of the app",
        """\
from celery import Celery
from own import Whole

app = Celery("shop", task_cls=Whole)

@app.task
def f():
    yield 1
""",
    ),
    Valid(
        "a class of one's own makes the app",
        """\
from celery import Celery

class Own(Celery):
    pass

app = Own("shop")

@app.task
def f():
    yield 1
""",
    ),
    Valid(
        "a fixture, not a task",
        "import pytest\nfrom celery import Celery\n\n@pytest.fixture\ndef app():\n"
        "    yield Celery()\n",
    ),
    Valid(
        "an async one is another mistake",
        "from celery import shared_task\n\n@shared_task\nasync def f():\n    yield 1\n",
    ),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n@shared_task\ndef «f»(items):\n"
        "    for item in items:\n        yield item\n",
        "runs nothing of the body",
        None,
    ),
    Invalid(
        """\
from celery import Celery

app = Celery("shop")

@app.task(bind=True)
def «f»(self, items):
    got = yield from items
    return got
""",
        'task "shop.tasks.f" has a yield',
        None,
    ),
]
