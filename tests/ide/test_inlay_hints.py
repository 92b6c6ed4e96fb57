"""Inlay hints, shown in the source between « and »."""

from pathlib import Path

import pytest

from celeryls.ide.inlay_hints import inlay_hints
from celeryls.text import Span, apply_edits
from tests.project.reading import project

HEAD = "from celery import Celery, shared_task\n\napp = Celery('shop')\n\n\n"


def shown(root: Path, code: str, **more: str) -> str:
    """The code with its hints."""
    text = HEAD + code
    files = {"shop/__init__.py": "", "shop/tasks.py": text}
    files |= {name.replace("__", "/") + ".py": other for name, other in more.items()}
    read = project(root, files)
    for hint in reversed(inlay_hints(read, str(root / "shop/tasks.py"))):
        text = f"{text[: hint.offset]}«{hint.label}»{text[hint.offset :]}"
    return text.removeprefix(HEAD)


# Code with the hints that it must have; without the marks it is the source.
NAMES = {
    "bare": '@shared_task«(name="shop.tasks.charge")»\ndef charge(): ...\n',
    "called": '@shared_task(«name="shop.tasks.charge"»)\ndef charge(): ...\n',
    "of an app": '@app.task«(name="shop.tasks.charge")»\ndef charge(): ...\n',
    "with options": '@shared_task(«name="shop.tasks.charge", »bind=True)\ndef charge(self): ...\n',
    "over lines": '@shared_task(«name="shop.tasks.charge",»\n    bind=True,\n)\n'
    "def charge(self): ...\n",
    "after a comment": '@shared_task(«name="shop.tasks.charge",»  # all of it\n    bind=True,\n)\n'
    "def charge(self): ...\n",
    "explicit": '@shared_task(name="charge")\ndef charge(): ...\n',
    "perhaps explicit": "from os import environ\nOPTIONS = dict(environ)\n\n\n"
    "@shared_task(**OPTIONS)\ndef charge(): ...\n",
    "no task": "def charge(): ...\n",
    "not in ascii": '"🛒"\n@shared_task«(name="shop.tasks.zahlé")»\ndef zahlé(): ...\n',
}
DURATIONS = {
    "limits": '@shared_task(name="charge", time_limit=3600«1 h», soft_time_limit=3000«50 min»)\n'
    "def charge(): ...\n",
    "nothing to say": '@shared_task(name="charge", time_limit=119, expires=60)\n'
    "def charge(): ...\n",
    "a constant": 'LIMIT = 60 * 60\n@shared_task(name="charge", time_limit=LIMIT«1 h»)\n'
    "def charge(): ...\n",
    "countdown": "def f(task):\n    task.apply_async(countdown=3600«1 h», expires=86400«1 d»)\n",
    "short": "def f(task):\n    task.apply_async(countdown=10, expires=119.5)\n",
    "from two minutes on": "def f(task):\n    task.apply_async(countdown=120«2 min»)\n",
    "uneven": "def f(task):\n    task.apply_async(countdown=93784«1 d 2 h 3 min 4 s»)\n",
    "a fraction": "def f(task):\n    task.apply_async(countdown=150.5«150.5 s»)\n",
    "computed": "def f(task, later):\n    task.apply_async(countdown=later, expires=later * 60)\n",
    "a parameter hides it": "later = 3600\ndef f(task, later):\n"
    "    task.apply_async(countdown=later)\n",
    "a timedelta says it": "from datetime import timedelta\ndef f(task):\n"
    "    task.apply_async(countdown=timedelta(days=1))\n",
    "not a time": "def f(task):\n    task.apply_async(priority=3600)\n"
    "    task.delay(countdown=3600)\n",
    "a retry": '@shared_task(name="charge", bind=True)\ndef charge(self):\n'
    "    self.retry(countdown=10 * 60«10 min»)\n",
    "a retry after what is computed": '@shared_task(name="charge", bind=True)\ndef charge(self):\n'
    "    self.retry(countdown=60 * self.request.retries)\n",
    "an entry": 'app.conf.beat_schedule = {"x": {"task": "y", "schedule": 3600.0«1 h»}}\n',
    "a periodic task": "def f(sender, task):\n"
    "    sender.add_periodic_task(1800«30 min», task.s())\n",
    "endless": "def f(task):\n    task.apply_async(countdown=1e999, expires=10**30)\n",
}
SETTINGS = {
    "on the app": "app.conf.task_time_limit = 3600«1 h»\napp.conf.result_expires = 10\n",
    "updated": "app.conf.update(result_expires=7 * 86400«7 d», timezone='UTC')\n",
    "another setting": "app.conf.worker_max_memory_per_child = 12000\n",
    "on something else": "settings.task_time_limit = 3600\n",
}
_CRONTAB = "from celery.schedules import crontab as c\n"
CRONTABS = {
    "daily": _CRONTAB + "x = c(hour=3, minute=0)«every day at 03:00»\n",
    "by name": "import celery\nx = celery.schedules.crontab(0, 3)«every day at 03:00»\n",
    "in an entry": _CRONTAB + 'app.conf.beat_schedule = {"x": {"task": "y", '
    '"schedule": c(minute="*/15")«every 15 minutes by the clock»}}\n',
    "of a line": _CRONTAB + 'x = c.from_string("0 3 * * 1")«every Monday at 03:00»\n',
    "of a constant": _CRONTAB + "HOUR = 3\nx = c(hour=HOUR, minute=0)«every day at 03:00»\n",
    "computed": _CRONTAB + "x = c(hour=now(), minute=0)\n",
    "of a parameter": _CRONTAB + "HOUR = 3\ndef f(HOUR): c(hour=HOUR, minute=0)\n",
    "spread": _CRONTAB + "x = c(*y)\nx = c(**y)\n",
    "refused": _CRONTAB + "x = c(hour=99)\nx = c(1, 2, 3, 4, 5, 6)\n",
    "another": "from shop import crontab\nx = crontab(hour=3, minute=0)\n",
}
RETRIES = {
    "by backoff": "autoretry_for=(OSError,), retry_backoff=60, retry_jitter=False)"
    "«retries: 60 s, 120 s, 240 s»",
    "with jitter": "autoretry_for=(OSError,), retry_backoff=True)«retries: up to 1 s, 2 s, 4 s»",
    "capped": "autoretry_for=(OSError,), retry_backoff=60, retry_jitter=False, "
    "retry_backoff_max=100)«retries: 60 s, 100 s, 100 s»",
    "capped by default": "autoretry_for=(OSError,), retry_backoff=100, retry_jitter=False, "
    "max_retries=10)«retries: 100 s, 200 s, 400 s, … 600 s (10 times)»",
    "always capped": "autoretry_for=(OSError,), retry_backoff=900, retry_jitter=False)"
    "«retries: 3 times, 10 min apart»",
    "evenly": "autoretry_for=(OSError,), default_retry_delay=30)«retries: 3 times, 30 s apart»",
    "once": "autoretry_for=(OSError,), max_retries=1)«retries: 180 s»",
    "hours": "autoretry_for=(OSError,), retry_backoff=1800, retry_jitter=False, "
    "retry_backoff_max=86400«1 d»)«retries: 30 min, 1 h, 2 h»",
    "for ever": "autoretry_for=(OSError,), max_retries=None)«retries: for ever, 3 min apart»",
    "for ever and growing": "autoretry_for=(OSError,), retry_backoff=2, retry_jitter=False, "
    "max_retries=None)«retries: 2 s, 4 s, 8 s, 16 s, … for ever»",
    "kwargs": "autoretry_for=(OSError,), retry_kwargs={'max_retries': 2, 'countdown': 7})"
    "«retries: 2 times, 7 s apart»",
    "never": "autoretry_for=(OSError,), max_retries=0)",
    "not by itself": "max_retries=3)",
    "unknown exceptions": "autoretry_for=what(), retry_backoff=60)",
    "unknown backoff": "autoretry_for=(OSError,), retry_backoff=what())",
    "unknown number": "autoretry_for=(OSError,), max_retries=what())",
    "unknown jitter": "autoretry_for=(OSError,), retry_backoff=2, retry_jitter=what())",
    "unknown kwargs": "autoretry_for=(OSError,), retry_kwargs=what())",
    "at a set time": "autoretry_for=(OSError,), retry_kwargs={'eta': None, 'countdown': what()})",
    "nothing about it": "bind=True)",
}


def _source(marked: str) -> str:
    parts = marked.split("«")
    return parts[0] + "".join(part.partition("»")[2] for part in parts[1:])


@pytest.mark.parametrize("case", NAMES)
def test_the_automatic_name(tmp_path: Path, case: str) -> None:
    assert shown(tmp_path, _source(NAMES[case])) == NAMES[case]


@pytest.mark.parametrize("case", DURATIONS)
def test_durations_in_words(tmp_path: Path, case: str) -> None:
    assert shown(tmp_path, _source(DURATIONS[case])) == DURATIONS[case]


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_in_words(tmp_path: Path, case: str) -> None:
    assert shown(tmp_path, _source(SETTINGS[case])) == SETTINGS[case]


@pytest.mark.parametrize("case", CRONTABS)
def test_crontabs_in_words(tmp_path: Path, case: str) -> None:
    assert shown(tmp_path, _source(CRONTABS[case])) == CRONTABS[case]


@pytest.mark.parametrize("case", RETRIES)
def test_the_retry_schedule(tmp_path: Path, case: str) -> None:
    code = f'@shared_task(name="charge", {RETRIES[case]}\ndef charge(self): ...\n'
    assert shown(tmp_path, _source(code)) == code


_MANUAL = '@shared_task(name="charge", bind=True, max_retries=2, default_retry_delay=60){}\n'
MANUAL = {
    "self.retry()": "«retries: 2 times, 60 s apart»",
    "raise self.retry(exc=error)": "«retries: 2 times, 60 s apart»",
    "self.retry((), {}, None, True)": "«retries: 2 times, 60 s apart»",
    "self.retry((), {}, None, True, when)": "",
    "self.retry(*given)": "",
    "self.retry(**given)": "",
    "self.retry(countdown=5)": "",
    "self.retry(eta=when)": "",
    "self.retry(max_retries=9)": "",
    "self.retry() or self.retry(countdown=5)": "",
    "again(self)": "",
    "other.retry()": "",
}


@pytest.mark.parametrize("call", MANUAL)
def test_the_schedule_of_retries_that_code_asks_for(tmp_path: Path, call: str) -> None:
    code = f"{_MANUAL.format(MANUAL[call])}def charge(self):\n    {call}\n"
    assert shown(tmp_path, _source(code)) == code


def test_a_wrapper_of_the_project_gets_the_name_too(tmp_path: Path) -> None:
    jobs = "from celery import shared_task\n\n\ndef job(f):\n    return shared_task(f)\n"
    code = 'from shop.jobs import job\n\n\n@job«(name="shop.tasks.charge")»\ndef charge(): ...\n'
    assert shown(tmp_path, _source(code), shop__jobs=jobs) == code


@pytest.mark.parametrize("case", NAMES)
def test_the_name_can_be_written_into_the_source(tmp_path: Path, case: str) -> None:
    text = HEAD + _source(NAMES[case])
    files = {"shop/__init__.py": "", "shop/tasks.py": text}
    read, path = project(tmp_path, files), str(tmp_path / "shop/tasks.py")
    (before,) = read.tasks() if case != "no task" else (None,)
    for hint in inlay_hints(read, path):
        after = read.with_text(path, apply_edits(text, hint.edits))
        (task,) = after.tasks()
        assert before is not None
        assert (task.name, "name" in task.options) == (before.name, True)
        assert not [hint for hint in inlay_hints(after, path) if "name" in hint.label]


def test_only_a_part_of_the_file(tmp_path: Path) -> None:
    code = "@shared_task\ndef a(): ...\n\n\n@shared_task\ndef b(): ...\n"
    read = project(tmp_path, {"tasks.py": HEAD + code})
    path, start = str(tmp_path / "tasks.py"), len(HEAD)
    first = inlay_hints(read, path, Span(start, start + 20))
    assert [hint.label for hint in first] == ['(name="tasks.a")']
    assert len(inlay_hints(read, path)) == 2


@pytest.mark.parametrize("end", range(0, 60, 3))
def test_a_half_typed_line_breaks_nothing(tmp_path: Path, end: int) -> None:
    line = "@shared_task(bind=True, time_limit=3600)\ndef b(): ...\n"
    code = "@shared_task\ndef a(): ...\n\n\n" + line[:end]
    read = project(tmp_path, {"tasks.py": HEAD + code})
    labels = [hint.label for hint in inlay_hints(read, str(tmp_path / "tasks.py"))]
    assert labels[0] == '(name="tasks.a")'
