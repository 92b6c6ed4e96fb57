from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import Celery, shared_task\n\n"
_APP = _IMPORT + "app = Celery('shop')\n\n"
_SHOP = {"shop/__init__.py": ""}

VALID = [
    Valid("a name", _IMPORT + "@shared_task(name='charge')\ndef f(): ...\n"),
    Valid("perhaps a name", "from shop import O\n" + _IMPORT + "@shared_task(**O)\ndef f(): ...\n"),
    Valid(
        "a name among constants",
        _IMPORT + "O = {'name': 'charge'}\n\n@shared_task(**O)\ndef f(): ...\n",
    ),
    Valid("a test", _IMPORT + "@shared_task\ndef f(): ...\n", path="tests/test_it.py"),
    Valid("in a function", _IMPORT + "def make():\n    @shared_task\n    def f(): ...\n"),
    Valid("no task", _IMPORT + "@job\ndef f(): ...\n"),
]
INVALID = [
    Invalid(
        _IMPORT + "@shared_task\ndef «charge»(): ...\n",
        'task "shop.tasks.charge" has no name of its own',
        _IMPORT + '@shared_task(name="shop.tasks.charge")\ndef charge(): ...\n',
        _SHOP,
    ),
    Invalid(
        _APP + "class Orders:\n    @staticmethod\n    @app.task(bind=True)  # late\n"
        "    def «clean»(self): ...\n",
        "shop.tasks.clean",
        _APP + "class Orders:\n    @staticmethod\n"
        '    @app.task(bind=True, name="shop.tasks.clean")  # late\n'
        "    def clean(self): ...\n",
        _SHOP,
    ),
    Invalid(
        _IMPORT + "@shared_task(\n    # twice\n    max_retries=2,\n)\ndef «f»(): ...\n",
        "shop.tasks.f",
        _IMPORT + "@shared_task(\n    # twice\n    max_retries=2,\n"
        '    name="shop.tasks.f",\n)\ndef f(): ...\n',
        _SHOP,
    ),
    Invalid(
        "from shop.own import timed\n" + _IMPORT + "@shared_task\n@timed\ndef «f»(): ...\n",
        "no name of its own",
        None,
        _SHOP,
    ),
]
