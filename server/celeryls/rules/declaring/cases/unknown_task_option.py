from celeryls.rules.cases import Invalid, Valid

_ATOMIC = "from celery import shared_task\nfrom django.db import transaction\n\n"
_CLASS = "from celery import Celery, Task\n\napp = Celery('shop')\n\n\nclass Slow(Task):\n"

_SPREAD = """\
from celery import shared_task

RETRY = {
    "autoretry_for": (OSError,),
    "retry_backoff": True,
}

@shared_task(**RETRY)
def f(): ...

@shared_task(**RETRY)
def g(): ...
"""

VALID = [
    Valid(
        "an option of one's own that is the key of something",
        "from celery import shared_task\n\n@shared_task(audited=True)\ndef f(): ...\n",
        {"shop/signals.py": "import celery\nSHOWN = {'audited': 'Audit'}\n"},
    ),
    Valid("attributes of a class", _CLASS + "    max_retries = 3\n    cache_of_pages = None\n"),
    Valid(
        "an attribute that something reads",
        _CLASS + "    max_retry = 3\n\n    def on_retry(self, *args):\n"
        "        log(self.max_retry)\n",
    ),
    Valid("a class that is no task", "import celery\n\n\nclass Job(Base):\n    max_retry = 3\n"),
    Valid(
        "an option that another decorator may know",
        "from celery import shared_task\n\n@shared_task(flag=3)\n@other\ndef f(): ...\n",
    ),
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
        "from celery import shared_task\nfrom shop.base import Based\n\n"
        "@shared_task(base=Based, max_retires=3)\ndef f(x): ...\n",
        files={
            "shop/base.py": "from celery import Task\nclass Based(Task):\n    max_retires = 1\n"
        },
    ),
    Valid(
        "an inner decorator may read it",
        "from celery import shared_task\n\n@shared_task(shard=1)\n@sharded\ndef f(): ...\n",
    ),
    Valid(
        "a constant that changes, or has a use of its own",
        """\
from celery import shared_task

A = {"retry_back_off": True}
A["retry_backoff"] = A.pop("retry_back_off")
B = {"max_retry": 3}
wait(B["max_retry"])
C = {"flag": 3}

@shared_task(**A)
def f(): ...

@shared_task(**B)
def g(): ...

@shared_task(**C)
def h(): ...

@shared_task(**known())
def i(): ...
""",
    ),
    Valid(
        "a call with an attribute of its own",
        "from celery import shared_task\n\ndef f(): ...\n\ntask = shared_task(flag=3)(f)\n"
        "other = shared_task(max_retry=3)(f)\nprint(other.max_retry)\n",
    ),
    Valid("a decorator of one's own", "import celery\n\nd = retrying(retry_kwarg={})\n"),
    Valid("another call", "def f(): ...\n\ntask = celery_like(max_retires=3)(f)\n"),
]

INVALID = [
    Invalid(
        "from celery import shared_task\n\n@shared_task(«queues»='slow')\ndef f(): ...\n",
        'the option is "queue"',
        "from celery import shared_task\n\n@shared_task(queue='slow')\ndef f(): ...\n",
        {"shop/views.py": "import celery\n\nSHOWN = {'queues': 3}\n"},
    ),
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
    Invalid(
        _CLASS + "    «max_retires» = 3\n",
        '"Slow": "max_retires" is not a task option and has no effect; the option is "max_retries"',
        _CLASS + "    max_retries = 3\n",
    ),
    Invalid(
        _CLASS + "    «time_limits»: int = 30\n\n    def run(self): ...\n",
        'the option is "time_limit"',
        _CLASS + "    time_limit: int = 30\n\n    def run(self): ...\n",
    ),
    Invalid(
        _ATOMIC + "@shared_task(«max_retires»=3)\n@transaction.atomic\ndef f(): ...\n",
        'the option is "max_retries"',
        _ATOMIC + "@shared_task(max_retries=3)\n@transaction.atomic\ndef f(): ...\n",
    ),
    Invalid(
        _SPREAD.replace("retry_backoff", "«retry_back_off»"),
        'task "shop.tasks.f": "retry_back_off" is not a task option',
        _SPREAD,
    ),
    Invalid(
        "from celery import shared_task\n\ndef f(): ...\n\n"
        "task = shared_task(«retry_kwarg»={})(f)\n",
        'the option is "retry_kwargs"',
        "from celery import shared_task\n\ndef f(): ...\n\n"
        "task = shared_task(retry_kwargs={})(f)\n",
    ),
    Invalid(
        "from celery import Celery\n\napp = Celery('shop')\n\ndef f(): ...\n\n"
        "task = app.task(f, «retry_kwarg»={})\n",
        'the option is "retry_kwargs"',
        "from celery import Celery\n\napp = Celery('shop')\n\ndef f(): ...\n\n"
        "task = app.task(f, retry_kwargs={})\n",
    ),
    Invalid(
        "from celery import shared_task\n\nretrying = shared_task(«retry_kwarg»={})\n\n"
        "@retrying\ndef f(): ...\n",
        'the option is "retry_kwargs"',
        "from celery import shared_task\n\nretrying = shared_task(retry_kwargs={})\n\n"
        "@retrying\ndef f(): ...\n",
    ),
]
