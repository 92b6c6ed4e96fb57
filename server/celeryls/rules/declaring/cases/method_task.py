from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "a static method",
        """\
from celery import shared_task

class Order:
    @staticmethod
    @shared_task
    def charge(order_id): ...
""",
    ),
    Valid(
        "a bound task is its own self",
        """\
from celery import shared_task

class Order:
    @shared_task(bind=True)
    def charge(self, order_id): ...
""",
    ),
    Valid(
        "options that may bind it",
        """\
from celery import shared_task
from own import OPTIONS

class Order:
    @shared_task(**OPTIONS)
    def charge(self, order_id): ...
""",
    ),
    Valid(
        "no self",
        """\
from celery import shared_task

class Order:
    @shared_task
    def charge(order_id): ...
""",
    ),
    Valid(
        "a self that may be left out",
        """\
from celery import shared_task

class Order:
    @shared_task
    def charge(self=None): ...
""",
    ),
    Valid(
        "a function inside a method",
        """\
from celery import shared_task

class Order:
    def make(self):
        @shared_task
        def charge(order_id):
            return self
""",
    ),
    Valid(
        "a filter that makes a method of it",
        """\
from celery import Celery
from celery.contrib.methods import task_method

app = Celery("shop")

class Order:
    @app.task(filter=task_method)
    def charge(self): ...
""",
    ),
    Valid(
        "a base that finds the instance",
        """\
from celery import Task, shared_task

class OfInstance(Task):
    def __get__(self, instance, owner=None): ...

class Order:
    @shared_task(base=OfInstance)
    def charge(self): ...
""",
    ),
    Valid(
        "a base of another package",
        """\
from celery import shared_task
from own import OfInstance

class Order:
    @shared_task(base=OfInstance)
    def charge(self): ...
""",
    ),
    Valid(
        "a decorator below may pass one",
        """\
from celery import shared_task
from own import with_instance

class Order:
    @shared_task
    @with_instance
    def charge(self): ...
""",
    ),
    Valid(
        "a method called run is how a class is a task",
        """\
from celery import Celery, Task

app = Celery("shop")

class Charge(Task):
    def run(self, order_id): ...

charge = app.register_task(Charge())
""",
    ),
]

INVALID = [
    Invalid(
        """\
from celery import shared_task

class Order:
    @shared_task
    def charge(«self», amount): ...
""",
        'task "shop.tasks.charge" is a method',
        None,
    ),
    Invalid(
        """\
from celery import Celery

app = Celery("shop")

class Order:
    @app.task(max_retries=3)
    def charge(«self: "Order"», amount): ...
""",
        "no instance",
        None,
    ),
]
