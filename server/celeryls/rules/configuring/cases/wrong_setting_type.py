from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"
_CONFIG = {
    "shop/__init__.py": "",
    "shop/celery.py": _APP + "app.config_from_object('shop.config', namespace='CELERY')\n",
}

VALID = [
    Valid("numbers", _APP + "app.conf.update(worker_concurrency=4, task_time_limit=60.5)\n"),
    Valid(
        "what Celery converts itself",
        _APP + "app.conf.worker_prefetch_multiplier = '1'\napp.conf.result_expires = '3600'\n",
    ),
    Valid("a flag that says true", _APP + "app.conf.task_acks_late = 'yes'\n"),
    Valid("None", _APP + "app.conf.task_time_limit = None\n"),
    Valid(
        "an interval",
        "from datetime import timedelta\n" + _APP + "app.conf.result_expires = timedelta(days=1)\n",
    ),
    Valid(
        "the environment",
        "import os\n"
        + _APP
        + "app.conf.worker_concurrency = int(os.environ.get('N', '4'))\n"
        + "app.conf.task_time_limit = os.environ.get('T', '4')\n",
    ),
    Valid("one module as a text", _APP + "app.conf.imports = 'shop.tasks'\n"),
    Valid("lists", _APP + "app.conf.accept_content = ('json',)\n"),
    Valid("settings that are texts", _APP + "app.conf.task_default_rate_limit = '10/m'\n"),
    Valid("a dict where a flag may be one", _APP + "app.conf.broker_use_ssl = {'x': '0'}\n"),
    Valid(
        "options of the transport",
        _APP + "app.conf.broker_transport_options = {'visibility_timeout': 3600, 'x': '3'}\n",
    ),
    Valid(
        "not a setting under this namespace",
        "WORKER_CONCURRENCY = '4'\n",
        _CONFIG,
        path="shop/config.py",
    ),
    Valid("a test", _APP + "app.conf.worker_concurrency = '4'\n", path="tests/test_it.py"),
    Valid("a template", _APP + "app.conf.result_expires = '{{ seconds }}'\n"),
    Valid("nothing", _APP + "app.conf.broker_pool_limit = ''\n"),
    Valid("for ever", _APP + "app.conf.result_backend_max_retries = 'inf'\n"),
]
INVALID = [
    Invalid(
        _APP + "app.conf.worker_concurrency = «'4'»  # four\n",
        '"worker_concurrency" is the text "4": it must be a number',
        _APP + "app.conf.worker_concurrency = 4  # four\n",
    ),
    Invalid(
        _APP + "app.conf.update(\n    task_time_limit=(\n        «'300'»  # seconds\n    ),\n)\n",
        "must be a number",
        _APP + "app.conf.update(\n    task_time_limit=(\n        300  # seconds\n    ),\n)\n",
    ),
    Invalid(
        "CELERY_WORKER_MAX_TASKS_PER_CHILD = «'1' '0'»\n",
        '"10"',
        None,
        _CONFIG,
        path="shop/config.py",
    ),
    Invalid(
        "N = '4'\n" + _APP + "app.conf['worker_concurrency'] = «N»\n", "must be a number", None
    ),
    Invalid(_APP + "app.conf.result_expires = «'1 day'»\n", "must be a number", None),
    Invalid(
        _APP + "app.conf.task_acks_late = «'False'»\n",
        "any text is true",
        _APP + "app.conf.task_acks_late = False\n",
    ),
    Invalid(
        _APP + "app.conf.accept_content = («'json'»)\n",
        "each of its characters",
        _APP + "app.conf.accept_content = (['json'])\n",
    ),
    Invalid(
        _APP + "app.conf.broker_transport_options = {\n"
        "    'visibility_timeout': «\"43200\"»,  # half a day\n}\n",
        '"visibility_timeout" is the text "43200"',
        _APP + "app.conf.broker_transport_options = {\n"
        "    'visibility_timeout': 43200,  # half a day\n}\n",
    ),
]
