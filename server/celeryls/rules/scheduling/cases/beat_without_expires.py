from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import Celery\napp = Celery('x')\n@app.task\ndef poll(): ...\n"


def _code(more: str = "", task: str = "'shop.tasks.poll'", head: str = _HEAD) -> str:
    return f"{head}app.conf.beat_schedule = {{'a': {{'task': {task}, 'schedule': 30{more}}}}}\n"


VALID = [
    Valid("expires", _code(", 'options': {'expires': 25}")),
    Valid("options that are not known", _code(", 'options': OPTIONS")),
    Valid("options with more", _code(", 'options': {'queue': 'a', **OPTIONS}")),
    Valid("more keys", _code(", **MORE")),
    Valid("a task that is not known", _code(task="'other.tasks.poll'")),
    Valid("the task's own", _code(head=_HEAD.replace("@app.task", "@app.task(expires=25)"))),
    Valid("perhaps the task's own", _code(head=_HEAD.replace("@app.task", "@app.task(**OPTIONS)"))),
    Valid("a test", _code(), path="shop/tests/test_it.py"),
]
INVALID = [
    Invalid(_code(task="«'shop.tasks.poll'»"), 'messages of task "shop.tasks.poll" never', None),
    Invalid(_code(", 'options': {'queue': 'a'}", "«'shop.tasks.poll'»"), "may pile up", None),
    Invalid(_code(task="«poll.name»"), "may pile up", None),
]
