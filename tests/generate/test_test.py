"""Tests of tasks that are added to projects, run by a real pytest."""

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from celeryls.forms.errors import AnswerError
from celeryls.forms.parameters import parse_parameters
from celeryls.forms.spec import STATUS, TaskSpec
from celeryls.generate.extras.test import add_test
from tests.generate.extras_projects import PLACES, add, run, with_task
from tests.generate.projects import SHOP
from tests.generate.scaffolds import findings
from tests.generate.test_tools import SELECTED
from tests.rules.harness import write

PARAMETERS = "product_id: int, since: datetime, tag: UUID, price: Decimal, note: str | None = None"


def pytest_says(root: Path, path: str = "") -> str:
    """What pytest says of a project's tests, started as people do it."""
    script = str(Path(sysconfig.get_path("scripts")) / "pytest")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CELERY", "PYTHON", "DJANGO"))}
    environment = {**kept, "PYTHONPATH": str(root / path)} if path else kept
    done = subprocess.run(
        [script, "-q", "-p", "no:cacheprovider"], cwd=root, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("returns", ["nothing", STATUS, "list[str] | None"])
def test_it_passes_at_once_and_tools_find_nothing(tmp_path: Path, kind: str, returns: str) -> None:
    spec = TaskSpec("sync", parameters=parse_parameters(PARAMETERS), returns=returns)
    path = with_task(tmp_path, kind, spec)
    _, notes = add(add_test, tmp_path, path, "sync")
    source_root = PLACES[kind][2]
    assert any("pythonpath" in note for note in notes) == bool(source_root)
    assert "2 passed" in pytest_says(tmp_path, source_root)
    select = f"--select={SELECTED}"
    run(tmp_path, "ruff", "check", "--no-cache", select, "--ignore=S101", "tests")
    run(tmp_path, "ruff", "format", "--no-cache", "--check", "--diff", "tests")
    assert findings(tmp_path) == []
    if kind != "django":
        # As `mypy_path = src` in a project's own settings.
        (tmp_path / "mypy.ini").write_text(f"[mypy]\nmypy_path = {source_root or '.'}\n")
        run(tmp_path, "mypy", "--strict", "--explicit-package-bases", "tests/test_tasks.py")


def test_it_joins_the_tests_that_there_are(tmp_path: Path) -> None:
    there = "from shop.tasks import first\n\n\ndef test_first():\n    assert first\n"
    write(tmp_path, {**SHOP, "tests/__init__.py": "", "tests/test_tasks.py": there})
    add(add_test, tmp_path, str(tmp_path / "shop/tasks.py"), "first")
    text = (tmp_path / "tests/test_tasks.py").read_text()
    assert "def test_first_2() -> None:" in text
    assert text.count("import first") == 1
    assert "3 passed" in pytest_says(tmp_path)


def test_a_plain_task_of_somebody_else(tmp_path: Path) -> None:
    tasks = (
        "from celery import shared_task\n\n\n@shared_task(bind=True)\n"
        "def first(self, order_id, name, /, size, *rest, late=None, **more):\n"
        "    assert (order_id, name, size) == (1, '...', 1)\n"
    )
    write(tmp_path, {**SHOP, "shop/tasks.py": tasks})
    _, notes = add(add_test, tmp_path, str(tmp_path / "shop/tasks.py"), "first")
    assert "2 passed" in pytest_says(tmp_path)
    assert 'Nothing says what first takes: the test passes order_id=1, name="...", size=1.' in notes


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("async def first():", "first is a coroutine, which Celery does not run"),
        ("def first(order: Order):", "A value for order: Order of first can't be made up"),
    ],
)
def test_what_can_not_be_is_refused(tmp_path: Path, head: str, message: str) -> None:
    tasks = f"from celery import shared_task\n\n\n@shared_task\n{head}\n    print()\n"
    write(tmp_path, {**SHOP, "shop/tasks.py": tasks})
    with pytest.raises(AnswerError) as error:
        add(add_test, tmp_path, str(tmp_path / "shop/tasks.py"), "first")
    assert error.value.message.startswith(message)
    assert not (tmp_path / "tests").exists()
