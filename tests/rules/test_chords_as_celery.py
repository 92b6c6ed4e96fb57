"""What CEL403 and CEL404 say of chords, asked of a worker with each kind of backend."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, _state, chord
from celery.contrib.testing.worker import start_worker

from celeryls.rules.workflows.chord_of_ignored_results import WAITS_FOREVER
from celeryls.rules.workflows.chord_unsupported_backend import WITHOUT_CHORDS


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    monkeypatch.setattr(_state, "_on_app_finalizers", set(_state._on_app_finalizers))
    before = _state._tls.current_app, _state.default_app
    app = Celery("chords", broker="memory://", set_as_current=False)
    app.conf.result_chord_retry_interval = 0.1
    # A worker takes over the logging of its process, which other tests need.
    monkeypatch.setattr(app.log, "setup", lambda *args, **kwargs: None)
    yield app
    _state._tls.current_app, _state.default_app = before


def _bodies(app: Celery, ignored: bool) -> list[Any]:
    """What the body of a chord got, with a header of a task that ignores its result or not."""
    got: list[Any] = []

    @app.task(name="chords.resize", ignore_result=ignored, shared=False)
    def resize(image: int) -> int:
        return image

    @app.task(name="chords.publish", shared=False)
    def publish(results: Any) -> None:
        got.append(results)

    with start_worker(app, perform_ping_check=False, pool="threads", loglevel="CRITICAL"):
        chord([resize.s(1), resize.s(2)])(publish.s())
        deadline = time.monotonic() + (3 if ignored else 20)
        while not got and time.monotonic() < deadline:
            time.sleep(0.05)
    return got


@pytest.mark.parametrize("kind", ["cache", "file"])
@pytest.mark.parametrize("ignored", [True, False])
def test_cel403_the_body_waits_for_ignored_results(
    app: Celery, tmp_path: Path, kind: str, ignored: bool
) -> None:
    assert kind in WAITS_FOREVER
    app.conf.result_backend = {"cache": "cache+memory://", "file": f"file://{tmp_path}"}[kind]
    assert _bodies(app, ignored) == ([] if ignored else [[1, 2]])


@pytest.mark.parametrize("kind", ["rpc", "disabled"])
def test_cel404_a_chord_can_not_be_started(app: Celery, kind: str) -> None:
    assert kind in WITHOUT_CHORDS
    app.conf.result_backend = f"{kind}://"
    with pytest.raises(NotImplementedError):
        _bodies(app, ignored=False)
