from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery, chain, group

app = Celery("shop")

@app.task
def f(x=1): ...

"""

VALID = [
    Valid("a task", _HEAD + "app.add_periodic_task(60, f.s(1))\n"),
    Valid("a signature of its own", _HEAD + "app.add_periodic_task(60, f.si().set(queue='x'))\n"),
    Valid("not written out", _HEAD + "app.add_periodic_task(60, make())\n"),
]
INVALID = [
    Invalid(
        _HEAD + "«app.add_periodic_task(60, group(f.s(1), f.s(2)))»\n",
        "beat can't send a group",
        None,
    ),
    Invalid(
        _HEAD
        + "@app.on_after_configure.connect\ndef setup(sender, **kw):\n"
        + "    w = chain(f.s(), f.s())\n    «sender.add_periodic_task(60, w, name='x')»\n",
        "beat can't send a chain",
        None,
    ),
]
