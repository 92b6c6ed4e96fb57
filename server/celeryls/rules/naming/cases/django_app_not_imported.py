from celeryls.rules.cases import Invalid, Valid

_APP = """\
import os
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")

{}app{} = Celery("proj")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
"""
_CODE = _APP.format("", "")
_PATH = "proj/celery.py"
_SHARED = {
    "proj/__init__.py": "",
    "shop/__init__.py": "",
    "shop/tasks.py": "from celery import shared_task\n\n@shared_task\ndef f(): ...\n",
}
_INIT = "proj/__init__.py"

VALID = [
    Valid(
        "imported under a name that says nothing of Celery",
        _CODE,
        {**_SHARED, _INIT: "from . import (\n    worker,\n)\n"},
        "proj/worker.py",
    ),
    Valid(
        "imported under such a name elsewhere",
        _CODE,
        {**_SHARED, "proj/wsgi.py": "from proj.worker import app\n"},
        "proj/worker.py",
    ),
    Valid(
        "imported where Django's documentation has it",
        _CODE,
        {**_SHARED, _INIT: "from .celery import app as celery_app\n\n__all__ = ('celery_app',)\n"},
        _PATH,
    ),
    Valid("imported by its full name", _CODE, {**_SHARED, _INIT: "import proj.celery\n"}, _PATH),
    Valid("imported as a module", _CODE, {**_SHARED, _INIT: "from . import a, celery\n"}, _PATH),
    Valid(
        "imported over several lines",
        _CODE,
        {**_SHARED, _INIT: "from . import (\n    a,\n    celery,\n)\n"},
        _PATH,
    ),
    Valid(
        "imported by the server",
        _CODE,
        {**_SHARED, "proj/wsgi.py": "from proj.celery import app\n"},
        _PATH,
    ),
    Valid(
        "imported when Django is ready",
        _CODE,
        {**_SHARED, "shop/apps.py": "class A:\n    def ready(self):\n        import proj.celery\n"},
        _PATH,
    ),
    Valid(
        "imported by name",
        _CODE,
        {**_SHARED, "manage.py": "import_module('proj.celery')\n"},
        _PATH,
    ),
    Valid(
        "no shared task",
        _CODE,
        {_INIT: "", "shop/tasks.py": "from x import app\n\n@app.task\ndef f(): ...\n"},
        _PATH,
    ),
    Valid(
        "no Django",
        'from celery import Celery\n\napp = Celery("proj")\n',
        _SHARED,
        _PATH,
    ),
    Valid("no package", _CODE, {"shop/tasks.py": _SHARED["shop/tasks.py"]}, "celery_app.py"),
    Valid("the package itself", _CODE, _SHARED, _INIT),
    Valid("an app of Django's", _CODE + "class C(AppConfig): ...\n", _SHARED, _PATH),
    Valid("tests", _CODE, {**_SHARED, "tests/__init__.py": ""}, "tests/celery.py"),
]
_IMPORTED = 'from .celery import app as celery_app\n\n__all__ = ("celery_app",)\n'


def _fixed(before: str, after: str) -> Invalid:
    return Invalid(
        _APP.format("«", "»"),
        "import it in proj/__init__.py",
        _CODE,
        {**_SHARED, _INIT: before},
        _PATH,
        {_INIT: after},
    )


INVALID = [
    Invalid(
        _APP.format("«", "»"),
        'no module imports the app "app", so shared tasks use it in workers only: '
        "import it in proj/__init__.py",
        _CODE,
        _SHARED,
        _PATH,
        {_INIT: _IMPORTED},
    ),
    Invalid(
        _APP.format("«", "»: Celery"),
        "import it in conf/__init__.py",
        _APP.format("", ": Celery"),
        {**_SHARED, "conf/__init__.py": "import celery\nfrom .other import x\n"},
        "conf/queue.py",
        {
            "conf/__init__.py": "import celery\nfrom .other import x\n\n"
            'from .queue import app as celery_app\n\n__all__ = ("celery_app",)\n'
        },
    ),
    _fixed('"""The project."""\n', f'"""The project."""\n\n{_IMPORTED}'),
    _fixed("# The project.\n", f"# The project.\n\n{_IMPORTED}"),
    _fixed(
        "import os\r\n\r\n__version__ = '1'\r\n",
        "import os\r\n\r\n" + _IMPORTED.replace("\n", "\r\n") + "\r\n__version__ = '1'\r\n",
    ),
    _fixed(
        "__all__ = ['x']  # public\n",
        "from .celery import app as celery_app\n\n__all__ = ['x', \"celery_app\"]  # public\n",
    ),
    _fixed(
        "__all__ = (\n    'x',  # first\n)\n",
        "from .celery import app as celery_app\n\n"
        "__all__ = (\n    'x',  # first\n    \"celery_app\",\n)\n",
    ),
    Invalid(
        _APP.format("«", "»"),
        "import it in proj/__init__.py",
        None,
        {**_SHARED, _INIT: "celery_app = None\n"},
        _PATH,
    ),
]
