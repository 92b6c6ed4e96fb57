from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "options by name",
        'from celery import shared_task\n\n@shared_task(name="f", bind=True)\ndef f(self): ...\n',
    ),
    Valid(
        "no arguments at all",
        "from celery import shared_task\n\n@shared_task()\ndef f(): ...\n\n"
        "@shared_task\ndef g(): ...\n",
    ),
    Valid(
        "options that are spread",
        'from celery import shared_task\nOPTIONS = {"name": "f"}\n\n'
        "@shared_task(**OPTIONS)\ndef f(): ...\n",
    ),
    Valid(
        "a function is what it takes",
        "from celery import Celery\nfrom own import compute\n\napp = Celery()\n\n"
        "compute = app.task(compute)\n",
    ),
    Valid(
        "what may be a function",
        "from celery import shared_task\nfrom own import compute\n\n"
        "@shared_task(compute)\ndef f(): ...\n",
    ),
    Valid(
        "values that may be none",
        "from celery import shared_task\nfrom own import VALUES\n\n"
        "@shared_task(*VALUES)\ndef f(): ...\n",
    ),
    Valid(
        "a decorator of one's own",
        """\
from celery import shared_task

def job(name, **options):
    return shared_task(name=name, **options)

@job("shop.f")
def f(): ...
""",
    ),
    Valid(
        "another library's",
        'import celery\nfrom invoke import task\n\n@task("clean")\ndef f(c): ...\n',
    ),
    Valid(
        "an app whose class has its own way",
        """\
from celery import Celery

class Own(Celery):
    def task(self, *args, **options): ...

app = Own("shop")

@app.task("shop.f")
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(
        'from celery import shared_task\n\n@shared_task(«"shop.f"»)\ndef f(): ...\n',
        '"@shared_task" takes options by name only',
        'from celery import shared_task\n\n@shared_task(name="shop.f")\ndef f(): ...\n',
    ),
    Invalid(
        """\
from celery import Celery

app = Celery("shop")

@app.task(
    «"shop.f"»,  # as it was
    bind=True,
)
def f(self): ...
""",
        '"@app.task" takes options by name only',
        """\
from celery import Celery

app = Celery("shop")

@app.task(
    name="shop.f",  # as it was
    bind=True,
)
def f(self): ...
""",
    ),
    Invalid(
        'from celery import shared_task\n\n@shared_task((«"shop.f"»))\ndef f(): ...\n',
        "fails on import",
        None,
    ),
    Invalid(
        'from celery import shared_task\n\n@shared_task(«"a"», name="f")\ndef f(): ...\n',
        "fails on import",
        None,
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«print», True)\ndef f(): ...\n",
        "fails on import",
        None,
    ),
]
