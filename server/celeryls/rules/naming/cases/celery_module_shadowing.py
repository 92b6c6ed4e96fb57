from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"

VALID = [
    Valid("in a package", _APP, {"shop/__init__.py": ""}, path="shop/celery.py"),
    Valid("in a folder that is no root", _APP, path="docker/celery.py"),
    Valid("another name", _APP, path="celery_app.py"),
    Valid("a module that does not need Celery", "CELERY = 1\n", path="celery.py"),
    Valid(
        "a package without an __init__.py, opened by itself",
        _APP,
        {"tasks.py": "from .celery import app\n\n@app.task\ndef f(): ...\n"},
        path="celery.py",
    ),
    Valid("in a text", '"""How to\n\nfrom celery import Celery\n"""\n', path="celery.py"),
    Valid("in a comment", "# from celery import Celery\n", path="celery.py"),
]
INVALID = [
    Invalid(
        _APP.replace("celery ", "«celery» "),
        "this module is called celery itself",
        None,
        path="celery.py",
    ),
    Invalid(
        "import os\nimport «celery»  # the library\n\napp = celery.Celery('shop')\n",
        "rename it",
        None,
        {"run.py": "from celery import app\napp.start()\n"},
        path="src/celery.py",
    ),
]
