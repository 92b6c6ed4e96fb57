from celeryls.rules.cases import Invalid, Valid

_ASYNC = "@shared_task\nasync def f(): ...\n"

VALID = [
    Valid(
        "an app that a function makes, with tasks that run coroutines",
        """\
import asyncio
from celery import Celery, Task, shared_task

def init(flask):
    class FlaskTask(Task):
        def __call__(self, *args):
            with flask.app_context():
                return asyncio.run(self.run(*args))

    made = Celery(flask.name, task_cls=FlaskTask)
    flask.extensions["celery"] = made
    return made

@shared_task
async def f(): ...
""",
    ),
    Valid("a plain function", "from celery import shared_task\n\n@shared_task\ndef f(): ...\n"),
    Valid(
        "a decorator below that awaits",
        """\
from asgiref.sync import async_to_sync
from celery import shared_task

@shared_task
@async_to_sync
async def f(): ...
""",
    ),
    Valid(
        "a base that awaits",
        """\
import asyncio
from celery import Task, shared_task

class Awaiting(Task):
    def __call__(self, *args, **kwargs):
        return asyncio.run(self.run(*args, **kwargs))

@shared_task(base=Awaiting)
async def f(): ...
""",
    ),
    Valid(
        "a base of another package",
        """\
from celery import shared_task
from awaiting import Awaiting

@shared_task(base=Awaiting)
async def f(): ...
""",
    ),
    Valid(
        "an app whose class makes tasks in its own way",
        """\
from celery import Celery

class AsyncCelery(Celery):
    def task(self, *args, **options): ...

app = AsyncCelery("shop")

@app.task
async def f(): ...
""",
    ),
    Valid(
        "an app of another package's class",
        "from aiocelery import Celery\n\napp = Celery()\n\n@app.task\nasync def f(): ...\n",
    ),
    Valid(
        "shared with an app whose class may convert it",
        f"from celery import shared_task\n\n{_ASYNC}",
        {
            "shop/app.py": "from celery import Celery\n\nclass Own(Celery):\n    pass\n\n"
            'app = Own("shop")\n'
        },
    ),
    Valid(
        "a pool that awaits, set up elsewhere",
        f"from celery import shared_task\n\n{_ASYNC}",
        {
            "shop/app.py": "import celery_aio_pool\nfrom celery import Celery\n\n"
            'celery_aio_pool.patch_celery_tracer()\napp = Celery("shop")\n'
        },
    ),
    Valid(
        "a pool that is not Celery's",
        f"from celery import shared_task\n\n{_ASYNC}",
        {
            "shop/app.py": 'from celery import Celery\n\napp = Celery("shop")\n'
            'app.conf.worker_pool = "own.pool:Pool"\n'
        },
    ),
    Valid(
        "an environment with such a pool",
        f"from celery import shared_task\n\n{_ASYNC}",
        {".venv/lib/python3.11/site-packages/celery_aio_pool/__init__.py": ""},
    ),
    Valid(
        "an inner coroutine function",
        """\
import asyncio
from celery import shared_task

@shared_task
def f():
    async def run(): ...
    return asyncio.run(run())
""",
    ),
    Valid(
        "options that may name a base",
        "from celery import shared_task\nfrom o import OPTIONS\n\n@shared_task(**OPTIONS)\n"
        "async def f(): ...\n",
    ),
    Valid(
        "not a task", "import celery\n\n@celery.signals.task_prerun.connect\nasync def f(): ...\n"
    ),
]

INVALID = [
    Invalid(
        """\
from celery import shared_task

@shared_task(bind=True)  # first
async def «f»(self, *, x: "a:b" = {1: 2}) -> dict["a:b", {1: 2}]:  # second
    'doc'; await go()  # third
""",
        "is async",
        """\
from celery import shared_task

async def _f(self, *, x: "a:b" = {1: 2}) -> dict["a:b", {1: 2}]:  # second
    'doc'; await go()  # third


@shared_task(bind=True)  # first
def f(self, *, x: "a:b" = {1: 2}) -> dict["a:b", {1: 2}]:
    import asyncio

    return asyncio.run(_f(self, x=x))
""",
    ),
    Invalid(
        """\
import asyncio
from celery import shared_task

@shared_task(bind=True)  # nightly
async def «fetch»(self, url: str, /, *rest, deep: bool = False, **more) -> None:
    await asyncio.sleep(1)  # one
    # the end

OTHER = 1
""",
        "never awaits it",
        """\
import asyncio
from celery import shared_task

async def _fetch(self, url: str, /, *rest, deep: bool = False, **more) -> None:
    await asyncio.sleep(1)  # one


@shared_task(bind=True)  # nightly
def fetch(self, url: str, /, *rest, deep: bool = False, **more) -> None:
    return asyncio.run(_fetch(self, url, *rest, deep=deep, **more))
    # the end

OTHER = 1
""",
    ),
    Invalid(
        """\
from celery import Celery

app = Celery("shop")

@app.task
async def «fetch»(url):
    await url
""",
        'task "shop.tasks.fetch" is async',
        """\
from celery import Celery

app = Celery("shop")

async def _fetch(url):
    await url


@app.task
def fetch(url):
    import asyncio

    return asyncio.run(_fetch(url))
""",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task\nasync def «f»():\n    yield 1\n",
        "never awaits it",
        None,
    ),
    Invalid(
        """\
from celery import shared_task

class Shop:
    @staticmethod
    @shared_task
    async def «f»(): ...
""",
        "never awaits it",
        None,
    ),
]
