from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery.schedules import crontab\n\n"

VALID = [
    Valid(
        "a minute", _HEAD + "a = crontab(minute=30, hour=3)\nb = crontab(hour=3, minute='*/5')\n"
    ),
    Valid("a minute by its place", _HEAD + "a = crontab(0, hour=3)\nb = crontab('0', '3')\n"),
    Valid("every minute, in so many words", _HEAD + "a = crontab(minute='*', hour=3)\n"),
    Valid("every minute of every hour", _HEAD + "a = crontab()\nb = crontab(hour='*')\n"),
    Valid("nothing is chosen", _HEAD + "a = crontab(hour='*', day_of_week='*/1', app=app)\n"),
    Valid("a minute that may be among others", _HEAD + "a = crontab(hour=3, **fields)\n"),
    Valid("a minute that may come first", _HEAD + "a = crontab(*fields, hour=3)\n"),
    Valid("an hour that may be any", _HEAD + "a = crontab(hour=settings.HOUR)\n"),
    Valid(
        "a span of time",
        _HEAD + "a = crontab(hour='9-17')\nb = crontab(hour='8-18', day_of_week='mon-fri')\n",
    ),
    Valid("a line has all fields", _HEAD + "a = crontab.from_string('* 3 * * *')\n"),
    Valid(
        "a test compares it",
        _HEAD + "def test_it():\n    assert parse('* 3 * * *') == crontab(hour=3)\n",
        path="shop/tests/test_parse.py",
    ),
    Valid("another crontab", "import celery\nfrom cron import crontab\n\na = crontab(hour=3)\n"),
]
INVALID = [
    Invalid(
        _HEAD + "a = «crontab(hour=3)»\n",
        "crontab: hour without a minute: it runs every minute of that",
        _HEAD + "a = crontab(minute=0, hour=3)\n",
    ),
    Invalid(
        _HEAD + "a = «crontab(hour='*/2', day_of_week='mon-fri')»\n",
        "hour without a minute",
        _HEAD + "a = crontab(minute=0, hour='*/2', day_of_week='mon-fri')\n",
    ),
    Invalid(
        _HEAD + "a = «crontab(\n    day_of_month=1,  # the first\n)»\n",
        "day_of_month without a minute",
        _HEAD + "a = crontab(\n    minute=0, hour=0, day_of_month=1,  # the first\n)\n",
    ),
    Invalid(
        "import celery.schedules as schedules\n\nHOUR = 3\n"
        "plan = {'schedule': «schedules.crontab(day_of_week=[0], hour=HOUR)»}\n",
        "hour and day_of_week without a minute",
        "import celery.schedules as schedules\n\nHOUR = 3\n"
        "plan = {'schedule': schedules.crontab(minute=0, day_of_week=[0], hour=HOUR)}\n",
    ),
]
