from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import Celery\napp = Celery('x')\n@app.task\ndef poll(): ...\n"


def _code(more: str = "", task: str = "'shop.tasks.poll'", head: str = _HEAD) -> str:
    return f"{head}app.conf.beat_schedule = {{'a': {{'task': {task}, 'schedule': 30{more}}}}}\n"


def _scheduled(schedule: str, imports: str = "", more: str = "") -> str:
    entry = f"{{'task': «'shop.tasks.poll'», 'schedule': {schedule}{more}}}"
    return f"{imports}{_HEAD}app.conf.beat_schedule = {{'a': {entry}}}\n"


def _gets(schedule: str, seconds: str | None, imports: str = "") -> Invalid:
    """An entry with such a schedule, and what its `expires` is then."""
    fixed = None
    if seconds is not None:
        more = f", 'options': {{'expires': {seconds}}}"
        fixed = _scheduled(schedule, imports, more).replace("«", "").replace("»", "")
    return Invalid(_scheduled(schedule, imports), "may pile up", fixed)


_CRONTAB = "from celery.schedules import crontab\n"
_SCHEDULE = "from celery.schedules import schedule\n"
_TIMEDELTA = "from datetime import timedelta\n"
_ROWS = """\
app.conf.beat_schedule = {
    "a": {
        "task": «"shop.tasks.poll"»,  # it asks, {often}
        "schedule": 60.0  # seconds (a minute)
        # nothing else
    },
}
"""
_ROWS_FIXED = """\
app.conf.beat_schedule = {
    "a": {
        "task": "shop.tasks.poll",  # it asks, {often}
        "schedule": 60.0,  # seconds (a minute)
        "options": {"expires": 60.0},
        # nothing else
    },
}
"""
_OPTIONS = """\
app.conf.beat_schedule["a"] = {
    "task": «"shop.tasks.poll"»,
    "options": {
        "queue": "slow",  # it takes long
    },
    "schedule": 60,
}
"""

VALID = [
    Valid("expires", _code(", 'options': {'expires': 25}")),
    Valid("options that are not known", _code(", 'options': OPTIONS")),
    Valid("options with more", _code(", 'options': {'queue': 'a', **OPTIONS}")),
    Valid("options with a key that is not known", _code(", 'options': {KEY: 25}")),
    Valid("more keys", _code(", **MORE")),
    Valid(
        "more keys of a call",
        _HEAD
        + "app.conf.beat_schedule = {'a': dict(task='shop.tasks.poll', schedule=30, **MORE)}\n",
    ),
    Valid("a task that is not known", _code(task="'other.tasks.poll'")),
    Valid("the task's own", _code(head=_HEAD.replace("@app.task", "@app.task(expires=25)"))),
    Valid("perhaps the task's own", _code(head=_HEAD.replace("@app.task", "@app.task(**OPTIONS)"))),
    Valid("a test", _code(), path="shop/tests/test_it.py"),
]
INVALID = [
    _gets("30", "30"),
    _gets("0.5", "0.5"),
    _gets("60 * 5", "60 * 5"),
    _gets("(60 * 5)", "60 * 5"),
    _gets("(n := 30)", "30"),
    _gets("EVERY", "EVERY", "EVERY = 30\n"),
    _gets("EVERY", None, "from x import EVERY\n"),
    _gets("EVERY", "90", _TIMEDELTA + "EVERY = timedelta(minutes=1.5)\n"),
    _gets("timedelta(1, seconds=1)", "86401", _TIMEDELTA),
    _gets("timedelta(milliseconds=1500)", "1.5", _TIMEDELTA),
    _gets("timedelta(hours=n)", None, _TIMEDELTA),
    _gets("timedelta(0)", None, _TIMEDELTA),
    _gets("schedule(timedelta(minutes=1))", "60", _SCHEDULE + _TIMEDELTA),
    _gets("schedule(run_every=20, relative=True)", "20", _SCHEDULE),
    _gets("0", None),
    _gets("1e999", None),
    _gets("crontab()", "60", _CRONTAB),
    _gets("crontab(minute='*/15')", "900", _CRONTAB),
    _gets("crontab(minute='5,35')", "1800", _CRONTAB),
    _gets("crontab(minute='0,5')", None, _CRONTAB),
    _gets("crontab(minute='*/7')", None, _CRONTAB),
    _gets("crontab(minute=0)", "3600", _CRONTAB),
    _gets("crontab(minute=0, hour='*/6')", "21600", _CRONTAB),
    _gets("crontab(minute=0, hour='9,17')", None, _CRONTAB),
    _gets("crontab(minute=30, hour=3)", "86400", _CRONTAB),
    _gets("crontab(minute=30, hour=3, day_of_week='sun')", "604800", _CRONTAB),
    _gets("crontab(minute=30, hour='3,15', day_of_week='sun')", None, _CRONTAB),
    _gets("crontab(minute=30, hour=3, day_of_week='mon-fri')", None, _CRONTAB),
    _gets("crontab(minute=30, hour=3, day_of_month=1)", None, _CRONTAB),
    _gets("crontab(minute=30, hour=3, month_of_year=1)", None, _CRONTAB),
    _gets("crontab.from_string('0 3 * * *')", "86400", _CRONTAB),
    _gets("crontab(**WHEN)", None, _CRONTAB),
    _gets("NIGHTLY", None, _CRONTAB + "NIGHTLY = crontab(minute=0, hour=3)\n"),
    Invalid(
        _code(", 'options': {'queue': 'a'}", "«'shop.tasks.poll'»"),
        "may pile up",
        _code(", 'options': {'queue': 'a', 'expires': 30}"),
    ),
    Invalid(
        _code(", 'options': {}", "«'shop.tasks.poll'»"),
        "may pile up",
        _code(", 'options': {'expires': 30}"),
    ),
    Invalid(
        _code(", 'options': None", "«'shop.tasks.poll'»"),
        "may pile up",
        _code(", 'options': {'expires': 30}"),
    ),
    Invalid(
        _code(", 'options': dict(queue='a')", "«'shop.tasks.poll'»"),
        "may pile up",
        _code(", 'options': dict(queue='a', expires=30)"),
    ),
    Invalid(
        _code(", 'options': MINE", "«'shop.tasks.poll'»", _HEAD + "MINE = {'queue': 'a'}\n"),
        "may pile up",
        None,
    ),
    Invalid(_code(", 'options': {'countdown': 60}", "«'shop.tasks.poll'»"), "may pile up", None),
    Invalid(
        _code(task="«poll.name»"),
        "may pile up",
        _code(", 'options': {'expires': 30}", "poll.name"),
    ),
    Invalid(_HEAD + _ROWS, "may pile up", _HEAD + _ROWS_FIXED),
    Invalid(
        (_HEAD + _ROWS).replace("\n", "\r\n"),
        "may pile up",
        (_HEAD + _ROWS_FIXED).replace("\n", "\r\n"),
    ),
    Invalid(
        _HEAD + _OPTIONS,
        "may pile up",
        (_HEAD + _OPTIONS)
        .replace("«", "")
        .replace("»", "")
        .replace("# it takes long\n", '# it takes long\n        "expires": 60,\n'),
    ),
    Invalid(
        _HEAD + "app.conf.beat_schedule = {'a': dict(task=«'shop.tasks.poll'», schedule=30)}\n",
        "may pile up",
        _HEAD + "app.conf.beat_schedule = "
        "{'a': dict(task='shop.tasks.poll', schedule=30, options={'expires': 30})}\n",
    ),
]
