from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n"
_TASK = _HEAD + "@shared_task{}\ndef f(): ...\n"
_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _requires(toml: str, **files: str) -> dict[str, str]:
    return {"celeryls.toml": f"[require]\n{toml}\n", **files}


_QUEUE = _requires('"shop/" = { queue = "mail" }')

VALID = [
    Valid("nothing is required", _TASK.format("")),
    Valid("it is there", _TASK.format('(queue="mail")'), _QUEUE),
    Valid(
        "it is routed there",
        _TASK.format(""),
        {**_QUEUE, "app.py": _APP + 'app.conf.task_routes = {"shop.*": {"queue": "mail"}}\n'},
    ),
    Valid("elsewhere", _TASK.format(""), _requires('"stock/" = { queue = "mail" }')),
    Valid(
        "it is set",
        _TASK.format(""),
        {
            **_requires('"*.py" = { acks_late = true }'),
            "app.py": _APP + "app.conf.task_acks_late = True\n",
        },
    ),
    Valid("computed", _TASK.format("(queue=name())"), _QUEUE),
    Valid("spread", _TASK.format("(**OPTIONS)"), _QUEUE),
    Valid(
        "the last pattern counts",
        _TASK.format("(max_retries=5)"),
        _requires('"shop/" = { max_retries = 3 }\n"shop/tasks.py" = { max_retries = 5 }'),
    ),
]
INVALID = [
    Invalid(
        _TASK.format("").replace(" f(", " «f»("),
        'task "shop.tasks.f": the project requires queue="mail" here, and it is None by default',
        _TASK.format('(queue="mail")'),
        _QUEUE,
    ),
    Invalid(
        _TASK.format('(queue="post", max_retries=3)').replace(" f(", " «f»("),
        'requires queue="mail" here, and it is "post"',
        _TASK.format('(queue="mail", max_retries=3)'),
        _QUEUE,
    ),
    Invalid(
        _TASK.format("").replace(" f(", " «f»("),
        "requires acks_late=True here, and it is False by default",
        _TASK.format("(acks_late=True)"),
        _requires('"**/tasks.py" = { acks_late = true }'),
    ),
]
