from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x=1): ...\n\n"

VALID = [
    Valid("not in a task", _HEAD + "def view():\n    return f.delay(1).get(timeout=5)\n"),
    Valid("sent only", _HEAD + "@shared_task\ndef g():\n    return f.delay(1).id\n"),
    Valid(
        "allowed",
        _HEAD + "from celery.result import allow_join_result\n@shared_task\ndef g():\n"
        "    with allow_join_result():\n        return f.delay(1).get()\n",
    ),
    Valid(
        "asked for",
        _HEAD + "@shared_task\ndef g():\n    f.delay().get(disable_sync_subtasks=False)\n",
    ),
    Valid("run here", _HEAD + "@shared_task\ndef g():\n    return f.apply().result\n"),
]
INVALID = [
    Invalid(
        _HEAD + "@shared_task\ndef g():\n    return «f.delay(1)».get()\n",
        'waiting for task "shop.tasks.f" within a task',
        None,
    ),
    Invalid(
        _HEAD
        + "@shared_task(bind=True)\ndef g(self):\n    x = «f.apply_async((1,))».get(timeout=5)\n",
        "send a chain",
        None,
    ),
    Invalid(
        _HEAD + "@shared_task\ndef g():\n    return «f.apply()».get()\n",
        'the result of task "shop.tasks.f" within a task: Celery refuses it, call the task itself',
        None,
    ),
]
