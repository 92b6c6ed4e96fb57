from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task(ignore_result=True)\ndef f(x=1): ...\n\n"

VALID = [
    Valid("its id", _HEAD + "def g():\n    r = f.delay(1)\n    return r.id\n"),
    Valid("not asked for", _HEAD + "f.delay(1)\nx = f.delay(1).id\n"),
    Valid("kept", _HEAD.replace("True", "False") + "f.delay(1).get()\n"),
    Valid("kept by the call", _HEAD + "f.apply_async((1,), ignore_result=False).get()\n"),
    Valid("not known", _HEAD.replace("True", "flag()") + "f.delay(1).get()\n"),
    Valid(
        "a test, in which tasks run at once and have their result",
        "from shop.tasks import f\n\ndef test_f():\n    assert f.delay(1).get() == 2\n",
        {"shop/tasks.py": _HEAD, "shop/settings.py": "CELERY_TASK_ALWAYS_EAGER = True\n"},
        path="shop/tests/test_tasks.py",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "x = «f.delay(1)».get()\n",
        'task "shop.tasks.f" ignores its result',
        None,
    ),
    Invalid(
        _HEAD + "def g():\n    r = f.delay(1)\n    return «r.get»(timeout=5)\n",
        'task "shop.tasks.f" ignores its result',
        None,
    ),
]
