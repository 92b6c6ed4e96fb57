from celeryls.rules.cases import Invalid, Valid


def _app(backend: str = "redis://", more: str = "") -> str:
    return f'from celery import Celery\n\napp = Celery("shop", backend="{backend}")\n{more}\n'


def _task(body: str = "go()", options: str = "", backend: str = "redis://", more: str = "") -> str:
    return f"{_app(backend, more)}\n@app.task{options}\ndef f(x):\n    {body}\n"


def _with(body: str, header: str = "from shop.tasks import f") -> dict[str, str]:
    return {"shop/views.py": f"import celery\n{header}\n\ndef view(x):\n    {body}\n"}


VALID = [
    Valid("it returns something", _task("return x")),
    Valid("it may return something", _task("if x:\n        return x\n    return None")),
    Valid("it is ignored", _task(options="(ignore_result=True)")),
    Valid("it is wanted", _task(options="(ignore_result=False)")),
    Valid("all are ignored", _task(more="app.conf.task_ignore_result = True")),
    Valid("no backend", _task(backend="")),
    Valid("no backend at all", _task(backend="disabled://")),
    Valid("people look into it", _task(backend="django-db")),
    Valid("not known", _task().replace('backend="redis://"', "backend=BACKEND")),
    Valid("it is asked", _task(), _with("f.delay(x).get()")),
    Valid("it may be asked", _task(), _with("return f.delay(x)")),
    Valid("it is asked later", _task(), _with("r = f.delay(x)")),
    Valid("it is a part of something", _task(), _with("chain(f.s(x), f.si(x))()")),
    Valid("it is passed on", _task(), _with("later(f.delay)")),
    Valid("by its id", _task(), _with("celery.result.AsyncResult(x)")),
    Valid("by its id here", _task() + "\ndef view(x): return f.AsyncResult(x)\n"),
    Valid("a generator", _task("yield x")),
    Valid("a base may return something", _task(options="(base=Own)", more="from own import Own")),
    Valid(
        "a decorator may return something",
        _task(more="from own import d").replace("def", "@d\ndef"),
    ),
]

INVALID = [
    Invalid(
        _task().replace("f(x)", "«f»(x)"),
        'task "shop.tasks.f" returns nothing, and stores that',
        _task(options="(ignore_result=True)"),
        _with("f.delay(x)"),
    ),
    Invalid(
        _task("go(lambda: 1)\n    return").replace("f(x)", "«f»(x)"),
        "each time",
        _task("go(lambda: 1)\n    return", "(ignore_result=True)"),
    ),
]
