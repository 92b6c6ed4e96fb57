from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery, chord, chain, group

app = Celery("shop", backend="{}")

@app.task(ignore_result={})
def resize(image): ...

@app.task
def publish(results): ...

"""
_CHORD = "chord([{}, resize.s(2)])(publish.s())\n".replace("resize.s(2)", "publish.s(2)")


def _code(call: str, backend: str = "db+sqlite:///x", ignored: str = "True") -> str:
    return _HEAD.format(backend, ignored) + call


VALID = [
    Valid("Redis counts", _code(_CHORD.format("resize.s(1)"), "redis://localhost")),
    Valid("kept", _code(_CHORD.format("resize.s(1)"), ignored="False")),
    Valid("kept in this call", _code(_CHORD.format("resize.s(1).set(ignore_result=False)"))),
    Valid(
        "backend not known",
        _code(_CHORD.format("resize.s(1)")).replace('"db+sqlite:///x"', "BACKEND"),
    ),
    Valid(
        "no backend in source",
        _code(_CHORD.format("resize.s(1)")).replace(', backend="db+sqlite:///x"', ""),
    ),
    Valid("a group", _code("group([resize.s(1), resize.s(2)])()\n")),
    Valid("the body", _code("chord([publish.s(1)])(resize.s())\n")),
    Valid("inside a chain", _code(_CHORD.format("chain(resize.s(1), publish.s())"))),
    Valid("passed on", _code("chord([publish.s(resize.name)])(publish.s())\n")),
]
INVALID = [
    Invalid(
        _code(_CHORD.format("«resize.s(1)»")),
        'task "shop.tasks.resize" ignores its result, and a chord waits for it: '
        "the body never runs",
        _code(_CHORD.format("resize.s(1)"), ignored="False"),
    ),
    Invalid(
        _code("chord(group(«resize.si(i)» for i in range(3)), publish.s()).delay()\n"),
        "the body never runs",
        _code(
            "chord(group(resize.si(i) for i in range(3)), publish.s()).delay()\n", ignored="False"
        ),
    ),
    Invalid(
        _code(_CHORD.format("«resize.s(1)»"), "cache+memcached://x")
        .replace("(ignore_result=True)", "")
        .replace("@app.task\ndef publish", "@app.task(ignore_result=False)\ndef publish")
        .replace('"cache+memcached://x")', '"cache+memcached://x", task_ignore_result=True)'),
        "the body never runs",
        None,
    ),
]
