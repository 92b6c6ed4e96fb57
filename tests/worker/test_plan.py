"""What a plan says there is to do is done, word for word: worker, beat, a call, a chain."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.worker.running import Project, Worker, wait_for


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)


def command(printed: str, what: str) -> list[str]:
    """The command for `celery what` that was printed, run with this Python."""
    (line,) = re.findall(rf"^    (celery .*\b{what}\b.*)$", printed, re.M)
    words = shlex.split(line)
    assert words[0] == "celery"
    return [sys.executable, "-m", *words]


@contextmanager
def running(project: Project, words: list[str], *options: str) -> Iterator[Worker]:
    log = project.root / f"{words[5]}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*words, *options], cwd=project.root, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    worker = Worker(process, log)
    try:
        yield worker
    except BaseException:
        print(f"--- {log.name}\n{worker.log}")  # pytest shows it beside the failure
        raise
    finally:
        worker.kill()


def test_beat_has_a_periodic_task_run_with_its_arguments(project: Project) -> None:
    printed = project.new(
        "tick", body="print(f'ticked {shop_id} {regions}')", schedule="every 2 s", queue="io_bound",
        parameters="shop_id: int, regions: list[str]", arguments='shop_id=3, regions=["eu"]',
    )  # fmt: skip
    options = ("--pool", "solo", "-l", "info", "--without-mingle", "--without-gossip")
    with (
        running(project, command(printed, "worker"), *options) as worker,
        running(project, command(printed, "beat")),
    ):
        wait_for(lambda: worker.log.count("ticked 3 ['eu']") >= 2, "two runs", 60)


def test_the_call_of_a_shell_reaches_the_worker(project: Project) -> None:
    printed = project.new(
        "sync", body="assert when.year == 2030 and tag.version", returns="nothing",
        parameters="when: datetime, tag: UUID, note: str", queue="io_bound",
    )  # fmt: skip
    sent = subprocess.run(
        command(printed, "call"), cwd=project.root, capture_output=True, text=True, check=True
    ).stdout.strip()
    options = ("--pool", "solo", "-l", "info", "--without-mingle", "--without-gossip")
    with running(project, command(printed, "worker"), *options):
        wait_for(lambda: project.state(sent) == "SUCCESS", "its success", 60)


def test_a_chain_hands_its_results_on(project: Project) -> None:
    project.new("fetch", body="return order_id + 41", parameters="order_id: int", returns="int")
    project.new("note", body="return text.upper()", parameters="text: str", returns="str")
    answers = {"after": "fetch", "before": "note", "returns": "str"}
    pairs = [part for key, value in answers.items() for part in ("--set", f"{key}={value}")]
    shown = project.celeryls("new", "label", "--yes", "--dry-run", *pairs)
    (chain,) = re.findall(r"^call: (chain\(.*\)\.delay\(\))$", shown, re.M)
    assert chain == "chain(fetch.s(order_id=1), label.s(), note.s()).delay()"
    project.new("label", body="return f'order {result}'", **answers)
    with project.worker("--pool", "solo"):
        called = chain.removesuffix(".delay()")
        found = project.python(
            "import shop.app\nfrom celery import chain\nfrom shop.tasks import fetch, label, note\n"
            f"print({called}.delay().get(timeout=30, interval=0.05))"
        )
    assert found == "ORDER 42"
