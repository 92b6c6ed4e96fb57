from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery
from celery.schedules import crontab

app = Celery("shop")

@app.task
def report(x=1): ...

@app.task
def clean(): ...

@app.on_after_configure.connect
def setup(sender, **kwargs):
"""
_JOBS = """\
from celery import shared_task

@shared_task
def one(x=1): ...

@shared_task
def two(): ...
"""

VALID = [
    Valid(
        "other tasks",
        _HEAD + "    sender.add_periodic_task(30, report.s())\n"
        "    sender.add_periodic_task(30, clean.s())\n",
    ),
    Valid(
        "other arguments",
        _HEAD + "    sender.add_periodic_task(30, report.s())\n"
        "    sender.add_periodic_task(60, report.s(2))\n"
        "    sender.add_periodic_task(60, report.s(x=2))\n"
        "    sender.add_periodic_task(90, report.s(), args=(3,))\n"
        "    sender.add_periodic_task(90, report.s(), (4,))\n",
    ),
    Valid(
        "names",
        _HEAD + "    sender.add_periodic_task(30, report.s(), name='a')\n"
        "    sender.add_periodic_task(60, report.s(), name='b')\n"
        "    sender.add_periodic_task(60, report.s(), (), {}, 'c')\n",
    ),
    Valid(
        "one has a name",
        _HEAD + "    sender.add_periodic_task(30, report.s(), name='a')\n"
        "    sender.add_periodic_task(60, report.s())\n",
    ),
    Valid(
        "one of two branches",
        _HEAD + "    if DEBUG:\n        sender.add_periodic_task(30, report.s())\n"
        "    else:\n        sender.add_periodic_task(60, report.s())\n",
    ),
    Valid(
        "an early end",
        _HEAD + "    if DEBUG:\n        sender.add_periodic_task(30, report.s())\n        return\n"
        "    sender.add_periodic_task(60, report.s())\n",
    ),
    Valid(
        "arguments that are not known",
        _HEAD + "    sender.add_periodic_task(30, report.s(kwargs['a']))\n"
        "    sender.add_periodic_task(60, report.s(kwargs['a']))\n"
        "    sender.add_periodic_task(30, report.s(next(x)))\n"
        "    sender.add_periodic_task(60, report.s(next(x)))\n",
    ),
    Valid(
        "keywords that are not known",
        _HEAD + "    sender.add_periodic_task(30, report.s(), **options)\n"
        "    sender.add_periodic_task(60, report.s(), **options)\n",
    ),
    Valid(
        "other apps",
        _HEAD + "    sender.add_periodic_task(30, report.s())\n"
        "    other.add_periodic_task(60, report.s())\n",
    ),
    Valid(
        "other functions",
        _HEAD + "    sender.add_periodic_task(30, report.s())\n\n"
        "def tests(sender):\n    sender.add_periodic_task(60, report.s())\n",
    ),
    Valid(
        "a test",
        _HEAD
        + "    sender.add_periodic_task(30, report.s())\n"
        + "    sender.add_periodic_task(60, report.s())\n",
        path="shop/tests/test_it.py",
    ),
    Valid(
        "other tasks that the function imports",
        _HEAD + "    from shop.jobs import one, two\n"
        "    sender.add_periodic_task(30, one.s())\n"
        "    sender.add_periodic_task(60, two.s())\n"
        "    sender.add_periodic_task(60, one.s(1))\n"
        "    sender.add_periodic_task(90, one.name)\n",
        {"shop/__init__.py": "", "shop/jobs.py": _JOBS},
    ),
    Valid(
        "no task",
        _HEAD + "    sender.add_periodic_task(30, thing.s())\n"
        "    sender.add_periodic_task(60, thing.s())\n",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "    from shop.jobs import one as job\n"
        "    sender.add_periodic_task(30, job.s(1))\n"
        "    «sender.add_periodic_task(60.0, job.s(1))»\n",
        'task "shop.jobs.one" is added once more with the same arguments and no name: '
        "this takes the place of line 15",
        _HEAD + "    from shop.jobs import one as job\n"
        "    sender.add_periodic_task(30, job.s(1))\n"
        '    sender.add_periodic_task(60.0, job.s(1), name="shop.jobs.one, every 60 s")\n',
        {"shop/__init__.py": "", "shop/jobs.py": _JOBS},
    ),
    Invalid(
        _HEAD + "    sender.add_periodic_task(30, report.s())\n"
        "    «sender.add_periodic_task(60.0, report.s())»\n",
        'task "shop.tasks.report" is added once more with the same arguments and no name: '
        "this takes the place of line 14",
        _HEAD + "    sender.add_periodic_task(30, report.s())\n"
        '    sender.add_periodic_task(60.0, report.s(), name="shop.tasks.report, every 60 s")\n',
    ),
    Invalid(
        _HEAD
        + "    sender.add_periodic_task(\n        crontab(0, 7),\n        report.s(2),\n    )\n"
        "    # and again\n\n"
        "    «sender.add_periodic_task(\n        crontab(0, hour=19),\n"
        "        report.s(2),\n    )»\n",
        "takes the place of line 14",
        _HEAD
        + "    sender.add_periodic_task(\n        crontab(0, 7),\n        report.s(2),\n    )\n"
        "    # and again\n\n"
        "    sender.add_periodic_task(\n        crontab(0, hour=19),\n        report.s(2),\n"
        '        name="shop.tasks.report, crontab(0, hour=19)",\n    )\n',
    ),
    Invalid(
        _HEAD + "    sender.add_periodic_task(30, report.s(2).set(queue='a'))\n"
        "    «sender.add_periodic_task(30, report.s(2).set(queue='b'))»\n",
        "takes the place of line 14",
        None,
    ),
    Invalid(
        _HEAD + "    pass\n\napp.add_periodic_task(30, clean.s())\n"
        "if DEBUG:\n    pass\n«app.add_periodic_task(every(), clean.s())»\n",
        "takes the place of line 16",
        None,
    ),
]
