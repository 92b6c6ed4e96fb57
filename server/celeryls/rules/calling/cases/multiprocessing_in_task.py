from celeryls.rules.cases import Invalid, Valid


def _code(body: str, imports: str = "import multiprocessing", app: str = "") -> str:
    return f"""\
{imports}
from celery import Celery

app = Celery("shop")
{app}

@app.task
def work(images):
    {body}

def later(images):
    multiprocessing.Process(target=work).start()
"""


VALID = [
    Valid(
        "threads",
        _code("Pool(2).map(f, images)", "from multiprocessing.pool import ThreadPool as Pool"),
    ),
    Valid("dummy", _code("Pool(2)", "from multiprocessing.dummy import Pool")),
    Valid("billiard", _code("Pool(2)", "from billiard import Pool")),
    Valid("a class of one's own", _code("Process(images)", "from shop.models import Process")),
    Valid(
        "a name of the task's own",
        _code("Pool = make()\n    Pool(2)", "from multiprocessing import Pool"),
    ),
    Valid("in another function", _code("later(images)")),
    Valid("its name", _code("print('Process(1)', multiprocessing.Process)")),
    Valid("something else", _code("multiprocessing.Lock(); multiprocessing.cpu_count()")),
    Valid(
        "threads by settings",
        _code("multiprocessing.Pool()", app="app.conf.worker_pool = 'threads'"),
    ),
    Valid(
        "a pool that is not known",
        _code("multiprocessing.Pool()", app="app.conf.worker_pool = POOL"),
    ),
    Valid(
        "somebody who knows",
        _code(
            "process = multiprocessing.current_process()\n    process._config['daemon'] = False\n"
            "    multiprocessing.Pool()"
        ),
    ),
    Valid(
        "no task", "import multiprocessing\nimport celery\ndef f():\n    multiprocessing.Pool()\n"
    ),
]
INVALID = [
    Invalid(
        _code("with «multiprocessing.Pool»(2) as pool:\n        pool.map(f, images)"),
        'task "shop.tasks.work" starts a process',
        _code(
            "with billiard.Pool(2) as pool:\n        pool.map(f, images)",
            "import multiprocessing\nimport billiard",
        ),
    ),
    Invalid(
        _code("p = «Process»(target=f)\n    p.start()", "from multiprocessing import Process"),
        "raises an AssertionError",
        _code(
            "p = billiard.Process(target=f)\n    p.start()",
            "from multiprocessing import Process\nimport billiard",
        ),
    ),
    Invalid(
        _code(
            "from multiprocessing import Pool\n    return «Pool»().map(f, images)",
            "import billiard",
        ),
        "starts a process",
        _code(
            "from multiprocessing import Pool\n    return billiard.Pool().map(f, images)",
            "import billiard",
        ),
    ),
    Invalid(
        _code(
            "with «ProcessPoolExecutor»() as pool:\n        pool.map(f, images)",
            "from concurrent.futures import ProcessPoolExecutor",
        ),
        "starts a process",
        None,
    ),
    Invalid(
        _code("«concurrent.futures.ProcessPoolExecutor»()", "import concurrent.futures"),
        "starts a process",
        None,
    ),
    Invalid(
        _code("«multiprocessing.Manager»().list()", app="app.conf.worker_pool = 'prefork'"),
        "starts a process",
        None,
    ),
]
