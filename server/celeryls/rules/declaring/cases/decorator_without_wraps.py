from celeryls.rules.cases import Invalid, Valid

_LOGGED = """\
def logged(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
"""
_WITH_LEVEL = """\
def logged(level):
    def decorator(function):
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper
    return decorator
"""


def _task(decorator: str, below: str = "logged", options: str = "") -> str:
    return (
        f"from celery import shared_task\n\n{decorator}\n@shared_task{options}\n@{below}\n"
        "def f(): ...\n"
    )


def _with(line: str, decorator: str = _LOGGED) -> str:
    return decorator.replace("    def wrapper", f"    {line}\n    def wrapper")


VALID = [
    Valid("it wraps", _task("import functools\n" + _with("@functools.wraps(function)"))),
    Valid(
        "it wraps, by another name", _task("from own import wraps\n" + _with("@wraps(function)"))
    ),
    Valid("a decorator that may name it", _task("from own import named\n" + _with("@named"))),
    Valid(
        "it is named by hand",
        _task(_LOGGED.replace("return w", "wrapper.__name__ = 'x'\n    return w")),
    ),
    Valid(
        "it is named by a function",
        _task(
            "import functools\n"
            + _LOGGED.replace(
                "return w", "functools.update_wrapper(wrapper, function)\n    return w"
            )
        ),
    ),
    Valid(
        "it is wrapped later",
        _task(
            "import functools\n"
            + _LOGGED.replace(
                "return w", "wrapper = functools.wraps(function)(wrapper)\n    return w"
            )
        ),
    ),
    Valid("the task has a name", _task(_LOGGED, options='(name="f")')),
    Valid(
        "the task may have a name",
        _task("from own import OPTIONS\n" + _LOGGED, options="(**OPTIONS)"),
    ),
    Valid("it returns what it gets", _task("def logged(function):\n    return function\n")),
    Valid("perhaps", _task(_LOGGED.replace("    def w", "    if x: return function\n    def w"))),
    Valid("of another package", _task("from own import logged\n")),
    Valid("a class", _task("class logged:\n    def __init__(self, f): ...\n")),
    Valid(
        "it makes something of it",
        _task(_LOGGED.replace("return wrapper", "return named(wrapper)")),
    ),
    Valid("above the task", _task(_LOGGED, "staticmethod").replace("@shared", "@logged\n@shared")),
    Valid(
        "an app that names tasks in its own way",
        """\
from celery import Celery

class Own(Celery):
    def gen_task_name(self, name, module): ...

app = Own("shop")

def logged(function):
    def wrapper(): ...
    return wrapper

@app.task
@logged
def f(): ...
""",
    ),
    Valid(
        "one above it that is not known",
        _task("from own import other\n" + _LOGGED, "other\n@logged"),
    ),
    Valid(
        "with an argument, it wraps",
        _task(
            _WITH_LEVEL.replace("        def w", "        @wraps(function)\n        def w"),
            "logged(3)",
        ),
    ),
]

INVALID = [
    Invalid(
        _task(_LOGGED, "«logged»"),
        '"logged" lacks functools.wraps, so this task is called "shop.tasks.wrapper"',
        _task(_with("@wraps(function)")).replace(
            "from celery", "from functools import wraps\n\nfrom celery"
        ),
    ),
    Invalid(
        _task(_WITH_LEVEL, "«logged(level=3)»"),
        "only one is kept",
        _task(
            _WITH_LEVEL.replace("        def w", "        @wraps(function)\n        def w"),
            "logged(level=3)",
        ).replace("from celery", "from functools import wraps\n\nfrom celery"),
    ),
    Invalid(
        _task(
            "import functools\nfrom shop.log import logged\n\n"
            + _with("@functools.wraps(f)", _LOGGED.replace("logged", "outer")),
            "outer\n@«logged»",
        ),
        'this task is called "shop.log.wrapper"',
        None,
        {"shop/log.py": _LOGGED},
    ),
]
