from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x, y=1): ...\n\n"

VALID = [
    Valid("apply_async", _HEAD + "f.apply_async((1,), countdown=10)\n"),
    Valid(
        "a parameter of that name",
        "from celery import shared_task\n@shared_task\ndef f(queue): ...\nf.delay(queue=1)\n",
    ),
    Valid(
        "a task that takes any",
        "from celery import shared_task\n@shared_task\ndef f(**kw): ...\nf.delay(queue=1)\n",
    ),
    Valid(
        "a base with a delay of its own",
        "from celery import Task, shared_task\nclass B(Task):\n    def delay(self, **o): ...\n"
        "@shared_task(base=B)\ndef f(x): ...\nf.delay(1, queue=1)\n",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "f.delay(1, «countdown=10»)\n",
        'task "shop.tasks.f" is handed "countdown" as an argument',
        _HEAD + "f.apply_async(args=(1,), countdown=10)\n",
    ),
    Invalid(
        _HEAD + "r = f.delay(1, y=2, «queue='slow'», priority=3)\n",
        '"queue" and "priority"',
        _HEAD + "r = f.apply_async(args=(1,), kwargs={\"y\": 2}, queue='slow', priority=3)\n",
    ),
    Invalid(
        _HEAD + "f.delay_on_commit(x=1, «expires=5»)\n",
        "delay takes no options",
        _HEAD + 'f.apply_async_on_commit(kwargs={"x": 1}, expires=5)\n',
    ),
    Invalid(_HEAD + "f.delay(*x, «eta=y»)\n", '"eta"', None),
    Invalid(_HEAD + "f.delay(\n    1,  # the first\n    «eta=y»,\n)\n", '"eta"', None),
    Invalid(
        _HEAD + "(\n    f  # no delay here\n    .delay('#1', «eta=y»)\n)\n",
        '"eta"',
        _HEAD + "(\n    f  # no delay here\n    .apply_async(args=('#1',), eta=y)\n)\n",
    ),
]
