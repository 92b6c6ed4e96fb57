"""What CEL4xx say of workflows, asked of Celery by applying them."""

from pathlib import Path
from typing import Any

import pytest
from celery import Celery, _state, chain, chord, group

from celeryls.text import apply_edits
from tests.rules.harness import check


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(_state, "_on_app_finalizers", set(_state._on_app_finalizers))
    before = _state._tls.current_app, _state.default_app
    app = Celery("flows", broker="memory://", backend="cache+memory://")
    yield app
    _state._tls.current_app, _state.default_app = before


@pytest.fixture
def fetch(app: Celery) -> Any:
    @app.task(name="flows.fetch", shared=False)
    def fetch(url: str) -> str:
        return url

    return fetch


@pytest.fixture
def clean_up(app: Celery) -> Any:
    @app.task(name="flows.clean_up", shared=False)
    def clean_up() -> str:
        return "done"

    return clean_up


def test_cel401_the_next_step_gets_the_result(fetch: Any, clean_up: Any) -> None:
    failed = chain(fetch.s("/"), clean_up.s()).apply()
    assert isinstance(failed.result, TypeError)
    assert chain(fetch.s("/"), clean_up.si()).apply().get() == "done"
    assert chain(fetch.s("/"), fetch.s()).apply().get() == "/"


RESULTS = {
    "a chain": lambda f: chain(f.delay("/"), f.s()).delay(),
    "a group": lambda f: group([f.delay("/"), f.delay("/")]).delay(),
    "a chord": lambda f: chord([f.delay("/")])(f.s()),
    "link": lambda f: f.apply_async(("/",), link=f.delay("/")),
    "link_error": lambda f: f.apply_async(("/",), link_error=f.delay("/")),
    "a call in a chain": lambda f: chain(f("/"), f.s()).delay(),
    "a call in a group": lambda f: group(f("/"), f.s("/")).delay(),
    "tasks in a chain": lambda f: chain(f.s("/"), f).delay(),
    "tasks in a group": lambda f: group(f, f).delay(),
    "a task as the body of a chord": lambda f: chord([f.s("/")])(f),
    "a task as link": lambda f: f.apply_async(("/",), link=f),
    "a task as link_error": lambda f: f.apply_async(("/",), link_error=f),
}


@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_cel402_a_result_is_no_step(fetch: Any, make: Any) -> None:
    with pytest.raises(Exception) as caught:
        make(fetch)
    assert type(caught.value).__name__ in ("TypeError", "AttributeError", "EncodeError")


def test_cel405_a_signature_alone_sends_nothing(
    app: Celery, fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(app.amqp, "send_task_message", lambda *a, **k: sent.append(a))
    fetch.s("/")
    chain(fetch.s("/"), fetch.s())
    fetch.delay  # noqa: B018
    assert sent == []
    fetch.s("/").delay()
    assert len(sent) == 1


@pytest.mark.parametrize("kind", ["group", "chain"])
def test_cel407_beat_keeps_the_name_and_loses_the_steps(app: Celery, fetch: Any, kind: str) -> None:
    made = {"group": group, "chain": chain}[kind](fetch.s("/a"), fetch.s())
    app.add_periodic_task(30, made)
    (entry,) = app.conf.beat_schedule.values()
    assert (entry["task"], entry["args"]) == (f"celery.{kind}", ())


SCHEDULED = {
    "at the top": "app.add_periodic_task(30, group(f.s(1), f.s(2)), name='x')\n",
    "by a handler": (
        "@app.on_after_finalize.connect\ndef setup(sender, **kwargs):\n"
        "    sender.add_periodic_task(\n        30,\n        group(\n            f.s(1),\n"
        "            f.s(2),\n        ),\n        name='x',\n    )\n"
    ),
    "a chain": "app.add_periodic_task(30, chain(f.s(1), f.si(2)), name='x')\n",
    "a chord": "app.add_periodic_task(30, chord([f.s(1)], f.si(2)), name='x')\n",
}


@pytest.mark.parametrize("scheduled", SCHEDULED.values(), ids=SCHEDULED)
def test_cel407_what_the_fix_schedules_sends_the_workflow(
    app: Celery, scheduled: str, tmp_path: Path
) -> None:
    text = (
        "from celery import Celery, chain, chord, group\n\n"
        "app = Celery('shop', set_as_current=False)\n"
        "app.conf.update(task_always_eager=True, result_backend='cache+memory://')\n\n\n"
        "@app.task(shared=False)\ndef f(x):\n    ran.append(x)\n\n\n" + scheduled
    )
    (found,) = check(tmp_path, {"shop/tasks.py": text}, "shop/tasks.py", "CEL407")
    (edits,) = found.finding.fixes[0].edits.values()
    made: dict[str, Any] = {"__name__": "shop.tasks", "ran": []}
    exec(apply_edits(text, edits), made)
    made["app"].finalize()
    entry = made["app"].conf.beat_schedule["x"]
    made["app"].tasks[entry["task"]].delay(*entry["args"], **entry["kwargs"])
    assert made["ran"] == [1, 2]
