from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import Celery, shared_task\n\napp = Celery('shop', include=['shop.more'])\n\n"
_PACKAGE = {"shop/__init__.py": ""}
_CLEAN = "@shared_task\ndef clean(): ...\n\n"
_MORE = "from celery import shared_task\n\n"

VALID = [
    Valid("names of their own", _HEAD + _CLEAN + "@shared_task(name='x')\ndef clean(): ...\n"),
    Valid(
        "one of two branches",
        _HEAD + "if DEBUG:\n    @shared_task\n    def clean(): ...\n"
        "else:\n    @shared_task\n    def clean(): ...\n",
    ),
    Valid(
        "what is declared unless it can be imported",
        _HEAD + "try:\n    from own import clean\nexcept ImportError:\n"
        "    @shared_task\n    def clean(): ...\n\n" + _CLEAN,
    ),
    Valid(
        "in a branch over several lines",
        _HEAD
        + "if (\n    DEBUG\n):\n    class A:\n        @shared_task\n        def clean(): ...\n\n"
        + _CLEAN,
    ),
    Valid("no task", _HEAD + _CLEAN + "def clean(): ...\n\n@other\ndef clean(): ...\n"),
    Valid(
        "inside functions",
        _HEAD + "def a():\n    @app.task\n    def clean(): ...\n\n"
        "def b():\n    @app.task\n    def clean(): ...\n",
    ),
    Valid(
        "other apps",
        _HEAD + "more = Celery('more')\n\n@app.task\ndef clean(): ...\n\n"
        "@more.task\ndef clean(): ...\n",
    ),
    Valid(
        "names that are not known", _HEAD + _CLEAN + "@shared_task(name=f())\ndef clean(): ...\n"
    ),
    Valid(
        "a file that no worker is known to import",
        _HEAD + "@shared_task(name='x')\ndef a(): ...\n",
        {**_PACKAGE, "shop/apart.py": _MORE + "@shared_task(name='x')\ndef b(): ...\n"},
    ),
    Valid(
        "services with apps of their own",
        _HEAD + "@shared_task(name='x')\ndef a(): ...\n",
        {
            **_PACKAGE,
            "shop/more.py": _MORE + "@shared_task(name='x')\ndef b(): ...\n",
            "bank/app.py": "from celery import Celery\nbank = Celery('bank')\n",
        },
    ),
    Valid(
        "a test",
        _HEAD + "@app.task\ndef clean(): ...\n\n@app.task\ndef clean(): ...\n",
        path="shop/tests/test_x.py",
    ),
]
INVALID = [
    Invalid(
        _HEAD + _CLEAN + "@shared_task\ndef «clean»(): ...\n",
        'task "shop.tasks.clean": the function in line 6 has the same name, and only one runs',
        None,
        _PACKAGE,
    ),
    Invalid(
        _HEAD + "class A:\n    @staticmethod\n    @app.task\n    def clean(): ...\n\n"
        "class B:\n    '''Cleans.'''\n\n    @app.task\n    def «clean»(): ...\n",
        'task "shop.tasks.clean": the function in line 8',
        None,
        _PACKAGE,
    ),
    Invalid(
        _HEAD + "@shared_task(name='x')\ndef a(): ...\n\n@app.task(name='x')\ndef «b»(): ...\n",
        'task "x": the function in line 6',
        _HEAD + "@shared_task(name='x')\ndef a(): ...\n\n@app.task()\ndef b(): ...\n",
        _PACKAGE,
    ),
    Invalid(
        _HEAD + "@shared_task(name='x')\ndef «a»(): ...\n",
        'task "x": the function in shop/more.py',
        _HEAD + "@shared_task()\ndef a(): ...\n",
        {**_PACKAGE, "shop/more.py": _MORE + "@shared_task(name='x')\ndef b(): ...\n"},
    ),
]
