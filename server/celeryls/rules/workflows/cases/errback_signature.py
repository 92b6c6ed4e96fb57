from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import chain, chord, group, shared_task

@shared_task
def charge(order): ...

@shared_task
def full(request, exc, traceback): ...

@shared_task
def more(request, exc, traceback, order=None): ...

@shared_task
def short(request, exc): ...

@shared_task
def by_id(task_id): ...

@shared_task
def nothing(): ...

@shared_task
def two(task_id, order): ...

@shared_task
def anything(*args, **kwargs): ...

@shared_task(bind=True)
def bound(self, request, exc, traceback): ...

@shared_task(bind=True)
def bound_by_id(self, task_id, order=None): ...

"""


def _linked(signature: str) -> str:
    return f"{_HEAD}charge.apply_async((1,), link_error={signature})\n"


VALID = [
    Valid("what Celery's documentation writes", _linked("full.s()")),
    Valid("the id alone", _linked("by_id.s()")),
    Valid("bound, with the id alone", _linked("bound_by_id.s()")),
    Valid("bound, with the id and more", _linked("bound_by_id.s(order=1)")),
    Valid("more after the three", _linked("more.s(1)") + _linked("more.s(order=1)")),
    Valid("a default", _linked("more.s()")),
    Valid("anything", _linked("anything.s()") + _linked("anything.s(1, 2, x=3)")),
    Valid("its own arguments alone", _linked("nothing.si()") + _linked("two.si(1, 2)")),
    Valid("versions count in their own way", _linked("two.s(1)") + _linked("two.s(order=1)")),
    Valid("a signature from elsewhere", _linked("callback") + _linked("make(short.s())")),
    Valid("a callback of a success", f"{_HEAD}charge.apply_async((1,), link=by_id.s())\n"),
    Valid("a step of a chain", f"{_HEAD}chain(charge.s(1), nothing.si(), by_id.s())()\n"),
    Valid("given by a star", _linked("short.s(*more)")),
    Valid(
        "a decorator that takes other arguments",
        f"{_HEAD}@shared_task\n@quiet\ndef f(request, exc): ...\ncharge.s(1).on_error(f.s())\n",
    ),
]
INVALID = [
    Invalid(
        _linked("«bound.s()»"),
        'as an error callback, task "shop.tasks.bound" gets only the id of the failed task since '
        'it is bound, but needs "exc" and "traceback"',
        None,
    ),
    Invalid(
        _linked("«short.s()»"),
        "gets the request, the exception and the traceback, but takes 2 arguments, 3 given",
        None,
    ),
    Invalid(_linked("[«short.s()», full.s()]"), "takes 2 arguments, 3 given", None),
    Invalid(_linked("«full.s(1)»"), "takes 3 arguments, 4 given", None),
    Invalid(
        _linked("«nothing.s()»"),
        'task "shop.tasks.nothing" gets the id of the failed task, but takes no arguments, 1 given',
        None,
    ),
    Invalid(
        f"{_HEAD}chain(charge.s(1), charge.s()).on_error(«short.s()»).delay()\n",
        "takes 2 arguments, 3 given",
        None,
    ),
    Invalid(
        f"{_HEAD}work = charge.s(1)\nwork.link_error(\n    «bound.s()»\n)\n",
        'needs "exc" and "traceback"',
        None,
    ),
    Invalid(_linked("«bound_by_id.s(1, 2)»"), "takes 2 arguments, 3 given", None),
]
