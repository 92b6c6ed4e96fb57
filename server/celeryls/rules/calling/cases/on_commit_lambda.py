from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from django.db import transaction
from shop.tasks import charge

def pay(order):
    """
_FILES = {
    "shop/tasks.py": "from celery import shared_task\n@shared_task\ndef charge(order): ...\n",
    "proj/celery.py": """\
import os
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
app = Celery("proj")
""",
}
_PINNED = '[project]\nname = "x"\ndependencies = ["celery>=5.3"]\n'
_PATH = "shop/views.py"
_LAMBDA = "transaction.on_commit(lambda: charge.delay(order.pk))\n"


def _valid(why: str, code: str, files: dict[str, str] = _FILES) -> Valid:
    return Valid(why, _HEAD + code, files, _PATH)


VALID = [
    _valid("the method", "charge.delay_on_commit(order.pk)\n"),
    _valid("a partial", "transaction.on_commit(partial(charge.delay, order.pk))\n"),
    _valid("another database", _LAMBDA.replace("))", "), using='other')")),
    _valid("more in the lambda", _LAMBDA.replace("charge", "order.x and charge")),
    _valid("a lambda with a parameter", _LAMBDA.replace("lambda:", "lambda pk=order.pk:")),
    _valid("another on_commit", _LAMBDA.replace("transaction", "order")),
    _valid("an old Celery", _LAMBDA, {**_FILES, "pyproject.toml": _PINNED}),
    _valid("no project of Django's", _LAMBDA, {"shop/tasks.py": _FILES["shop/tasks.py"]}),
    _valid(
        "a class of its own",
        _LAMBDA,
        {
            **_FILES,
            "shop/tasks.py": "from celery import Task, shared_task\nclass Own(Task): ...\n"
            "@shared_task(base=Own)\ndef charge(order): ...\n",
        },
    ),
]
INVALID = [
    Invalid(
        f"{_HEAD}«transaction.on_commit(lambda: charge.delay(order.pk))»\n",
        'task "shop.tasks.charge" has delay_on_commit for this',
        f"{_HEAD}charge.delay_on_commit(order.pk)\n",
        _FILES,
        _PATH,
    ),
    Invalid(
        f"{_HEAD}«transaction.on_commit(\n        lambda: charge.apply_async((1,), countdown=5),\n"
        "    )»\n",
        "has apply_async_on_commit for this",
        f"{_HEAD}charge.apply_async_on_commit((1,), countdown=5)\n",
        _FILES,
        _PATH,
    ),
]
