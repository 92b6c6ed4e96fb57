from celeryls.rules.cases import Invalid, Valid

_APP = 'from celery import Celery\n\napp = Celery("shop")\n'
_56 = {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.6"]\n'}

VALID = [
    Valid("one", "from celery import shared_task\n\n@shared_task\ndef f(): ...\n"),
    Valid(
        "a decorator of another kind",
        "from celery import shared_task\nfrom own import task\n\n@shared_task\n@task\n"
        "def f(): ...\n",
    ),
    Valid(
        "two tasks of one function, each with its name",
        f'{_APP}\n@app.task(name="a")\n@app.task(name="b")\ndef f(): ...\n',
    ),
    Valid(
        "the same with shared tasks, where that works",
        'from celery import shared_task\n\n@shared_task(name="a")\n@shared_task(name="b")\n'
        "def f(): ...\n",
        _56,
    ),
    Valid(
        "options that may name it",
        f"from own import OPTIONS\n{_APP}\n@app.task(**OPTIONS)\n@app.task\ndef f(): ...\n",
    ),
    Valid(
        "an app whose class has its own way",
        """\
from celery import Celery

class Own(Celery):
    def task(self, *args, **options): ...

app = Own("shop")

@app.task
@app.task
def f(): ...
""",
    ),
    Valid(
        "a method called task",
        f"{_APP}\nclass Registry:\n    def task(self, f): return f\n\nregistry = Registry()\n\n"
        "@app.task\n@registry.task\ndef f(): ...\n",
    ),
    Valid(
        "two functions, one in the other",
        """\
from celery import shared_task

@shared_task
def f():
    @shared_task
    def g(): ...
""",
    ),
]

INVALID = [
    Invalid(
        """\
from celery import shared_task

@shared_task
@«shared_task(max_retries=3)»
def f(): ...
""",
        'two task decorators, "@shared_task" and "@shared_task": Celery refuses that',
        """\
from celery import shared_task

@shared_task(max_retries=3)
def f(): ...
""",
    ),
    Invalid(
        f"{_APP}\n@app.task(max_retries=3)  # often\n@«app.task»  # again\ndef f(): ...\n",
        "it is registered twice",
        f"{_APP}\n@app.task(max_retries=3)  # often\ndef f(): ...\n",
    ),
    Invalid(
        f"from celery import shared_task\n{_APP}\n@app.task\n@print\n@«shared_task»\n"
        "def f(): ...\n",
        '"@app.task" and "@shared_task"',
        None,
    ),
    Invalid(
        """\
from celery import shared_task

@shared_task(name="a")
@«shared_task(name="b")»
def f(): ...
""",
        "Celery refuses that",
        None,
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task\n@«shared_task»\ndef f(): ...\n",
        "Celery refuses that",
        "from celery import shared_task\n\n@shared_task\ndef f(): ...\n",
        _56,
    ),
]
