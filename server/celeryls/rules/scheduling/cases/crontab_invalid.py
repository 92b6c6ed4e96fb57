from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery.schedules import crontab\n\n"
_OLD = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["celery==5.4.*"]\n'}

VALID = [
    Valid(
        "every kind of value",
        _HEAD
        + "a = crontab()\nb = crontab(0, 4, 'sun', '1-7,15-21', '*/3')\n"
        + "c = crontab(minute='*/15', hour='8-17/2,20', day_of_week='mon-fri')\n"
        + "d = crontab(minute={0, 30}, hour=[1, 2], day_of_month=(31,), month_of_year='feb-mar')\n"
        + "e = crontab(minute='0', hour='22-2', day_of_week='sat-mon', nowfun=now, app=app)\n",
    ),
    Valid("a day of the longest February", _HEAD + "a = crontab(0, 0, '*', 29, 2)\n"),
    Valid(
        "another crontab",
        "import celery\nfrom crontab import crontab\n\na = crontab(second=5)\n",
    ),
    Valid(
        "one's own crontab",
        "import celery\n\ndef crontab(**fields): ...\n\na = crontab(second=5)\n",
    ),
    Valid(
        "either of two",
        "import celery\ntry:\n    from celery.schedules import crontab\n"
        "except ImportError:\n    from own import crontab\n\na = crontab(second=5)\n",
    ),
    Valid("computed", _HEAD + "a = crontab(hour=HOUR + 25, minute=range(60), **more)\n"),
    Valid(
        "set from outside",
        "import os\n" + _HEAD + "a = crontab(hour=os.environ.get('HOUR', 25))\n",
    ),
    Valid("a line", _HEAD + "a = crontab.from_string('0 4 1-7 jan-mar mon-fri')\n"),
    Valid("a line that is computed", _HEAD + "a = crontab.from_string(LINE)\n"),
    Valid("arguments that are not written out", _HEAD + "a = crontab(*fields, minute=0)\n"),
    Valid("what is ignored would change nothing", _HEAD + "a = crontab('*/5 * * * *')\n"),
    Valid(
        "a parameter of a function",
        _HEAD + "def every(hour=25):\n    return crontab(hour=hour)\n",
    ),
    Valid(
        "a test that it is refused",
        _HEAD + "def test_it():\n    with raises(ValueError):\n        crontab(hour=25)\n",
        path="shop/tests/test_it.py",
    ),
    Valid(
        "a date that never comes, before Celery 5.7",
        _HEAD + "a = crontab(0, 0, day_of_month=30, month_of_year=2)\n",
        _OLD,
    ),
]
INVALID = [
    Invalid(
        _HEAD + "a = crontab(minute=0, hour=«24»)\n",
        "crontab: hour is wrong, 24 is not from 0 to 23",
        None,
    ),
    Invalid(_HEAD + "a = crontab(minute=«'*/0'»)\n", '"0" is not a step', None),
    Invalid(_HEAD + "a = crontab(minute=«'5,'»)\n", "a part of it is empty", None),
    Invalid(_HEAD + "a = crontab(minute=«None», hour=1)\n", "not None", None),
    Invalid(_HEAD + "a = crontab(0, hour=«['1', '2']»)\n", "a list holds numbers", None),
    Invalid(_HEAD + "a = crontab(0, 1, «'moonday'»)\n", '"moonday" is not a number', None),
    Invalid(_HEAD + "a = crontab(0, 1, day_of_month=«0»)\n", "0 is not from 1 to 31", None),
    Invalid(
        _HEAD + "a = crontab(0, 4, day_of_week=«7»)\n",
        "day_of_week is wrong, 7 is not from 0 to 6",
        _HEAD + "a = crontab(0, 4, day_of_week=0)\n",
    ),
    Invalid(
        _HEAD + "a = crontab(0, 4, day_of_week=«'5-7'»)\n",
        "7 is not from 0 to 6",
        _HEAD + "a = crontab(0, 4, day_of_week='5-0')\n",
    ),
    Invalid(
        _HEAD + "a = crontab(0, 4, day_of_week=«'0-7'»)\n",
        "7 is not from 0 to 6",
        _HEAD + "a = crontab(0, 4, day_of_week='*')\n",
    ),
    Invalid(
        _HEAD + "a = crontab(0, 4, day_of_week=«[6, 7]»)\n",
        "7 is not from 0 to 6",
        _HEAD + "a = crontab(0, 4, day_of_week=[6, 0])\n",
    ),
    Invalid(
        _HEAD + "a = crontab.from_string('0 4 * * «1-7»')\n",
        "7 is not from 0 to 6",
        _HEAD + "a = crontab.from_string('0 4 * * 1-0')\n",
    ),
    Invalid(
        "from celery.schedules import crontab as at\n\na = at(minute=0, hour=«25»)\n",
        "25 is not from 0 to 23",
        None,
    ),
    Invalid(
        _HEAD + "a = crontab(minute=0, «second»=5)\n",
        'crontab has no field "second"',
        None,
    ),
    Invalid(
        _HEAD + "a = crontab(«'0 4 * * 1'»)\n",
        '"0 4 * * 1" is a whole line, but minute is one field',
        _HEAD + "a = crontab.from_string('0 4 * * 1')\n",
    ),
    Invalid(
        _HEAD + "a = crontab(«'*/5 3 * * *'»)\n",
        'Celery ignores "3 * * *"',
        _HEAD + "a = crontab.from_string('*/5 3 * * *')\n",
    ),
    Invalid(_HEAD + "a = crontab(«'0 4 * * 1'»)\n", "a whole line", None, _OLD),
    Invalid(_HEAD + "a = crontab.from_string(«'0 4 * *'»)\n", "this has 4", None),
    Invalid(_HEAD + "a = crontab(0, 0, 0, 1, 1, «1»)\n", "takes 5 arguments, but 6", None),
    Invalid(_HEAD + "a = crontab(0, «minute=5»)\n", '"minute" twice', None),
    Invalid(
        _HEAD + "a = crontab(0, 0, day_of_month=«'30,31'», month_of_year=2)\n",
        "none of these days is in any of these months",
        None,
    ),
    Invalid(
        _HEAD + "a = crontab(0, 0, month_of_year=«'jan'»)\n",
        '"jan" is not a number or a name; Celery knows months by name from 5.5 on',
        None,
        _OLD,
    ),
    Invalid(
        "import celery.schedules\n\nHOURS = 25\n\ndef plan():\n    hours = HOURS\n"
        "    return celery.schedules.crontab(minute=0, hour=«hours»)\n",
        "25 is not from 0 to 23",
        None,
    ),
]
