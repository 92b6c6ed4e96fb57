from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery, Task\n\napp = Celery('shop')\n\n"
_CLASS = "class Charge(app.Task):\n    def run(self, x): ...\n\n"

VALID = [
    Valid("registered", _APP + _CLASS + "charge = app.register_task(Charge())\ncharge.delay(1)\n"),
    Valid("registered by itself", _APP + _CLASS + "app.register_task(Charge)\nCharge().delay(1)\n"),
    Valid("as in Celery 3", _APP + _CLASS + "app.tasks.register(Charge())\nCharge().delay(1)\n"),
    Valid(
        "registered in another file",
        _APP + _CLASS + "Charge().delay(1)\n",
        {
            "shop/__init__.py": "",
            "shop/setup.py": "from shop.tasks import Charge, app\n\napp.register_task(Charge())\n",
        },
    ),
    Valid(
        "all of a list",
        _APP + _CLASS + "for each in (Charge,):\n    app.register_task(each())\n"
        "Charge().delay(1)\n",
    ),
    Valid("a base", _APP + _CLASS + "@app.task(base=Charge)\ndef f(x): ...\n\nf.delay(1)\n"),
    Valid("run here", _APP + _CLASS + "Charge()(1)\nCharge().run(1)\n"),
    Valid("never used", _APP + _CLASS),
    Valid(
        "no task",
        "from shop.jobs import Task\nimport celery\n\nclass Charge(Task):\n"
        "    def run(self): ...\n\nCharge().delay()\n",
    ),
    Valid(
        "a base of which nothing is known",
        _APP + "from jobs import Job\n\nclass Charge(Job, Task):\n    def run(self): ...\n\n"
        "Charge().delay()\n",
    ),
    Valid("a test", _APP + _CLASS + "Charge().delay(1)\n", path="tests/test_it.py"),
]


def _registered(code: str) -> str:
    """The code with the class registered below it."""
    end = "    def run(self, x): ...\n"
    assert code.count(end) == 1
    return code.replace(end, f"{end}\n\napp.register_task(Charge())\n")


INVALID = [
    Invalid(
        _APP + _CLASS.replace("Charge", "«Charge»") + "Charge().delay(1)\n",
        '"Charge" is sent and never registered: no worker knows it',
        _registered(_APP + _CLASS + "Charge().delay(1)\n"),
    ),
    Invalid(
        _APP
        + _CLASS.replace("Charge", "«Charge»").replace("app.Task", "Task")
        + "charge = Charge()\n\ndef pay():\n    charge.apply_async((1,))\n",
        "never registered",
        _registered(
            _APP
            + _CLASS.replace("app.Task", "Task")
            + "charge = Charge()\n\ndef pay():\n    charge.apply_async((1,))\n"
        ),
    ),
    Invalid(
        _APP + _CLASS.replace("Charge", "«Charge»"),
        "never registered",
        _registered(_APP + _CLASS),
        {
            "shop/__init__.py": "",
            "shop/views.py": "from shop.tasks import Charge as C\n\ndef pay():\n    C().delay(1)\n",
        },
    ),
    Invalid(
        _APP
        + _CLASS.replace("Charge", "«Charge»")
        + "class Other(Task):\n    def run(self): ...\n\napp.register_task(Other())\n"
        "Charge().delay(1)\n",
        "never registered",
        _registered(
            _APP
            + _CLASS
            + "class Other(Task):\n    def run(self): ...\n\napp.register_task(Other())\n"
            "Charge().delay(1)\n"
        ),
    ),
]
