"""What CEL4xx say of workflows, asked of Celery by applying them."""

from typing import Any

import pytest
from celery import Celery, _state, chain, chord, group


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
