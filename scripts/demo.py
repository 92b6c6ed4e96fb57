"""The main job, on a copy of `examples/shop`: find, mend, convert, write, run.

    python scripts/demo.py [--keep]

Every step is the real command; the worker is a real `celery worker`.  Exits 1 if anything is
not as promised.  `--keep` leaves the copy there to look at.
"""

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import click

EXAMPLE = Path(__file__).parent.parent / "examples/shop"
SCRIPTS = Path(sysconfig.get_path("scripts"))
PLACEHOLDER = "# The work goes here."
WORK = "stock = warehouse.stock_of(product_id)"
SEND = """
from shop.tasks import check_stock
print(check_stock.delay(product_id=14).get(timeout=30, interval=0.1))
"""


class NotAsPromised(Exception):
    """A step did something else than it should."""


def title(text: str) -> None:
    click.echo()
    click.secho(f"── {text} ".ljust(78, "─"), fg="cyan", bold=True)


def run(folder: Path, *command: str, expected: tuple[int, ...] = (0,)) -> None:
    """Run a celeryls command as a person would, and show it."""
    shown = " ".join(f"'{part}'" if " " in part or "(" in part else part for part in command)
    click.secho(f"$ celeryls {shown}", bold=True)
    sys.stdout.flush()
    colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    done = subprocess.run(
        [SCRIPTS / "celeryls", *command],
        cwd=folder,
        env={**os.environ, **colour},
        check=False,
    )
    if done.returncode not in expected:
        raise NotAsPromised(f"celeryls {shown} ended with {done.returncode}")


def main_job(folder: Path) -> None:
    """The steps that a person takes in the editor, here in the terminal."""
    title("1. What is wrong?")
    run(folder, "check", expected=(1,))
    title("2. Mend what is safe to mend")
    run(folder, "check", "--diff", expected=(1,))
    run(folder, "check", "--fix", expected=(1,))
    title("3. Late acknowledgement and retry: a person decides, so unsafe fixes are asked for")
    run(folder, "check", "--fix", "--unsafe-fixes")
    title("4. A plain function becomes a bound task; its callers stay as they are")
    run(folder, "convert", "shop/tasks.py::restock", "--dry-run")
    run(folder, "convert", "shop/tasks.py::restock")
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
    click.secho(f"(filled in by hand: {WORK})", dim=True)


def run_on_worker(folder: Path) -> None:
    """Run the new task on a real worker: one failure, one retry, then the result."""
    title("6. The new task on a real worker (the warehouse fails the first time)")
    environment = {**os.environ, "SHOP_DATA": str(folder / ".run"), "PYTHONPATH": str(folder)}
    log = folder / "worker.log"
    celery = [sys.executable, "-m", "celery", "-A", "shop.app", "worker", "--pool", "solo"]
    click.secho("$ celery -A shop.app worker --pool solo -l info", bold=True)
    with log.open("w") as output:
        worker = subprocess.Popen(
            [*celery, "-l", "info", "--without-gossip", "--without-mingle"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            sent = subprocess.run(
                [sys.executable, "-c", SEND],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            time.sleep(0.3)  # let the worker write its last line
        finally:
            worker.terminate()
            worker.wait(20)
    lines = [line for line in log.read_text("utf-8").splitlines() if "check_stock" in line]
    for line in lines:
        if "received" in line or "Retry" in line or "succeeded" in line:
            click.echo(line.replace("\t", " "))
    if sent.returncode:
        raise NotAsPromised(f"the task did not end: {sent.stderr.strip()[-500:]}")
    retries = sum("Retry in" in line for line in lines)
    if retries != 1:
        raise NotAsPromised(f"there were {retries} retries, not one")
    expected = "{'status': 'success', 'product_id': 14, 'stock': 42}"
    if sent.stdout.strip() != expected:
        raise NotAsPromised(f"the result is {sent.stdout.strip()}, not {expected}")
    click.secho(f"result: {sent.stdout.strip()}", fg="green", bold=True)


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
        click.secho(f"Not as promised: {error}", fg="red", bold=True, err=True)
        return 1
    finally:
        if options.keep:
            click.echo(f"The copy is in {project}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    click.secho(f"\nDone in {time.monotonic() - began:.0f} s.", bold=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
