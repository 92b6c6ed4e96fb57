from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from django.db import transaction
from shop.tasks import receipt, Order


"""
_TASKS = """\
from celery import Task, shared_task

@shared_task
def receipt(order): ...
"""
_DJANGO = """\
import os
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
app = Celery("proj")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""
_FILES = {"shop/tasks.py": _TASKS, "proj/celery.py": _DJANGO}
_OLD = {**_FILES, "pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.3"]\n'}
_PATH = "shop/views.py"
_SITE = ".venv/lib/python3.12/site-packages/django"
_INSTALLED = {
    f"{_SITE}/__init__.py": "",
    f"{_SITE}/db/__init__.py": "",
    f"{_SITE}/db/transaction.py": "def atomic(using=None):\n    return Atomic(using)\n",
}


def _view(call: str, block: str = "with transaction.atomic():", head: str = _HEAD) -> str:
    return (
        f"{head}def place(user):\n    {block}\n"
        f"        order = Order.objects.create(user=user)\n        {call}\n"
    )


def _valid(why: str, code: str, tasks: str = _TASKS) -> Valid:
    return Valid(why, code, {**_FILES, "shop/tasks.py": tasks}, _PATH)


VALID = [
    _valid("on commit", _view("receipt.delay_on_commit(order.pk)")),
    _valid("later", _view("transaction.on_commit(lambda: receipt.delay(order.pk))")),
    _valid(
        "later, in a function",
        _view(
            "def send():\n            receipt.delay(order.pk)\n        transaction.on_commit(send)"
        ),
    ),
    _valid("after the block", _view("pass") + "    receipt.delay(order.pk)\n"),
    _valid("something that was not saved here", _view("receipt.delay(user.pk)")),
    _valid(
        "before it is saved",
        f"""{_HEAD}@transaction.atomic
def place(order):
    receipt.delay(order.pk)
    order.save()
""",
    ),
    _valid(
        "the name is another object now",
        f"""{_HEAD}@transaction.atomic
def place(orders):
    for order in orders:
        order.save()
    for order in orders:
        receipt.delay(order.pk)
""",
    ),
    _valid("a column, which needs no row", _view("receipt.delay(order.email, str(order.total))")),
    _valid("nothing of it", _view("receipt.delay(1)")),
    _valid(
        "another atomic",
        _view(
            "receipt.delay(order.pk)",
            head=_HEAD.replace("from django.db import transaction", "from own import transaction"),
        ),
    ),
    _valid("another block", _view("receipt.delay(order.pk)", "with lock():")),
    _valid("with a countdown", _view("receipt.apply_async((order.pk,), countdown=5)")),
    _valid(
        "a base that sends on commit",
        _view("receipt.delay(order.pk)"),
        """\
from celery import Task, shared_task
from django.db import transaction

class OnCommit(Task):
    def apply_async(self, *args, **kwargs):
        transaction.on_commit(lambda: super().apply_async(*args, **kwargs))

@shared_task(base=OnCommit)
def receipt(order): ...
""",
    ),
    Valid("a test", _view("receipt.delay(order.pk)"), _FILES, "shop/tests/test_views.py"),
]
INVALID = [
    Invalid(
        _view("«receipt.delay(order.user_id)»"),
        'saves "order"',
        _view("receipt.delay_on_commit(order.user_id)"),
        _FILES,
        _PATH,
    ),
    Invalid(
        _view("«receipt.delay(order.pk)»"),
        'saves "order"',
        _view("receipt.delay_on_commit(order.pk)"),
        {**_FILES, **_INSTALLED},
        _PATH,
    ),
    Invalid(
        _view("«receipt.delay(order.pk)»"),
        'task "shop.tasks.receipt" is sent before the transaction is committed that saves "order"',
        _view("receipt.delay_on_commit(order.pk)"),
        _FILES,
        _PATH,
    ),
    Invalid(
        f"""{_HEAD}@transaction.atomic
def place(form):
    order, created = Order.objects.get_or_create(x=1)
    if created:
        «receipt.apply_async(kwargs={{"order": str(order.id)}})»
""",
        'saves "order"',
        f"""{_HEAD}@transaction.atomic
def place(form):
    order, created = Order.objects.get_or_create(x=1)
    if created:
        receipt.apply_async_on_commit(kwargs={{"order": str(order.id)}})
""",
        _FILES,
        _PATH,
    ),
    Invalid(
        _view("«receipt.delay(order.pk)»"),
        'saves "order"',
        _view("transaction.on_commit(partial(receipt.delay, order.pk))").replace(
            "from django", "from functools import partial\n\nfrom django", 1
        ),
        _OLD,
        _PATH,
    ),
    Invalid(
        _view("return «receipt.delay(order.pk)»"),
        "a worker may not see it yet",
        None,
        _FILES,
        _PATH,
    ),
    Invalid(
        f"""{_HEAD}class View:
    @transaction.atomic()
    def post(self):
        self.order.save()
        «receipt.delay(self.order.pk)»
""",
        'saves "self.order"',
        f"""{_HEAD}class View:
    @transaction.atomic()
    def post(self):
        self.order.save()
        receipt.delay_on_commit(self.order.pk)
""",
        _FILES,
        _PATH,
    ),
]
