"""Converted functions as Celery and their callers see them."""

import importlib
import itertools
import sys
from dataclasses import replace

import pytest
from celery import Celery
from celery.exceptions import Retry

from tests.refactor.converting import SHOP, SHOP_APP, converted
from tests.rules.harness import check

NUMBERS = itertools.count()
SHOP_FILE = '''\
"""Orders."""

from functools import wraps

SEEN = []


def seen(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        SEEN.append(function.__name__)
        return function(*args, **kwargs)

    return wrapper


@seen
def sync(shop: str, /, *extra: int, limit: int = 100, **rest: object) -> list[object]:
    """Fetch the orders of a shop."""
    return [shop, extra, limit, rest]


def factorial(n=3):
    return n * factorial(n - 1) if n else 1


def fetch(url, broken=ConnectionError):
    raise broken(url)


def everything():
    return sync("a", 1, limit=2), factorial(), list(map(factorial, [1, 2]))
'''


@pytest.fixture
def app():
    app = Celery("shop", broker="memory://", set_as_current=True)
    app.conf.result_backend = "cache+memory://"
    yield app
    app.close()


@pytest.fixture
def load(app, tmp_path, monkeypatch):
    """Convert functions of a file, one after the other, and import what comes of it."""
    # Shared tasks outlive their app, so every module needs a name of its own.
    package = f"shop_{next(NUMBERS)}"
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "celery_app.py").write_text(f"from celery import Celery\napp = Celery({package!r})\n")
    monkeypatch.syspath_prepend(tmp_path)
    modules = (f"tasks_{number}" for number in itertools.count())

    def loaded(text, *functions, conventions=SHOP):
        module = next(modules)
        if conventions.app_module:
            conventions = replace(conventions, app_module=f"{package}.celery_app")
        conventions = replace(conventions, module=f"{package}.{module}")
        for function in functions:
            text, _ = converted(text.replace(f"def {function}", f"def │{function}"), conventions)
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(f"{package}.{module}")

    yield loaded
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def run(task, *args, retries=0):
    """Run as a worker does, after so many retries."""
    task.push_request(args=args, kwargs={}, retries=retries, id="some-id", called_directly=False)
    try:
        return task.run(*args)
    finally:
        task.pop_request()


def test_it_is_registered_under_the_promised_name(app, load):
    module = load(SHOP_FILE, "sync")
    name = f"{module.__name__}.sync"
    assert module.sync.name == name
    assert app.tasks[name].run.__wrapped__.__doc__ == "Fetch the orders of a shop."
    assert not isinstance(type(app.tasks[name]).__dict__["run"], staticmethod)


def test_the_options_are_in_force(app, load):
    task = app.tasks[load(SHOP_FILE, "fetch").fetch.name]
    assert (task.acks_late, task.max_retries) == (True, 3)
    assert (task.soft_time_limit, task.time_limit) == (300, 360)
    assert task.autoretry_for == (ConnectionError, TimeoutError)
    assert (task.retry_backoff, task.retry_jitter) == (60, True)


def test_it_is_declared_on_the_project_s_app(load):
    module = load(SHOP_FILE, "sync", conventions=SHOP_APP)
    assert module.app.tasks[f"{module.__name__}.sync"] == module.sync


def test_callers_need_not_change(load):
    before = load(SHOP_FILE)
    after = load(SHOP_FILE, "sync", "factorial", "fetch")
    assert after.everything() == before.everything()
    assert after.SEEN == before.SEEN == ["sync"]
    with pytest.raises(ZeroDivisionError):
        after.fetch("x", broken=ZeroDivisionError)
    with pytest.raises(ConnectionError, match="x"):
        after.fetch("x")


def test_a_worker_gives_the_same_result(app, load):
    module = load(SHOP_FILE, "sync", "factorial")
    assert module.sync.apply(("a", 1), {"limit": 2, "x": 3}).get() == ["a", (1,), 2, {"x": 3}]
    assert module.factorial.apply().get() == 6


def test_connection_errors_are_retried_three_times_and_bugs_are_not(app, load):
    task = app.tasks[load(SHOP_FILE, "fetch").fetch.name]
    for retries in range(3):
        with pytest.raises(Retry) as caught:
            run(task, "x", retries=retries)
        assert 0 <= caught.value.when <= 60 * 2**retries
    with pytest.raises(ConnectionError, match="x"):
        run(task, "x", retries=3)
    with pytest.raises(ValueError, match="x"):
        run(task, "x", ValueError)


def test_the_linter_has_nothing_to_say(tmp_path):
    text, _ = converted(SHOP_FILE)
    assert check(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": text}, "shop/tasks.py") == ()
