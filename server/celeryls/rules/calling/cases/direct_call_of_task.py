from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import shared_task

@shared_task
def receipt(order): ...

@shared_task
def both(order):
    receipt(order)
    def inner():
        receipt(order)
    return inner()

"""
VALID = [
    Valid("sent", _HEAD + "receipt.delay(1)\nreceipt.apply_async((1,))\nreceipt.s(1)\n"),
    Valid("passed on", _HEAD + "run(receipt)\nx = receipt\n"),
    Valid("another function", _HEAD + "def f(receipt):\n    receipt(1)\n"),
    Valid("its name", _HEAD + "print(receipt.name)\n"),
    Valid(
        "an instance of a class, which is registered",
        """\
from celery import Celery, Task

app = Celery("shop")

class Receipt(Task):
    def run(self): ...

receipt = app.register_task(Receipt())
""",
    ),
    Valid("a test", _HEAD + "receipt(1)\n", path="shop/tests/test_it.py"),
    Valid("a command", _HEAD + "receipt(1)\n", path="shop/management/commands/pay.py"),
]
INVALID = [
    Invalid(
        _HEAD + "def pay(order):\n    «receipt»(order.pk)  # now\n",
        'task "shop.tasks.receipt" runs here, not in a worker',
        _HEAD + "def pay(order):\n    receipt.delay(order.pk)  # now\n",
    ),
    Invalid(_HEAD + "def pay(order):\n    return «receipt»(order.pk)\n", "runs here", None),
    Invalid(
        "import celery\nfrom shop import work\n\nx = (\n    «work.receipt»(1)\n)\n",
        'task "shop.work.receipt" runs here',
        None,
        {"shop/__init__.py": "", "shop/work.py": _HEAD},
    ),
]
