from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery, shared_task

app = Celery("shop")

@shared_task
def charge(order, amount=1): ...

@app.task(bind=True)
def sweep(self): ...

"""


def _entry(rest: str, task: str = '"shop.tasks.charge"', mark: bool = True) -> str:
    marked = f"«{task}»" if mark else task
    return f'{_HEAD}app.conf.beat_schedule = {{"a": {{"task": {marked}, "schedule": 60{rest}}}}}\n'


def _valid(why: str, rest: str, task: str = '"shop.tasks.charge"') -> Valid:
    return Valid(why, _entry(rest, task, mark=False))


VALID = [
    _valid("what it takes", ', "args": (1,)'),
    _valid("by name", ', "kwargs": {"order": 1, "amount": 2}'),
    _valid("both", ', "args": [1], "kwargs": {"amount": 2}'),
    _valid("bound, without any", "", '"shop.tasks.sweep"'),
    _valid("none", ', "args": None, "kwargs": {}', '"shop.tasks.sweep"'),
    _valid("a name, which may stand for anything", ', "args": ARGS'),
    _valid("spread", ", **MORE"),
    _valid("spread arguments", ', "args": (*ARGS,)'),
    _valid("spread names", ', "kwargs": {**MORE}'),
    _valid("a task of somebody else", "", '"other.tasks.f"'),
    Valid(
        "arguments are injected",
        _entry("", mark=False).replace("@shared_task", "@shared_task(typing=False)"),
    ),
    Valid(
        "a decorator may change them",
        _entry("", mark=False).replace("@shared_task", "@shared_task\n@with_order"),
    ),
    Valid("a signature with all", _HEAD + "app.add_periodic_task(60, charge.s(1))\n"),
    Valid(
        "arguments beside the signature",
        _HEAD + "app.add_periodic_task(60, charge.s(), args=(1,))\n",
    ),
    Valid("a test", _entry("", mark=False), path="shop/tests/test_x.py"),
]
INVALID = [
    Invalid(_entry(""), 'task "shop.tasks.charge" needs "order"', None),
    Invalid(
        _entry(', "kwargs": {"amout": 2}'),
        'task "shop.tasks.charge" has no parameter "amout": it takes order, amount',
        None,
    ),
    Invalid(
        _entry("", mark=False).replace("60}", '60, "args": «(1, 2, 3)»}'),
        "takes 2 arguments, 3 given: it takes order, amount",
        None,
    ),
    Invalid(
        _entry("", '"shop.tasks.sweep"', mark=False).replace("60}", '60, "args": «[1]»}'),
        'task "shop.tasks.sweep" takes no arguments, 1 given',
        None,
    ),
    Invalid(
        _HEAD + "app.add_periodic_task(60, «charge.s(amount=1)», name='x')\n",
        'task "shop.tasks.charge" needs "order"',
        None,
    ),
]
