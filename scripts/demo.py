"""The main job, on a copy of `examples/shop`: find, mend, convert, write, run.

    python scripts/demo.py [--keep]

Every step is the real command; the worker is a real `celery worker`.  Exits 1 if anything is
not as promised.  `--keep` leaves the copy there to look at.  Colours are for terminals only,
and NO_COLOR turns them off.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

EXAMPLE = Path(__file__).parent.parent / "examples/shop"
SCRIPTS = Path(sysconfig.get_path("scripts"))
PLACEHOLDER = "# The work goes here."
WORK = "stock = warehouse.stock_of(product_id)"
SEND = """
from shop.tasks import check_stock
print(check_stock.delay(product_id=14).get(timeout=30, interval=0.1))
"""


PLANTED = {"CEL101", "CEL102", "CEL104", "CEL105", "CEL106"}
CALL_DIRECTLY = "from shop.tasks import restock; print(restock(14))"


class NotAsPromised(Exception):
    """A step did something else than it should."""


def show(text: str, **style: Any) -> None:
    """Print in colour, if whoever looks wants it.  Click knows terminals, but not NO_COLOR."""
    click.secho(text, color=False if os.environ.get("NO_COLOR") else None, **style)
    sys.stdout.flush()  # what a command prints next comes after it, in a pipe too


def title(text: str) -> None:
    show(f"\n── {text} ".ljust(79, "─"), fg="cyan", bold=True)


def run(folder: Path, *command: str, expected: int = 0) -> None:
    """Run a celeryls command as a person would, and show it."""
    shown = shlex.join(["celeryls", *command])
    show(f"$ {shown}", bold=True)
    done = subprocess.run([SCRIPTS / "celeryls", *command], cwd=folder, check=False)
    if done.returncode != expected:
        raise NotAsPromised(f"{shown} ended with {done.returncode}, not {expected}")


def ask(folder: Path, *command: str | Path, expected: int = 0) -> str:
    """What a command prints, unseen."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(folder),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotAsPromised(f"no answer: {error}") from error
    if done.returncode != expected:
        raise NotAsPromised(f"unexpected: {done.stdout}{done.stderr.strip()[-500:]}")
    return done.stdout.strip()


def environment(folder: Path) -> dict[str, str]:
    """What the shop runs with: its broker inside the copy."""
    return {**os.environ, "SHOP_DATA": str(folder / ".run"), "PYTHONPATH": str(folder)}


def main_job(folder: Path) -> None:
    """The steps that a person takes in the editor, here in the terminal."""
    title("1. What is wrong?")
    run(folder, "check", expected=1)
    listed = ask(folder, SCRIPTS / "celeryls", "check", "--output-format", "json", expected=1)
    found = json.loads(listed)
    if {item["code"] for item in found} != PLANTED:
        raise NotAsPromised(f"not every mistake was found: {found}")
    title("2. Mend what is safe to mend")
    run(folder, "check", "--diff", expected=1)
    run(folder, "check", "--fix", expected=1)
    title("3. Late acknowledgement and retry are for a person to decide: unsafe fixes")
    run(folder, "check", "--diff", "--unsafe-fixes", expected=1)
    run(folder, "check", "--fix", "--unsafe-fixes")
    title("4. A plain function becomes a bound task; its callers stay as they are")
    run(folder, "convert", "shop/tasks.py::restock", "--dry-run")
    run(folder, "convert", "shop/tasks.py::restock")
    if ask(folder, sys.executable, "-c", CALL_DIRECTLY) != "14010":
        raise NotAsPromised("the converted function cannot be called as before")
    title("5. A new task")
    answers = (
        "purpose=Ask the warehouse how many are left",
        "parameters=product_id: int (ID of the product)",
        "retry=custom",
        "retry_delay=1",
    )
    settings = [part for answer in answers for part in ("--set", answer)]
    run(folder, "new", "check_stock", *settings, "--yes")
    fill_in(folder / "shop/tasks.py")
    run(folder, "check")
    run(folder, "tasks")


def fill_in(path: Path) -> None:
    """Do what is left to a person: write the body of the new task."""
    text = path.read_text("utf-8")
    if PLACEHOLDER not in text:
        raise NotAsPromised("the new task has no place for its work")
    lines = []
    for line in text.splitlines(keepends=True):
        if PLACEHOLDER in line:
            lines.append(line[: len(line) - len(line.lstrip())] + WORK + "\n")
        else:
            lines.append(line)
    text = "".join(lines)
    result = 'return {"status": "success", "product_id": product_id}'
    if result not in text:
        raise NotAsPromised("the new task returns something else than it should")
    text = text.replace(result, result.replace("}", ', "stock": stock}'))
    text = text.replace(
        "from shop.app import app\n", "from shop import warehouse\nfrom shop.app import app\n"
    )
    path.write_text(text, "utf-8")
    task = text.index("def check_stock(")
    show("\nThe task as it was written, with its body filled in by hand:", bold=True)
    show(text[text.rindex("@app.task", 0, task) :].split("\n\n\n", 1)[0] + "\n")


@contextmanager
def worker(folder: Path) -> Iterator[Path]:
    """A real worker; its log."""
    log = folder / "worker.log"
    options = ("worker", "--pool", "solo", "-l", "info")
    show(f"$ {shlex.join(['celery', '-A', 'shop.app', *options])}", bold=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "shop.app", *options],
            cwd=folder,
            env=environment(folder),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield log
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run_on_worker(folder: Path) -> None:
    """Run the new task on a real worker: one failure, one retry, then the result."""
    title("6. The new task on a real worker (the warehouse fails the first time)")
    with worker(folder) as log:
        try:
            result = ask(folder, sys.executable, "-c", SEND)
        except NotAsPromised as error:
            raise NotAsPromised(f"the task did not end: {error}\n{_tail(log)}") from error
    # Read after the worker's end, so that its last line is there.
    lines = [line for line in log.read_text("utf-8").splitlines() if "check_stock[" in line]
    for line in lines:
        if any(word in line for word in (" received", " retry: ", " succeeded ")):
            click.echo(line)
    # With jitter Celery draws the delay: from nothing to the second that was asked for.
    retries = sum(bool(re.search(r"retry: Retry in [01]s", line)) for line in lines)
    if retries != 1:
        raise NotAsPromised(f"there were {retries} retries within 1 s, not one\n{_tail(log)}")
    expected = "{'status': 'success', 'product_id': 14, 'stock': 42}"
    if result != expected:
        raise NotAsPromised(f"the result is {result}, not {expected}")
    show(f"result: {result}", fg="green", bold=True)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8").splitlines()[-20:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the copy there to look at")
    options = parser.parse_args()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="celeryls-demo-"))
    project = folder / "shop"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(".run", "__pycache__"))
    try:
        main_job(project)
        run_on_worker(project)
    except NotAsPromised as error:
        show(f"Not as promised: {error}", fg="red", bold=True, err=True)
        return 1
    finally:
        if options.keep:
            click.echo(f"The copy is in {project}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    show(f"\nDone in {time.monotonic() - began:.0f} s.", bold=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
