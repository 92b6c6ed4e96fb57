from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery
from celery.schedules import crontab

app = Celery("shop")

@app.task
def charge(x): ...

@app.task(name="mail")
def send(): ...

def plain(): ...

@traced
def unclear(): ...

"""
_PACKAGE = {"shop/__init__.py": ""}


def _entry(task: str, schedule: str = "60") -> str:
    return _HEAD + f"app.conf.beat_schedule = {{'a': {{'task': {task}, 'schedule': {schedule}}}}}\n"


VALID = [
    Valid("a name there is", _entry("'shop.tasks.charge'"), _PACKAGE),
    Valid("a name of one's own", _entry("'mail'"), _PACKAGE),
    Valid("the name of a task", _entry("charge.name"), _PACKAGE),
    Valid("a computed name", _entry("NAME"), _PACKAGE),
    Valid("a task of another package", _entry("'billing.invoices.create'"), _PACKAGE),
    Valid("a task of Celery itself", _entry("'celery.backend_cleanup'"), _PACKAGE),
    Valid("a name without a package", _entry("'nightly'"), _PACKAGE),
    Valid("a decorator that can't be followed", _entry("'shop.tasks.unclear'"), _PACKAGE),
    Valid("another scheduler", _entry("'shop.tasks.gone'", "'0 4 * * *'"), _PACKAGE),
    Valid(
        "a base class names the classes below it",
        """\
from celery import Celery, Task

app = Celery("shop")

class Named(Task):
    def __init_subclass__(cls, name=None):
        cls.name = name

class Nightly(Named, name="shop.nightly.run"):
    def run(self): ...

nightly = app.register_task(Nightly())
app.conf.beat_schedule = {"a": {"task": "shop.nightly.run", "schedule": 60}}
""",
        _PACKAGE,
    ),
    Valid(
        "some task's name is not known",
        _HEAD + "@app.task(name=f())\ndef g(): ...\n"
        "S = {'a': {'task': 'shop.tasks.gone', 'schedule': 1}}\n",
        _PACKAGE,
    ),
    Valid(
        "a base that names what is below it",
        """\
from celery import Celery, Task

app = Celery("shop")

class Named(Task):
    def __init_subclass__(cls, name=None):
        cls.name = name

class Nightly(Named, name="shop.cron.Nightly"):
    def run(self): ...

app.register_task(Nightly())
app.conf.beat_schedule = {"a": {"task": "shop.cron.Nightly", "schedule": 60}}
""",
        _PACKAGE,
    ),
    Valid(
        "a module that is full of what it imports",
        _entry("'shop.more.gone'"),
        {**_PACKAGE, "shop/more.py": "import celery\nfrom elsewhere import *\n"},
    ),
    Valid(
        "a task that is imported",
        _entry("'shop.more.gone'"),
        {**_PACKAGE, "shop/more.py": "import celery\nfrom elsewhere import gone\n"},
    ),
    Valid(
        "a package without a trace of Celery that has the name",
        _entry("'shop.charge'"),
        {"shop/__init__.py": "from shop.hidden import charge\n"},
    ),
    Valid(
        "a file without a trace of Celery that has the name",
        _entry("'shop.more.gone'"),
        {**_PACKAGE, "shop/more.py": "@register\ndef gone(): ...\n"},
    ),
    Valid("a test", _entry("'shop.tasks.gone'"), _PACKAGE, "shop/tests/test_beat.py"),
]
INVALID = [
    Invalid(  # the module is missing: a package that is empty has no task
        _entry("«'shop.charge'»"), 'no task is named "shop.charge"', None, _PACKAGE
    ),
    Invalid(
        _entry("«'shop.taks.charge'»"),
        'no task is named "shop.taks.charge"; there is "shop.tasks.charge"',
        _entry("'shop.tasks.charge'"),
        _PACKAGE,
    ),
    Invalid(
        _entry("«'shp.tasks.charge'»", "crontab(0, 4)"),
        'there is "shop.tasks.charge"',
        _entry("'shop.tasks.charge'", "crontab(0, 4)"),
        _PACKAGE,
    ),
    Invalid(_entry("«'shop.nightly.gone'»"), '"shop.nightly.gone"', None, _PACKAGE),
    Invalid(_entry("«'shop.tasks.plain'»"), '"shop.tasks.plain"', None, _PACKAGE),
    Invalid(
        _HEAD + "app.conf.beat_schedule['a'] = dict(task=«'shop.tasks.gone'», schedule=1)\n",
        'no task is named "shop.tasks.gone"',
        None,
        _PACKAGE,
    ),
    Invalid(
        _HEAD + "T = 'shop.task.charge'\nS = {'a': {'task': «T», 'schedule': 1}}\n",
        'there is "shop.tasks.charge"',
        None,
        _PACKAGE,
    ),
    Invalid(
        _entry("«'shop.more.gone'»"),
        'no task is named "shop.more.gone"',
        None,
        {**_PACKAGE, "shop/more.py": "def other(): ...\n"},
    ),
    Invalid(  # the computed name is that of a function which is called otherwise
        _HEAD + "@app.task(name=f())\ndef g(): ...\n"
        "S = {'a': {'task': «'shop.taks.charge'», 'schedule': 1}}\n",
        'there is "shop.tasks.charge"',
        _HEAD + "@app.task(name=f())\ndef g(): ...\n"
        "S = {'a': {'task': 'shop.tasks.charge', 'schedule': 1}}\n",
        _PACKAGE,
    ),
]
