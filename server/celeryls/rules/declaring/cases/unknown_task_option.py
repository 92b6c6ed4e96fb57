from celeryls.rules.cases import Invalid, Valid

VALID = [
    Valid(
        "every kind of option",
        """\
from celery import shared_task

@shared_task(bind=True, queue="q", autoretry_for=(OSError,), retry_backoff=5,
             rate_limit="1/s", on_failure=print, throws=(KeyError,), pydantic=True,
             exchange_type="topic", shared=False, lazy=True, typing=False)
def f(self): ...
""",
    ),
    Valid(
        "an attribute that the task reads",
        """\
from celery import shared_task

@shared_task(bind=True, region="eu")
def f(self):
    return self.region
""",
    ),
    Valid(
        "an attribute that another file reads",
        "from celery import shared_task\n\n@shared_task(audited=True)\ndef f(): ...\n",
        {"shop/signals.py": "import celery\ndef on(sender): return sender.audited\n"},
    ),
    Valid(
        "an attribute that is read by name",
        "from celery import shared_task\n\n@shared_task(audited=True)\ndef f(): ...\n",
        {"shop/signals.py": 'import celery\ndef on(s): return getattr(s, "audited", None)\n'},
    ),
    Valid(
        "meant for a base of another package",
        """\
from celery import shared_task
from celery_once import QueueOnce

@shared_task(base=QueueOnce, once={"keys": ["x"]})
def f(x): ...
""",
    ),
    Valid(
        "an attribute of the base",
        """\
from celery import Task, shared_task

class Based(Task):
    max_retires = 1

@shared_task(base=Based, max_retires=3)
def f(x): ...
""",
    ),
    Valid(
        "an inner decorator may read it",
        "from celery import shared_task\n\n@shared_task(shard=1)\n@sharded\ndef f(): ...\n",
    ),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n@shared_task(«late_acks»=True)\ndef f(): ...\n",
        'the option is "acks_late"',
        "from celery import shared_task\n\n@shared_task(acks_late=True)\ndef f(): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«max_retires»=3)\ndef f(): ...\n",
        'the option is "max_retries"',
        "from celery import shared_task\n\n@shared_task(max_retries=3)\ndef f(): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«ignore_results» = True)\ndef f(): ...\n",
        'the option is "ignore_result"',
        "from celery import shared_task\n\n@shared_task(ignore_result = True)\ndef f(): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«task_track_started»=True)\ndef f(): ...\n",
        'the option is "track_started"',
        "from celery import shared_task\n\n@shared_task(track_started=True)\ndef f(): ...\n",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«interval_start»=300)\ndef f(): ...\n",
        "belongs to the retry_policy",
        "from celery import shared_task\n\n@shared_task(default_retry_delay=300)\ndef f(): ...\n",
    ),
    Invalid(
        """\
from celery import shared_task

@shared_task(
    bind=True,
    «interval_step»=20,  # more each time
    max_retries=3,
)
def f(self): ...
""",
        "belongs to the retry_policy",
        """\
from celery import shared_task

@shared_task(
    bind=True,
    max_retries=3,
)
def f(self): ...
""",
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«exponential_backoff»=5)\ndef f(): ...\n",
        "without any effect",
        "from celery import shared_task\n\n@shared_task()\ndef f(): ...\n",
    ),
]
