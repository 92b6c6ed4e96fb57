from celeryls.rules.cases import Invalid, Valid

_OPTION = "acks_on_failure_or_timeout"
_OLD = f"from celery import shared_task\n\n@shared_task({_OPTION}=False)\ndef f(): ...\n"
_BOTH = _OLD.replace(f"{_OPTION}=False", "acks_on_failure=False, acks_on_timeout=False")

VALID = [
    Valid(
        "an older Celery is promised, too, which knows nothing else",
        _OLD,
        {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["celery>=5.6"]\n'},
    ),
    Valid("the new ones", _BOTH),
    Valid(
        "a decorator of one's own",
        """\
from celery import shared_task

def job(acks_on_failure_or_timeout, **options):
    return shared_task(**options)

@job(acks_on_failure_or_timeout=False)
def f(): ...
""",
    ),
]

INVALID = [
    Invalid(_OLD.replace(_OPTION, f"«{_OPTION}»"), "is deprecated", _BOTH),
    Invalid(
        _OLD.replace(_OPTION, f"«{_OPTION}»"),
        'task "shop.tasks.f"',
        _BOTH,
        {
            "shop/app.py": 'from celery import Celery\n\napp = Celery("shop")\n'
            "app.conf.task_acks_on_failure = True\n"
        },
    ),
    Invalid(
        """\
from celery import shared_task

@shared_task(
    acks_late=True,
    «acks_on_failure_or_timeout» = (False),  # try again
)
def f(): ...
""",
        "is deprecated",
        """\
from celery import shared_task

@shared_task(
    acks_late=True,
    acks_on_failure = (False),
    acks_on_timeout = (False),  # try again
)
def f(): ...
""",
    ),
    Invalid(
        _OLD.replace(_OPTION, f"acks_on_failure=False, «{_OPTION}»"),
        "is deprecated",
        None,
    ),
]
