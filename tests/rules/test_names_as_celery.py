"""What CEL7xx say of tasks' names, asked of Celery itself."""

import subprocess
import sys
import warnings

from celery import Celery

from tests.celery_version import VERSION

NAME = "tests.two_of_one_name"


def test_of_two_tasks_of_one_name_one_stays() -> None:
    app = Celery("x", set_as_current=False)

    @app.task(name=NAME, shared=False)
    def first() -> int:
        return 1

    @app.task(name=NAME, shared=False)
    def second() -> int:
        return 2

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app.finalize()
    assert first() == second()
    # Shared tasks of other tests are announced as well.
    ours = [item.category.__name__ for item in caught if NAME in str(item.message)]
    assert ours == (["DuplicateTaskNameWarning"] if VERSION >= (5, 7) else [])


def test_classes_don_t_tell_tasks_apart() -> None:
    app = Celery("x", set_as_current=False)

    class Orders:
        @app.task(shared=False)
        def clean() -> None: ...  # type: ignore[misc]

    assert Orders.clean.name == f"{__name__}.clean"


def test_without_an_app_a_shared_task_goes_to_the_default_broker() -> None:
    code = (
        "from celery import shared_task\n"
        "@shared_task\n"
        "def send(): ...\n"
        "print(send.app.connection_for_write().as_uri())"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.startswith("amqp://guest:**@localhost")
