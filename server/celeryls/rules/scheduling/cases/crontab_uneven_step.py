from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery.schedules import crontab\n\n"

VALID = [
    Valid(
        "steps that fit",
        _HEAD + "a = crontab(minute='*/15')\nb = crontab(0, '*/6')\nc = crontab('*/30', '*/24')\n"
        "d = crontab(0, 0, '*', 1, '*/3')\ne = crontab(minute='*/1')\n",
    ),
    Valid("once an hour", _HEAD + "a = crontab(minute='*/60')\n"),
    Valid("days have no step that fits", _HEAD + "a = crontab(0, 0, '*/2', '*/10')\n"),
    Valid("one hour only", _HEAD + "a = crontab(minute='*/45', hour=3)\n"),
    Valid("one day only", _HEAD + "a = crontab(0, hour='*/5', day_of_week=1)\n"),
    Valid("an hour that is not known", _HEAD + "a = crontab(minute='*/45', hour=HOUR)\n"),
    Valid("hours that may follow", _HEAD + "a = crontab(minute='*/45', **more)\n"),
    Valid("a range with a step", _HEAD + "a = crontab(minute='0-59/7')\n"),
    Valid("more than a step", _HEAD + "a = crontab(minute='*/45,50')\n"),
    Valid("no step at all", _HEAD + "a = crontab(minute=45)\nb = crontab(minute='0,45')\n"),
    Valid("another crontab", "import celery\nfrom cron import crontab\n\na = crontab('*/45')\n"),
    Valid("a step of nothing", _HEAD + "a = crontab(minute='*/0')\n"),
]
INVALID = [
    Invalid(
        _HEAD + "a = crontab(minute=«'*/45'»)\n",
        'minute "*/45" begins anew with every hour (0, 45), so the last step is 15, not 45',
        None,
    ),
    Invalid(_HEAD + "a = crontab(«'*/120'»)\n", 'minute "*/120" runs once every hour', None),
    Invalid(
        _HEAD + "a = crontab(minute=0, hour=«'*/5'»)\n",
        "every day (0, 5, …, 20), so the last step is 4, not 5",
        None,
    ),
    Invalid(_HEAD + "a = crontab(0, 0, '*', 1, «'*/5'»)\n", "every year (1, 6, 11)", None),
    Invalid(_HEAD + "a = crontab.from_string('«*/7» * * * *')\n", "(0, 7, …, 56)", None),
]
