from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery, chord, chain, group

app = Celery("shop", backend="{}")

@app.task(ignore_result={})
def resize(image): ...

@app.task
def publish(results): ...

"""
_CHORD = "chord([resize.s(1), resize.s(2)])(publish.s())\n"


def _code(call: str, backend: str) -> str:
    return _HEAD.format(backend, "False") + call


VALID = [
    Valid("one that can", _code(_CHORD, "redis://localhost")),
    Valid("not known", _code(_CHORD, "rpc://").replace('"rpc://"', "BACKEND")),
    Valid("not in source", _code(_CHORD, "rpc://").replace(', backend="rpc://"', "")),
    Valid("a group", _code("group(resize.s(1), resize.s(2))()\n", "rpc://")),
    Valid("two apps", _code(_CHORD, "rpc://") + 'other = Celery("other", backend="redis://")\n'),
    Valid("a test", _code(_CHORD, "rpc://"), path="tests/test_x.py"),
]
INVALID = [
    Invalid(
        _code(f"«{_CHORD[:33]}»{_CHORD[33:]}", "rpc://"),
        'a chord can\'t be started with the result backend "rpc"',
        None,
    ),
    Invalid(
        _code("«chord([resize.s(1)], publish.s())».delay()\n", "disabled://"),
        "a chord can't be started with no result backend",
        None,
    ),
]
