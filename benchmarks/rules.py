"""How long each rule takes in a long module of tasks, right after a key was typed in it.

    python benchmarks/rules.py [--all]

The workspace is indexed, and every file was checked once.  Then a digit is typed in a comment,
over and over, and each time every rule is run, in one process.  The least of the processor's
time is reported, since how busy the machine is must not count.  What rules share (the tasks, the
calls and what these hand over) is asked for before the first of them, and counts among all.

The modules are the longest of real projects, and one of 780 lines that is made of little but
tasks, calls and workflows.  Prints the slowest rules of each, or with --all every rule's time.
Exits 1 where all rules that run by default take more than 15 ms together, or one of them more
than 3 ms; in a module of more than 780 lines, as much more as it is longer.  Rules that are off by
default are timed and shown, and not limited.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from projects import copy

from celeryls.config import Config, load
from celeryls.engine import Selection, check_file
from celeryls.project import Project, Workspace
from celeryls.rules.base import FileContext
from celeryls.rules.calls import calls_of_tasks

MODULES = (
    "weblate/weblate/trans/tasks.py",
    "edx-enterprise/enterprise/tasks.py",
    "geonode/geonode/harvesting/tasks.py",
    "galaxy-app/galaxy/celery/tasks.py",
    "geonode/geonode/upload/celery_tasks.py",
    "aa-memberaudit/memberaudit/tasks.py",
    "pretix/pretix/base/services/orders.py",
)
LINES = 780
ALL_RULES, ONE_RULE = 0.015, 0.003
"""Seconds."""
ROUNDS = 30
SHOWN = 5
EVERY = Selection(Config(select=("ALL",)))
ON = frozenset(selected.rule.code for selected in Selection(Config()).rules)
SHARED = "what they share"

APP = """\
from celery import Celery

app = Celery("shop", broker="redis://localhost", backend="redis://localhost")
app.conf.update(
    include=["shop.tasks"],
    task_routes={"shop.tasks.fetch_*": {"queue": "fetch"}},
    beat_schedule={"every-hour": {"task": "shop.tasks.sync_0", "schedule": 3600, "args": (1,)}},
)
"""
HEAD = '''\
"""Little but tasks and calls of them."""

import logging
from datetime import datetime, timedelta

from celery import chain, chord, shared_task
from celery.schedules import crontab
from django.db import transaction

from shop.app import app

logger = logging.getLogger(__name__)

'''
PIECE = '''
@shared_task(bind=True, max_retries=5, retry_backoff=True, soft_time_limit=30, time_limit=60)
def sync_{n}(self, shop, since=None, *, limit=100):
    """Fetch the orders of a shop, and store them."""
    try:
        for order in fetch_{n}(shop, since=since, limit=limit):
            if order["state"] in ("open", "paid"):
                store_{n}.delay(order["id"], order["state"])
    except ConnectionError as exc:
        raise self.retry(exc=exc, countdown=2**self.request.retries)
    except Exception:
        report_{n}.apply_async((shop,), queue="reports", expires=timedelta(hours=1))
        raise
    app.send_task("shop.tasks.report_{n}", args=[shop], eta=datetime.now())


@app.task(name="shop.tasks.fetch_{n}", autoretry_for=(OSError, TimeoutError), rate_limit="10/m")
def fetch_{n}(shop, since=None, *, limit=100):
    """The orders of a shop, the oldest first."""
    with open(f"/orders/{{shop}}/{{since:%Y-%m-%d}}") as file:
        lines = [line.strip().split(";") for line in file if not line.startswith("#")]
    return [{{"id": int(line[0]), "state": line[1]}} for line in lines[:limit]]


@app.task(acks_late=True, ignore_result=True)
def store_{n}(order, state="new"):
    """Keep an order, and report it once it is there."""
    with transaction.atomic():
        report_{n}.delay_on_commit(order)


@shared_task
def report_{n}(shop, *rest):
    """Everything about a shop, one step after the other."""
    chord([fetch_{n}.s(shop, limit=at) for at in range(10)], store_{n}.s()).apply_async()
    chain(fetch_{n}.s(shop), store_{n}.s(state="old"), report_{n}.si(shop)).delay()


def total_{n}(orders, *, paid_only=True):
    """What the orders of a shop come to, by currency."""
    totals = {{}}
    for order in orders:
        if paid_only and order["state"] != "paid":
            continue
        for item in order["items"]:
            amount = item["price"] * item["count"]
            totals[item["currency"]] = totals.get(item["currency"], 0) + amount
    logger.info("totals: %r", {{key: value for key, value in totals.items() if value}})
    return totals


@app.on_after_configure.connect
def schedule_{n}(sender, **kwargs):
    """Once in the morning, and every three hours."""
    sender.add_periodic_task(crontab(hour=7, minute=15), sync_{n}.s("shop"), name="sync {n}")
    app.conf.beat_schedule["report-{n}"] = {{
        "task": "shop.tasks.report_{n}",
        "schedule": crontab(minute=0, hour="*/3"),
        "args": ("shop",),
    }}

'''


def composed(folder: Path) -> Path:
    """A project with a module that is dense with tasks; the module."""
    text, count = HEAD, 0
    while text.count("\n") < LINES:
        text += PIECE.format(n=count)
        count += 1
    package = folder / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("from shop.app import app\n", "utf-8")
    (package / "app.py").write_text(APP, "utf-8")
    module = package / "tasks.py"
    module.write_text("".join(text.splitlines(keepends=True)[:LINES]), "utf-8")
    return module


def indexed(folder: Path) -> Workspace:
    workspace = Workspace(folder, load(folder))
    workspace.scan()
    project = workspace.snapshot()
    for path in sorted(project.files):
        check_file(project, path, project.text(path) or "", EVERY)
    return workspace


def share(file: FileContext) -> None:
    for context in file.tasks():
        file.project.effective(context.task, "acks_late")
    for call in file.once(calls_of_tasks):
        _ = call.handed, call.is_checked


def one_round(project: Project, path: str, text: str) -> dict[str, float]:
    """Seconds, by the code of the rule."""
    times = {}
    began = time.process_time()
    file = FileContext(project, path, text)
    share(file)
    times[SHARED] = time.process_time() - began
    for selected in EVERY.rules:
        began = time.process_time()
        for _ in selected.rule.check(file):
            pass
        times[selected.rule.code] = time.process_time() - began
    return times


def measured(workspace: Workspace, path: str) -> dict[str, float]:
    """The least seconds, by the code of the rule."""
    text = Path(path).read_text("utf-8")
    times = defaultdict(list)
    for number in range(ROUNDS):
        typed = f"{text}# {number}\n"
        workspace.open(path, typed)
        for code, seconds in one_round(workspace.snapshot(), path, typed).items():
            times[code].append(seconds)
    workspace.close(path)
    return {code: min(seconds) for code, seconds in times.items()}


def report(title: str, workspace: Workspace, path: str, *, shown: int) -> bool:
    """Print the times; whether they are within the limits."""
    times = measured(workspace, path)
    project = workspace.snapshot()
    lines = (project.text(path) or "").count("\n")
    shared = times.pop(SHARED)
    on = [times[code] for code in ON]
    total = shared + sum(on)
    print(
        f"{title}: {lines} lines, {len(project.tasks_in(path))} tasks, "
        f"{len(project.dispatches(path))} calls; "
        f"{len(on)} rules {total * 1000:.1f} ms, {SHARED} {shared * 1000:.1f} ms of it"
    )
    for code in sorted(times, key=lambda code: times[code], reverse=True)[:shown]:
        off = "" if code in ON else " (off by default)"
        print(f"    {code} {times[code] * 1000:.2f} ms{off}")
    longer = max(1.0, lines / LINES)
    return total <= ALL_RULES * longer and max(on) <= ONE_RULE * longer


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    shown = len(EVERY.rules) if parser.parse_args().all else SHOWN
    by_project = defaultdict(list)
    for module in MODULES:
        by_project[module.partition("/")[0]].append(module)
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        module = composed(folder)
        good = report("composed", indexed(folder), str(module), shown=shown)
    for project, modules in by_project.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            workspace = indexed(copy(project, folder))
            for path in modules:
                good = report(path, workspace, str(folder / path), shown=shown) and good
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
