from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "above it works",
        """\
from celery import shared_task

class Orders:
    @staticmethod
    @shared_task
    def f(): ...
""",
    ),
    Valid(
        "a static method that is no task",
        """\
from celery import shared_task

class Orders:
    @staticmethod
    def f(): ...

    @shared_task
    def g(self): ...
""",
    ),
    Valid(
        "something between them makes a function of it",
        """\
from celery import shared_task
from own import logged

class Orders:
    @shared_task
    @logged
    @staticmethod
    def f(): ...
""",
    ),
    Valid(
        "Celery wraps it first",
        """\
from celery import shared_task

class Orders:
    @shared_task(pydantic=True)
    @staticmethod
    def f(): ...
""",
    ),
    Valid(
        "another thing of that name",
        """\
from celery import shared_task
from own import staticmethod

class Orders:
    @shared_task
    @staticmethod
    def f(): ...
""",
    ),
    Valid(
        "an app whose class has its own way",
        """\
from celery import Celery

class Own(Celery):
    def task(self, *args, **options): ...

app = Own("shop")

@app.task
@staticmethod
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(
        """\
from celery import shared_task

class Orders:
    @shared_task(max_retries=3)  # often
    @«staticmethod»  # no self
    def f(order_id): ...
""",
        '"@shared_task" gets a staticmethod',
        """\
from celery import shared_task

class Orders:
    @staticmethod  # no self
    @shared_task(max_retries=3)  # often
    def f(order_id): ...
""",
    ),
    Invalid(
        """\
from celery import Celery

app = Celery("shop")

@app.task
@«staticmethod»
def f(order_id): ...
""",
        'task "shop.tasks.f": "@app.task" gets a staticmethod',
        """\
from celery import Celery

app = Celery("shop")

@app.task
def f(order_id): ...
""",
    ),
]
