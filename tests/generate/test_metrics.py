"""Metrics of tasks, added to projects, and scraped from a real worker."""

import itertools
import os
import re
import socket
import urllib.request
from pathlib import Path

import pytest

from celeryls.forms.spec import TaskSpec
from celeryls.generate.extras.metrics import add_metrics
from tests.generate.extras_projects import PLACES, add, run, with_task
from tests.generate.scaffolds import findings, python, worker
from tests.generate.test_tools import SELECTED
from tests.worker.running import wait_for

LENGTHS = (79, 88, 120)
MODULES = {
    "plain": "metrics.py",
    "package": "shop/metrics.py",
    "django": "mysite/metrics.py",
    "flask": "shop/metrics.py",
    "fastapi": "src/shop/metrics.py",
}


@pytest.mark.parametrize(
    ("kind", "length"), list(zip(PLACES, itertools.cycle(LENGTHS), strict=False))
)
@pytest.mark.parametrize("quotes", ["double", "single"])
def test_ruff_mypy_and_our_rules_find_nothing(
    tmp_path: Path, kind: str, length: int, quotes: str
) -> None:
    settings = (
        f"\n[tool.ruff]\nline-length = {length}\n[tool.ruff.format]\nquote-style = '{quotes}'\n"
        f"[tool.ruff.lint.flake8-quotes]\ninline-quotes = '{quotes}'\n"
    )
    path = with_task(tmp_path, kind, TaskSpec("first"), settings)
    changes, _ = add(add_metrics, tmp_path, path, "first")
    module = MODULES[kind]
    assert str(tmp_path / module) in [change.path for change in changes if change.is_new]
    run(tmp_path, "ruff", "check", "--no-cache", f"--select={SELECTED}", "--ignore=INP001", module)
    run(tmp_path, "ruff", "format", "--no-cache", "--check", "--diff", module)
    assert findings(tmp_path) == []
    root = tmp_path / PLACES[kind][2]
    inside = os.path.relpath(tmp_path / module, root)
    run(root, "mypy", "--strict", "--python-version=3.10", "--follow-imports=silent", inside)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def scraped(port: int) -> dict[str, float]:
    """The samples that a worker serves, by name and labels; empty while it serves none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    found = re.findall(r"^(celery_\w+)\{(.*?)\} (\S+)$", text, re.M)
    return {f"{name} {labels}": float(value) for name, labels, value in found}


BODIES = """

from celery import shared_task


@shared_task(bind=True, max_retries=2)
def again(self, number):
    if self.request.retries < number:
        raise self.retry(countdown=0)
    time.sleep(0.2)


@shared_task
def fail():
    raise ValueError


@shared_task
def die():
    os._exit(3)
"""


@pytest.mark.parametrize("kind", ["package", "django"])
def test_a_prefork_worker_serves_the_numbers_of_all_its_processes(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_task(tmp_path, kind, TaskSpec("first"))
    Path(path).write_text("import os\nimport time\n\n" + Path(path).read_text() + BODIES)
    add(add_metrics, tmp_path, path, "first")
    module = PLACES[kind][0].removesuffix(".py").replace("/", ".")
    app = {"package": "shop.celery_app", "django": "mysite.celery"}[kind]
    send = (
        f"import {app}\nfrom {module} import again, die, fail, first\n"
        "sent = [first.delay() for _ in range(6)] + [again.delay(2), fail.delay()]\n"
        "[each.get(timeout=30, interval=0.05, propagate=False) for each in sent]\n"
        "die.delay().get(timeout=30, interval=0.05, propagate=False)\n"
        "first.delay().get(timeout=30, interval=0.05)\n"
    )
    port = free_port()
    with monkeypatch.context() as patched:
        patched.setattr("tests.generate.scaffolds.environment", with_port(port))
        with worker(tmp_path, PLACES[kind][1], "", "-c", "2") as running:
            python(tmp_path, send)
            ended = f'celery_task_seconds_count task="{module}.first"'
            found = wait_for(lambda: (now := scraped(port)).get(ended) == 7 and now, "the last run")
            assert running.log.count(f"http://127.0.0.1:{port}/metrics") == 1
    name = f'task="{module}.'
    assert found[f'celery_task_started_total {name}first"'] == 7
    assert found[f'celery_task_started_total {name}again"'] == 3
    assert found[f'celery_task_retried_total {name}again"'] == 2
    assert 0.2 <= found[f'celery_task_seconds_sum {name}again"'] < 5
    assert found[f'celery_task_failed_total {name}fail"'] == 1
    # Its process was lost: the worker's main one knows of it, and numbers of the dead stay.
    assert found[f'celery_task_failed_total {name}die"'] == 1
    assert found[f'celery_task_started_total {name}die"'] == 1
    assert f'celery_task_failed_total {name}first"' not in found


def with_port(port: int):
    def environment(root: Path, path: str = "") -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(root / path), "CELERY_METRICS_PORT": str(port)}

    return environment


def test_however_many_tasks_ask_there_is_one_module(tmp_path: Path) -> None:
    path = with_task(tmp_path, "package", TaskSpec("first"))
    add(add_metrics, tmp_path, path, "first")
    changes, notes = add(add_metrics, tmp_path, path, "first")
    assert changes == ()
    assert notes == ("shop/metrics.py has metrics of all tasks already.",)
    app = (tmp_path / "shop/celery_app.py").read_text()
    assert app.count('"shop.metrics"') == 1
    assert "prometheus-client" in (tmp_path / "pyproject.toml").read_text()


def test_a_library_that_is_called_so_does_not_import_it(tmp_path: Path) -> None:
    path = with_task(tmp_path, "package", TaskSpec("first"))
    tasks = tmp_path / path
    tasks.write_text(f"from lib.metrics import Counter\n{tasks.read_text()}")
    add(add_metrics, tmp_path, path, "first")
    assert '"shop.metrics"' in (tmp_path / "shop/celery_app.py").read_text()


@pytest.mark.parametrize(
    "statement", ["from . import metrics", "from shop import metrics", "import shop.metrics"]
)
def test_who_imports_it_already_needs_no_more(statement: str, tmp_path: Path) -> None:
    path = with_task(tmp_path, "package", TaskSpec("first"))
    tasks = tmp_path / path
    tasks.write_text(f"{statement}\n{tasks.read_text()}")
    add(add_metrics, tmp_path, path, "first")
    assert '"shop.metrics"' not in (tmp_path / "shop/celery_app.py").read_text()
