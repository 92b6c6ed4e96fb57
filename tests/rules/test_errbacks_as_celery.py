"""What CEL406 says of error callbacks, asked of what Celery calls them with."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery

from celeryls.facts import extract
from celeryls.rules.arity import mismatch
from celeryls.rules.calls import Handed
from celeryls.rules.workflows.errback_signature import is_called
from celeryls.syntax.expr import UNKNOWN


@pytest.fixture
def app() -> Celery:
    app = Celery("x", broker="memory://", backend="cache+memory://", set_as_current=False)
    app.conf.task_always_eager = True
    return app


def _fail(app: Celery, signature: Any) -> None:
    """Have the backend do what it does when a task has failed."""
    request = SimpleNamespace(
        id="the-id", root_id=None, errbacks=[signature], delivery_info={"is_eager": True}
    )
    # What it logs or raises, by version, does not matter here: the function did not run.
    with suppress(TypeError):
        app.backend._call_task_errbacks(request, ValueError(), None)


FUNCTIONS: dict[str, tuple[Callable[..., Any], bool]] = {
    "full": (lambda request, exc, traceback: 3, False),
    "more": (lambda request, exc, traceback, order=None: 3, False),
    "short": (lambda request, exc: 2, False),
    "by id": (lambda task_id: 1, False),
    "nothing": (lambda: 0, False),
    "two": (lambda task_id, order: 2, False),
    "anything": (lambda *args, **kwargs: 3, False),
    "named": (lambda task_id, *, order=None: 1, False),
    "bound": (lambda self, request, exc, traceback: 4, True),
    "bound by id": (lambda self, task_id, order=None: 2, True),
}
GIVEN: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1,), {}),
    ((), {"order": 1}),
    ((1, 2), {}),
]


@pytest.mark.parametrize(("args", "kwargs"), GIVEN)
@pytest.mark.parametrize(("function", "bind"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_whether_an_error_callback_runs(
    app: Celery,
    function: Callable[..., Any],
    bind: bool,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    ran: list[Any] = []
    signature = inspect.signature(function)

    def callback(*given: Any, **named: Any) -> None:
        signature.bind(*given, **named)
        ran.append(given)

    callback.__signature__ = signature  # type: ignore[attr-defined]
    callback.__wrapped__ = function  # type: ignore[attr-defined]
    task = app.task(name="callback", bind=bind, shared=False)(callback)
    _fail(app, task.s(*args, **kwargs))

    text = f"@x\ndef f{signature}: ..."
    params = extract(text).interface.functions[0].params[bind:]
    handed = Handed((UNKNOWN,) * len(args), tuple(kwargs))
    called = False if bind else is_called(params, handed)
    if called is None or mismatch(params, handed, final=False) is not None:
        return
    full = Handed((UNKNOWN,) * (3 if called else 1) + handed.positional, handed.named)
    assert bool(ran) == (mismatch(params, full) is None)
