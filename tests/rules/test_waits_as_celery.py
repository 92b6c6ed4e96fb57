"""What the fixes of CEL317 write, run by a worker."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import _state
from celery.contrib.testing.worker import start_worker
from celery.exceptions import Ignore

from celeryls.text import apply_edits
from tests.rules.harness import check

_TASKS = """\
from celery import Celery

app = Celery("waits", broker="memory://", backend="cache+memory://", set_as_current=False)

@app.task(shared=False)
def fetch(url, *, times=1):
    return url * times

@app.task(shared=False)
def store(page, place=""):
    app.stored.append((page, place))

"""
_RETURNED = "    return fetch.delay(url, times=2).get()\n"


@pytest.fixture(autouse=True)
def _app_of_others(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(_state, "_on_app_finalizers", set(_state._on_app_finalizers))
    before = _state._tls.current_app, _state.default_app
    yield
    _state._tls.current_app, _state.default_app = before


def _made(text: str) -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": "shop.tasks"}
    exec(text, made)
    made["app"].stored = []
    made["app"].conf.task_default_queue = "waits"  # that of others holds what they sent
    # A worker takes over the logging of its process, which other tests need.
    made["app"].log.setup = lambda *args, **kwargs: None
    return made


def _fixed(folder: Path, *functions: str) -> dict[str, Any]:
    """The names of a module with these tasks, each of which is mended."""
    text = _TASKS + "\n".join(functions)
    found = check(folder, {"shop/tasks.py": text}, "shop/tasks.py", "CEL317")
    assert len(found) == len(functions)
    fixes = [item.finding.fixes[0].edits for item in found]
    return _made(apply_edits(text, [edit for fix in fixes for edit in next(iter(fix.values()))]))


def _worker(app: Any) -> Any:
    return start_worker(app, perform_ping_check=False, pool="threads", loglevel="CRITICAL")


SENT_ON = (
    "    store.delay(fetch.delay(url).get(), 'x')\n",
    "    store.delay(fetch.apply_async((url,), countdown=0).get(), place='x')\n",
    "    page = fetch.delay(url).get(timeout=5)\n    store.delay(page, 'x')\n",
)
OPTIONS = ("", ", autoretry_for=(Exception,)")


def test_the_next_task_gets_the_result(tmp_path: Path) -> None:
    head = "@app.task(shared=False)\ndef refresh{}(url):\n"
    made = _fixed(tmp_path, *(head.format(at) + body for at, body in enumerate(SENT_ON)))
    with _worker(made["app"]):
        for at in range(len(SENT_ON)):
            made[f"refresh{at}"].delay(f"page{at}")
        deadline = time.monotonic() + 20
        while len(made["app"].stored) < len(SENT_ON) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert sorted(made["app"].stored) == [(f"page{at}", "x") for at in range(len(SENT_ON))]


def test_the_result_of_the_other_is_that_of_the_task(tmp_path: Path) -> None:
    head = "@app.task(bind=True, shared=False{})\ndef refresh{}(self, url):\n"
    bodies = (head.format(options, at) + _RETURNED for at, options in enumerate(OPTIONS))
    made = _fixed(tmp_path, *bodies)
    with _worker(made["app"]):
        for at in range(len(OPTIONS)):
            task = made[f"refresh{at}"]
            assert task.delay("ab").get(timeout=20) == "abab"
            chain = task.s("ab") | made["fetch"].s(times=2)
            assert chain.delay().get(timeout=20) == "abababab"


def test_replace_raises_which_a_try_would_catch(tmp_path: Path) -> None:
    """So there is no fix in one."""
    head = "@app.task(bind=True, shared=False)\ndef refresh(self, url):\n    try:\n    "
    caught = "    except Exception:\n        return None\n"
    text = _TASKS + head + _RETURNED + caught
    (found,) = check(tmp_path, {"shop/tasks.py": text}, "shop/tasks.py", "CEL317")
    assert found.finding.fixes == ()
    made = _made(text)
    with pytest.raises(Ignore):
        made["refresh"].on_replace(made["fetch"].s("ab"))
    assert issubclass(Ignore, Exception)
