"""What CEL7xx say of tasks' names, asked of Celery itself."""

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from celery import Celery

from celeryls.text import apply_edits
from tests.celery_version import VERSION
from tests.rules.harness import check, write

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


def test_a_class_is_sent_without_being_registered() -> None:
    app = Celery("x", broker="memory://", set_as_current=False)

    class Charge(app.Task):  # type: ignore[name-defined, misc]
        def run(self) -> None: ...

    charge = Charge()
    charge.name = "tests.charge"
    assert charge.delay().id
    assert charge.name not in app.tasks
    app.register_task(charge)
    assert charge.name in app.tasks


def _script(folder: Path, name: str, text: str) -> subprocess.CompletedProcess[str]:
    (folder / name).write_text(text, "utf-8")
    command = [sys.executable, name]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_module_that_is_called_celery_hides_celery(tmp_path: Path) -> None:
    done = _script(tmp_path, "celery.py", "from celery import Celery\napp = Celery('shop')\n")
    assert "ImportError" in done.stderr


@pytest.mark.parametrize(("main", "name"), [("", "__main__.add"), ("'tasks'", "tasks.add")])
def test_a_script_names_its_tasks_by_the_app(main: str, name: str, tmp_path: Path) -> None:
    text = (
        "from celery import Celery\n"
        f"app = Celery({main})\n"
        "@app.task\n"
        "def add(): ...\n"
        "print(add.name)\n"
    )
    assert _script(tmp_path, "tasks.py", text).stdout.strip() == name


def test_a_task_in_a_function_is_known_once_the_function_runs() -> None:
    app = Celery("x", broker="memory://", set_as_current=False)

    def view() -> None:
        @app.task(shared=False)
        def work() -> None: ...

        work.delay()

    assert f"{__name__}.work" not in app.tasks
    view()
    assert f"{__name__}.work" in app.tasks


_NAMELESS = """\
from celery import Celery, shared_task

app = Celery()


@shared_task
def first(): ...


class Orders:
    @staticmethod
    @app.task(bind=True)
    def clean(self): ...


print(sorted(name for name in app.tasks if not name.startswith("celery.")))
"""


def test_a_name_that_is_pinned_is_the_one_it_had(tmp_path: Path) -> None:
    write(tmp_path, {"shop/__init__.py": "", "shop/tasks.py": _NAMELESS})
    command = [sys.executable, "-c", "import shop.tasks"]
    before = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    text = _NAMELESS
    while found := check(tmp_path, {"shop/tasks.py": text}, "shop/tasks.py", "CEL704"):
        (edits,) = found[0].finding.fixes[0].edits.values()
        text = apply_edits(text, edits)
    assert text.count("name=") == 2
    after = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert after.stdout == before.stdout
    assert "shop.tasks.clean" in after.stdout


def test_after_the_fix_a_task_is_sent_by_the_name_that_a_worker_knows(tmp_path: Path) -> None:
    view = "from tasks import send\n\ndef pay():\n    send.delay(1)\n"
    app = "from celery import Celery\n\napp = Celery('shop', include=['shop.tasks'])\n"
    files = {
        "shop/__init__.py": "",
        "shop/celery_app.py": app,
        "shop/tasks.py": "from celery import shared_task\n\n@shared_task\ndef send(x): ...\n",
    }

    def sent(text: str) -> str:
        write(tmp_path, {**files, "shop/views.py": text})
        code = (
            "import sys; sys.path.append('shop')\n"
            "from shop.celery_app import app; from shop.views import send\n"
            "app.loader.import_default_modules()\n"
            "print(send.name, 'shop.tasks.send' in app.tasks)\n"
        )
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    (found,) = check(tmp_path, {**files, "shop/views.py": view}, "shop/views.py", "CEL705")
    (edits,) = found.finding.fixes[0].edits.values()
    assert sent(view) == "tasks.send True\n"
    assert sent(apply_edits(view, edits)) == "shop.tasks.send True\n"
