from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import Celery, shared_task\n\n"
_TASK = "    @shared_task\n    def work(): ...\n"

VALID = [
    Valid("at the top", _IMPORT + "@shared_task\ndef work(): ...\n\ndef f():\n    work.delay()\n"),
    Valid("a factory of tasks", _IMPORT + f"def make():\n{_TASK}    return work\n"),
    Valid(
        "a factory of apps",
        _IMPORT + "def make():\n    app = Celery('shop')\n"
        "    @app.task\n    def work(): ...\n    work.delay()\n    return app\n",
    ),
    Valid("run here", _IMPORT + f"def f():\n{_TASK}    work()\n    work.apply()\n"),
    Valid(
        "a task that is sent later on",
        _IMPORT + f"def f():\n{_TASK}    def again():\n        work.delay()\n    return again\n",
    ),
    Valid(
        "another of the same name", _IMPORT + f"def f():\n{_TASK}\ndef g(work):\n    work.delay()\n"
    ),
    Valid("a test", _IMPORT + f"def test_f():\n{_TASK}    work.delay()\n", path="tests/test_f.py"),
    Valid(
        "bound anew", _IMPORT + f"def f(queue):\n{_TASK}    work = queue.get()\n    work.delay()\n"
    ),
    Valid("no task", _IMPORT + "def f():\n    def work(): ...\n    work.delay()\n"),
]
INVALID = [
    Invalid(
        _IMPORT + "def view(request):\n    @shared_task\n    def «work»(x): ...  # slow\n\n"
        "    work.delay(request.x)\n",
        'task "work" is declared inside "view", which sends it: no worker knows it',
        None,
    ),
    Invalid(
        _IMPORT + "app = Celery('shop')\n\nclass View:\n    def post(self):\n        @app.task\n"
        "        def «work»(): ...\n        return work.apply_async(countdown=3)\n",
        'inside "post"',
        None,
    ),
]
