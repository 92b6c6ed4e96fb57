"""What hovers say of options and settings: in source with a cursor («), out what a person reads."""

from pathlib import Path

import pytest

from tests.ide.hovering import HEAD, at, token

OPTIONS = {
    "of a task": (
        "@shared_task(acks«_late=True)\ndef f(): ...\n",
        "acks_late",
        "```python\nacks_late: bool = False\n```\n\n"
        "Acknowledges the message after the task has run and not before: a worker that dies does "
        "not lose it, and it may run twice.\n\n"
        "- in force on `shop.more.f`: `True` where it is declared\n"
        "- default for all tasks: the setting `task_acks_late`\n\n"
        "[Celery’s documentation](https://docs.celeryq.dev/en/stable/userguide/tasks.html"
        "#Task.acks_late)",
    ),
    "of a bound task": (
        "@app.task(bi«nd=True)\ndef f(self): ...\n",
        "bind",
        "```python\nbind: bool\n```",
    ),
    "of a base class": (
        "from celery import Task\n\n\nclass Base(Task):\n    abstract = True\n"
        "    time_«limit = 5\n",
        "time_limit",
        "```python\ntime_limit: float | None = None\n```\n\n"
        "Seconds after which the process that runs the task is killed.\n\n"
        "- default for all tasks: the setting `task_time_limit`\n\n[",
    ),
    "of a class": (
        "from celery import Task\n\n\nclass Pay(Task):\n    time_«limit: int = 5\n"
        "    def run(self): ...\n\n\napp.register_task(Pay())\n",
        "time_limit",
        "- in force on `shop.more.Pay`: `5`",
    ),
    "of a signature": (
        "charge.signature((1,), que«ue='q')\n",
        "queue",
        "The queue that the message is sent to.",
    ),
    "in annotations": (
        "app.conf.task_annotations = {'*': {'rate_«limit': '1/s'}}\n",
        "rate_limit",
        "How many of this task each worker begins, such as 10/m; not how many all workers together "
        "do.\n\n- default for all tasks: the setting `task_default_rate_limit`",
    ),
    "in routes": (
        "app.conf.task_routes = {'shop.*': {'qu«eue': 'q'}}\n",
        "queue",
        "The queue that the message is sent to.",
    ),
    "in a schedule": (
        "S = {'a': {'task': 'x', 'schedule': 5, 'options': {'expi«res': 5}}}\n",
        "expires",
        "after which a worker does not run the task any more.",
    ),
    "that is computed": (
        "@app.task(max_«retries=n())\ndef f(self): ...\n",
        "max_retries",
        "```python\nmax_retries: int | None = 3\n```\n\nHow often the task is tried again before "
        "it fails for good; None for ever.\n\n"
        "- in force on `shop.more.f`: not known from source\n\n[Celery’s",
    ),
    "deprecated": (
        "@app.task(qu«eue='q')\ndef f(): ...\n",
        "queue",
        "- deprecated since Celery 5.7\n",
    ),
    "new": ("@app.task(pydan«tic=True)\ndef f(): ...\n", "pydantic", "- since Celery 5.5\n"),
    "of a call": (
        "charge.apply_async((1,), count«down=10)\n",
        "countdown",
        "```python\ncountdown: float\n```\n\nSeconds from now until the task runs, at the earliest."
        "\n\n[Celery’s documentation](https://docs.celeryq.dev/en/stable/userguide/calling.html"
        "#eta-and-countdown)",
    ),
    "of a call by name": (
        "app.send_task('other', que«ue='q')\n",
        "queue",
        "The queue that the message is sent to.",
    ),
    "of a retry": (
        "@app.task(bind=True)\ndef f(self):\n    raise self.retry(count«down=5)\n",
        "countdown",
        "Seconds from now until the task runs, at the earliest.",
    ),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_an_option(tmp_path: Path, case: str) -> None:
    code, name, expected = OPTIONS[case]
    found = at(tmp_path, HEAD + code)
    assert token(found, HEAD + code) == name
    assert found is not None
    assert expected in found.markdown


LATE = "```python\ntask_acks_late: bool = False\n```\n\nAcknowledges messages after their task"
SETTINGS = {
    "on the app": ("app.conf.task_acks«_late = True\n", "task_acks_late"),
    "read": ("if app.conf.task_acks«_late: ...\n", "task_acks_late"),
    "an item": ("app.conf['task«_acks_late'] = True\n", "task_acks_late"),
    "got": ("app.conf.get('task«_acks_late')\n", "task_acks_late"),
    "updated": ("app.conf.update(task«_acks_late=True)\n", "task_acks_late"),
    "updated by a dict": ("app.conf.update({'task«_acks_late': True})\n", "task_acks_late"),
    "by its old name": ("app.conf.CELERY_ACKS«_LATE = True\n", "CELERY_ACKS_LATE"),
    "in a dict": (
        "S = {'task_ack«s_late': True}\napp.config_from_object(S)\n",
        "task_acks_late",
    ),
    "in a class": (
        "class S:\n    task_ack«s_late = True\n\n\napp.config_from_object(S)\n",
        "task_acks_late",
    ),
    "given to the app": (
        "from celery import Celery\nother = Celery('x', task_acks«_late=True)\n",
        "task_acks_late",
    ),
    "in a function": ("def f():\n    app.conf.task_acks«_late = True\n", "task_acks_late"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_setting(tmp_path: Path, case: str) -> None:
    code, name = SETTINGS[case]
    found = at(tmp_path, HEAD + code)
    assert token(found, HEAD + code) == name
    assert found is not None
    assert found.markdown.startswith(LATE)
    assert found.markdown.endswith("userguide/configuration.html#task-acks-late)")


def test_what_is_in_force_is_said(tmp_path: Path) -> None:
    found = at(tmp_path, HEAD + "app.conf.task_acks«_late = True\n")
    assert found is not None
    assert "- in force on app `app`: `True`\n- old name: `CELERY_ACKS_LATE`\n" in found.markdown


SECRETS = {
    "broker_url": "'redis://me:s3cret@host/0'",
    "result_backend": "'redis://:s3cret@host/0'",
    "broker_read_url": "['redis://:s3cret@host/0']",
    "broker_write_url": f"'redis://me:s3cret{'x' * 200}@host/0'",
    "redis_password": "'s3cret'",
    "s3_secret_access_key": "'s3cret'",
    "broker_transport_options": "{'sentinel_kwargs': {'password': 's3cret'}}",
}


@pytest.mark.parametrize("key", SECRETS)
def test_secrets_are_not_shown_beside_the_source(tmp_path: Path, key: str) -> None:
    found = at(tmp_path, f"{HEAD}app.conf.«{key} = {SECRETS[key]}\n", shop__celery=APP_ONLY)
    assert found is not None
    assert f"{key}: " in found.markdown
    assert "s3cret" not in found.markdown + found.plain


def test_an_at_sign_in_a_password_is_no_end(tmp_path: Path) -> None:
    code = HEAD + "app.conf.«broker_url = 'redis://me:a@s3cret@host/0'\n"
    found = at(tmp_path, code, shop__celery=APP_ONLY)
    assert found is not None
    assert "s3cret" not in found.markdown


def test_the_rest_of_an_address_is(tmp_path: Path) -> None:
    code = HEAD + f"app.conf.«broker_url = {SECRETS['broker_url']}\n"
    found = at(tmp_path, code, shop__celery=APP_ONLY)
    assert found is not None
    assert '- in force on app `app`: `"redis://me:…@host/0"`' in found.markdown


APP_ONLY = "from celery import Celery\napp = Celery('shop')\n"
DJANGO = (
    "import os\nfrom celery import Celery\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    "app = Celery('shop')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n"
)


def test_a_setting_of_django(tmp_path: Path) -> None:
    marked = "DEBUG = True\nCELERY_TASK«_ACKS_LATE = True\n"
    found = at(tmp_path, marked, "shop/settings.py", shop__celery=DJANGO)
    assert token(found, marked) == "CELERY_TASK_ACKS_LATE"
    assert found is not None
    assert found.markdown.startswith(LATE)


def test_a_setting_of_a_module(tmp_path: Path) -> None:
    app = "from celery import Celery\napp = Celery()\napp.config_from_object('shop.config')\n"
    found = at(tmp_path, "task_acks«_late = True\n", "shop/config.py", shop__celery=app)
    assert found is not None
    assert found.markdown.startswith(LATE)
