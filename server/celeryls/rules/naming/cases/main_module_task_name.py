from celeryls.rules.cases import Invalid, Valid


def _script(app: str, task: str = "@app.task", main: str = "add.delay(1)") -> str:
    return (
        f"from celery import Celery\n\napp = {app}\n\n\n{task}\ndef add(x): ...\n\n\n"
        f"if __name__ == '__main__':\n    {main}\n"
    )


VALID = [
    Valid("a name", _script("Celery('shop')")),
    Valid("a name by its keyword", _script("Celery(main='shop', broker='x')")),
    Valid("perhaps a name", _script("Celery(**OPTIONS)")),
    Valid("a task with a name", _script("Celery()", "@app.task(name='add')")),
    Valid("run here", _script("Celery()", main="add(1)")),
    Valid("the worker is this script too", _script("Celery()", main="add.delay(1); app.start()")),
    Valid("another thing to do", _script("Celery()", main="print(add)")),
    Valid(
        "sent when imported as well",
        _script("Celery()", main="pass") + "\n\ndef later():\n    add.delay(1)\n",
    ),
    Valid(
        "another module's task",
        "from shop.other import add\n\nif __name__ == '__main__':\n    add.delay(1)\n",
        {"shop/__init__.py": "", "shop/other.py": _script("Celery()", main="pass")},
    ),
    Valid("a test", _script("Celery()"), path="tests/test_it.py"),
]
INVALID = [
    Invalid(
        _script("Celery()", main="«add.delay(1)»  # try it"),
        'task "tasks.add" is sent as "__main__.add" here, since its app has no name',
        _script('Celery("tasks")', main="add.delay(1)  # try it"),
        path="tasks.py",
    ),
    Invalid(
        _script("Celery(broker='redis://')", main="print(«add.delay(1)»)"),
        "__main__.add",
        _script("Celery(\"tasks\", broker='redis://')", main="print(add.delay(1))"),
        path="tasks.py",
    ),
    Invalid(
        _script("Celery(\n    broker='redis://',  # here\n)", main="«add.delay(1)»"),
        "__main__.add",
        _script("Celery(\"tasks\",\n    broker='redis://',  # here\n)", main="add.delay(1)"),
        path="tasks.py",
    ),
]
