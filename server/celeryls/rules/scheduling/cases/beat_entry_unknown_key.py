from celeryls.rules.cases import Invalid, Valid

_HEAD = "import celery\n\n"
_GOOD = "'b': {'task': 'x', 'schedule': 60}"

VALID = [
    Valid(
        "every key there is",
        _HEAD + "S = {'a': {'name': 'a', 'task': 'x', 'schedule': 60, 'args': (), 'kwargs': {},\n"
        "    'options': {'expires': 10, 'queue': 'q', 'headers': {}}, 'relative': True,\n"
        "    'last_run_at': None, 'total_run_count': 0}}\n",
    ),
    Valid(
        "keys of other schedulers",
        _HEAD + "S = {'a': {'task': 'x', 'schedule': 60, 'enabled': True, 'expires': None,\n"
        "    'description': 'x', 'one_off': True, 'queue': 'q', 'start_time': None}}\n",
    ),
    Valid("a key that is close to none", _HEAD + "S = {'task': 'x', 'schedule': 60, 'owner': 1}\n"),
    Valid(
        "a row of a table of schedules",
        _HEAD + "S = {'schedule_id': row.id, 'task': row.task, 'schedule': row.schedule,\n"
        "    'args_json': row.args, 'task_name': row.name}\n",
    ),
    Valid(
        "a property of the message",
        _HEAD + "S = {'task': 'x', 'schedule': 60, 'options': {'MessageGroupId': 'a'}}\n",
    ),
    Valid("options elsewhere", _HEAD + "S = {'task': 'x', 'schedule': 60, 'options': OPTIONS}\n"),
    Valid("a key that is no text", _HEAD + "S = {'task': 'x', 'schedule': 60, KEY: 1, 5: 2}\n"),
    Valid("another scheduler", _HEAD + "S = {'task': 'x', 'schedule': '@daily', 'arg': 1}\n"),
    Valid(
        "a test that it is refused",
        _HEAD + "S = {'task': 'x', 'schedule': 60, 'arg': 1}\n",
        path="shop/tests/test_it.py",
    ),
    Valid("no entry", _HEAD + "S = {'a': {'task': 'x', 'schedul': 60}}\n"),
    Valid(
        "no entry, beside one",
        _HEAD + "S = {" + _GOOD + ", 'c': {'tasks': []}, 'd': {}, 'e': 5, **more}\n",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "S = {'a': {'task': 'x', '«schedul»': 60}, " + _GOOD + "}\n",
        'a schedule entry has no "schedul", but "schedule"',
        _HEAD + "S = {'a': {'task': 'x', 'schedule': 60}, " + _GOOD + "}\n",
    ),
    Invalid(
        _HEAD + 'S = {"a": {"«taks»": "x", "schedule": 60}, ' + _GOOD + "}\n",
        'has no "taks", but "task"',
        _HEAD + 'S = {"a": {"task": "x", "schedule": 60}, ' + _GOOD + "}\n",
    ),
    Invalid(
        _HEAD + "S = {'a': dict(task='x', schedule=60, «kwarg»={})}\n",
        'has no "kwarg", but "kwargs"',
        _HEAD + "S = {'a': dict(task='x', schedule=60, kwargs={})}\n",
    ),
    Invalid(
        _HEAD + "conf['a'] = {'task': 'x', 'schedule': 60, '«arg»': (), 'args': (1,)}\n",
        'has no "arg", but "args"',
        None,
    ),
    Invalid(
        _HEAD + "S = {'task': 'x', 'schedule': 60, 'options': {'queue': 'q', '«expire»': 10}}\n",
        '"expire" is not an option and has no effect; the option is "expires"',
        _HEAD + "S = {'task': 'x', 'schedule': 60, 'options': {'queue': 'q', 'expires': 10}}\n",
    ),
]
