import re

from celeryls.rules.cases import Invalid, Valid

_TASKS = """\
from celery import shared_task

@shared_task
def charge(order, amount=1): ...
"""
_MODELS = """\
from django.db import models
from shop.tasks import charge

class Base(models.Model):
    class Meta:
        abstract = True

class Order(Base):
    objects = models.Manager()

    def pay(self):
        charge.delay(self.pk)

class Manager(models.Manager):
    def pay(self):
        charge.delay(self)

class Carried(models.Model):
    def __json__(self):
        return self.pk
"""
_FILES = {"shop/__init__.py": "", "shop/models.py": _MODELS, "shop/tasks.py": _TASKS}
_HEAD = "from shop.models import Carried, Order\nfrom shop.tasks import charge\n\n"
_PATH = "shop/views.py"


def _valid(why: str, code: str, tasks: str = _TASKS, path: str = _PATH) -> Valid:
    return Valid(why, _HEAD + code, {**_FILES, "shop/tasks.py": tasks}, path)


_SET = "a query set of Order"


def _invalid(code: str, message: str = "an object of the model Order") -> Invalid:
    fixed = re.sub(r"«([\w.]+)»", r"\1.pk", code)
    named = fixed != code and message != _SET
    return Invalid(_HEAD + code, message, _HEAD + fixed if named else None, _FILES, _PATH)


_MADE = "order = Order.objects.create()\n"
_DELAY = f"def f(x):\n    {_MADE}    charge.delay(order)\n"
VALID = [
    _valid("its key", f"def f():\n    {_MADE}    charge.delay(order.pk)\n"),
    _valid("its key, of a parameter", "def f(order: Order):\n    charge.delay(order.pk)\n"),
    _valid("its key, in args", "def f(order: Order):\n    charge.apply_async((order.pk,))\n"),
    _valid("something else of it", f"def f():\n    {_MADE}    charge.delay(order.total())\n"),
    _valid(
        "bound again",
        "def f(order: Order):\n    order = order.pk\n    charge.delay(order)\n"
        f"def g():\n    {_MADE}    order = order.pk\n    charge.delay(order)\n",
    ),
    _valid(
        "perhaps none", "def f(order: Order | None, o: Order = None):\n    charge.delay(order)\n"
    ),
    _valid("a parameter of no known type", "def f(order):\n    charge.delay(order)\n"),
    _valid("another class", "class Order: ...\ndef f(order: Order):\n    charge.delay(order)\n"),
    _valid("values of rows", "def f():\n    charge.delay(Order.objects.values_list('pk'))\n"),
    _valid("how many", "def f():\n    charge.delay(Order.objects.filter(x=1).count())\n"),
    _valid("the class's name", "charge.delay(Order.__name__)\n"),
    _valid("a model that says what JSON carries", "charge.delay(Carried.objects.get())\n"),
    _valid(
        "pickle",
        _DELAY,
        _TASKS.replace("shared_task\ndef", "shared_task(serializer='pickle')\ndef"),
    ),
    _valid(
        "a serializer of the call",
        f"def f(x):\n    {_MADE}    charge.apply_async((order,), serializer='pickle')\n",
    ),
    _valid(
        "a base that sends keys",
        _DELAY,
        "from celery import Task, shared_task\nclass Keys(Task):\n"
        "    def apply_async(self, args=None, kwargs=None, **options): ...\n"
        "@shared_task(base=Keys)\ndef charge(order, amount=1): ...\n",
    ),
    _valid(
        "Kombu is taught",
        _DELAY,
        f"from kombu.utils.json import register_type\n{_TASKS}register_type(object, 'x', a, b)\n",
    ),
    _valid("a test", _DELAY, path="shop/tests/test_views.py"),
    Valid("self of another class", _MODELS, _FILES, "shop/models.py"),
]
INVALID = [
    _invalid(f"def f():\n    {_MADE}    charge.delay(«order»)\n"),
    _invalid("def f():\n    charge.delay(amount=«Order.objects.filter(x=1).first()»)\n"),
    _invalid("def f():\n    charge.delay(«Order.objects.all()»)\n", "a query set of Order"),
    _invalid("def f(order: Order):\n    charge.delay(«order»)\n", "send its pk"),
    _invalid("class V:\n    def f(self, o: 'Order'):\n        charge.delay(1, amount=«o»)\n"),
    _invalid("def f():\n    order = Order(x=1)\n    order.save()\n    charge.delay(«order»)\n"),
    _invalid(f"def f():\n    {_MADE}    charge.apply_async(«(order,)», countdown=1)\n"),
    _invalid(
        "def f(o: Order):\n    charge.apply_async(kwargs=«{{'order': o}}»)\n".replace(
            "{{", "{"
        ).replace("}}", "}")
    ),
    _invalid(
        "def f():\n    from shop import models\n    o = models.Order.objects.get(pk=1)\n"
        "    charge.delay_on_commit(«o»)\n"
    ),
    Invalid(
        _MODELS.replace("charge.delay(self.pk)", "charge.delay(«self»)"),
        'task "shop.tasks.charge" is sent an object of the model Order',
        _MODELS,
        _FILES,
        "shop/models.py",
    ),
    Invalid(
        "from django.contrib.auth.models import User\nfrom shop.tasks import charge\n"
        "def f(user: User):\n    charge.delay(«user»)\n",
        "an object of the model User",
        "from django.contrib.auth.models import User\nfrom shop.tasks import charge\n"
        "def f(user: User):\n    charge.delay(user.pk)\n",
        _FILES,
        _PATH,
    ),
]
