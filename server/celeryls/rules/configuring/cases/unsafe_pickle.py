from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"

VALID = [
    Valid("JSON", _APP + "app.conf.update(accept_content=['json'], task_serializer='json')\n"),
    Valid("signed", _APP + "app.conf.update(accept_content=['auth'], task_serializer='auth')\n"),
    Valid("computed", _APP + "app.conf.accept_content = contents()\n"),
    Valid("another setting", _APP + "app.conf.shop_serializer_task = 'pickle'\n"),
    Valid("no app", "import celery\nserver.conf.task_serializer = 'pickle'\n"),
    Valid("a test", _APP + "app.conf.task_serializer = 'pickle'\n", path="tests/test_it.py"),
    Valid(
        "an argument of the task",
        _APP + "@app.task\ndef f(serializer): ...\nf.delay(serializer='pickle')\n"
        "f.s(serializer='pickle')\n",
    ),
    Valid("another serializer", _APP + "@app.task(serializer='json')\ndef f(): ...\npickle = 1\n"),
]

INVALID = [
    Invalid(
        _APP + "app.conf.accept_content = «['json', 'pickle']»\n",
        '"accept_content" has pickle',
        _APP + "app.conf.accept_content = ['json']\n",
    ),
    Invalid(
        _APP + "app.conf.update(result_accept_content=«('pickle', 'json')»)\n",
        "has pickle",
        _APP + "app.conf.update(result_accept_content=('json',))\n",
    ),
    Invalid(
        _APP + "app.conf.CELERY_ACCEPT_CONTENT = «{'application/x-python-serialize'}»\n",
        "has pickle",
        _APP + 'app.conf.CELERY_ACCEPT_CONTENT = {"json"}\n',
    ),
    Invalid(
        _APP + "app.conf.task_serializer = «'pickle'»  # fast\n",
        "to read it is to run what it says",
        _APP + "app.conf.task_serializer = 'json'  # fast\n",
    ),
    Invalid(
        _APP + "KIND = 'pickle'\napp.conf.update(result_serializer=«KIND»)\n",
        '"result_serializer" is pickle',
        None,
    ),
    Invalid(
        _APP + "@app.task(serializer=«'pickle'»)\ndef f(): ...\n",
        '"serializer" is pickle',
        _APP + "@app.task(serializer='json')\ndef f(): ...\n",
    ),
    Invalid(
        _APP + "@app.task\ndef f(serializer): ...\nf.apply_async((1,), serializer=«'pickle'»)\n",
        '"serializer" is pickle',
        _APP + "@app.task\ndef f(serializer): ...\nf.apply_async((1,), serializer='json')\n",
    ),
]
