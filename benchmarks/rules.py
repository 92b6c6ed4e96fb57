"""How long each rule takes in a long module of tasks, right after a key was typed in it.

    python benchmarks/rules.py [--all]

The workspace is indexed, and every file was checked once.  Then a digit is typed in a comment,
over and over, and each time every rule is run, in one process; medians are reported.  What rules
share (the tasks and the calls of the file, the settings in force) is asked for before the first
of them, and counts among all rules together.  The modules are the longest of real projects, and
one of 780 lines that is made of little but tasks, calls and workflows.  Prints the slowest rules
of each, or with --all every rule's time.  Exits 1 where all rules take more than 15 ms, or one of
them more than 3 ms.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from projects import copy

from celeryls.config import Config, load
from celeryls.engine import Selection, check_file
from celeryls.project import Project, Workspace
from celeryls.rules.base import FileContext

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
ROUNDS = 15
SHOWN = 5
EVERY = Selection(Config(select=("ALL",)))
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

from datetime import datetime, timedelta

from celery import chain, chord, group, shared_task
from celery.schedules import crontab
from django.db import transaction

from shop.app import app

'''
PIECE = """
@shared_task(bind=True, max_retries=5, retry_backoff=True, soft_time_limit=30, time_limit=60)
def sync_{n}(self, shop, since=None, *, limit=100):
    try:
        for order in fetch_{n}(shop, since=since, limit=limit):
            store_{n}.delay(order["id"], order["state"])
            store_{n}.apply_async(args=(order["id"],), kwargs={{"state": "new"}}, countdown=60)
    except ConnectionError as exc:
        raise self.retry(exc=exc, countdown=2 ** self.request.retries)
    except Exception:
        report_{n}.apply_async((shop,), queue="reports", expires=timedelta(hours=1))
        raise
    app.send_task("shop.tasks.report_{n}", args=[shop], eta=datetime.now())


@app.task(name="shop.tasks.fetch_{n}", autoretry_for=(OSError, TimeoutError), rate_limit="10/m")
def fetch_{n}(shop, since=None, *, limit=100):
    return list(range(limit))


@app.task(acks_late=True, ignore_result=True)
def store_{n}(order, state="new"):
    with transaction.atomic():
        report_{n}.delay_on_commit(order)


@shared_task
def report_{n}(shop, *rest):
    steps = [fetch_{n}.s(shop, limit=at) for at in range(10)]
    chord(group(steps), store_{n}.s()).apply_async()
    chain(fetch_{n}.s(shop), store_{n}.s(state="old"), report_{n}.si(shop)).delay()
    (fetch_{n}.s(shop) | store_{n}.s() | report_{n}.si(shop)).apply_async(link=store_{n}.s())


@app.on_after_configure.connect
def schedule_{n}(sender, **kwargs):
    sender.add_periodic_task(crontab(hour=7, minute="*/15"), sync_{n}.s("shop"), name="sync {n}")
    app.conf.beat_schedule["report-{n}"] = {{
        "task": "shop.tasks.report_{n}",
        "schedule": crontab(minute=0, hour="*/3"),
        "args": ("shop",),
    }}

"""


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


def share(project: Project, path: str) -> None:
    for task in project.tasks_in(path):
        project.effective(task, "acks_late")
    project.dispatches(path)


def one_round(project: Project, path: str, text: str) -> dict[str, float]:
    """Seconds, by the code of the rule."""
    times = {}
    began = time.perf_counter()
    share(project, path)
    times[SHARED] = time.perf_counter() - began
    file = FileContext(project, path, text)
    for selected in EVERY.rules:
        began = time.perf_counter()
        for _ in selected.rule.check(file):
            pass
        times[selected.rule.code] = time.perf_counter() - began
    return times


def measured(workspace: Workspace, path: str) -> dict[str, float]:
    """Median seconds, by the code of the rule."""
    text = Path(path).read_text("utf-8")
    times = defaultdict(list)
    for number in range(ROUNDS):
        typed = f"{text}# {number}\n"
        workspace.open(path, typed)
        for code, seconds in one_round(workspace.snapshot(), path, typed).items():
            times[code].append(seconds)
    workspace.close(path)
    return {code: statistics.median(seconds) for code, seconds in times.items()}


def report(title: str, workspace: Workspace, path: str, *, shown: int) -> bool:
    """Print the times; whether they are within the limits."""
    times = measured(workspace, path)
    project = workspace.snapshot()
    lines = (project.text(path) or "").count("\n")
    rules = {code: seconds for code, seconds in times.items() if code != SHARED}
    total, slowest = sum(times.values()), max(rules.values())
    print(
        f"{title}: {lines} lines, {len(project.tasks_in(path))} tasks, "
        f"{len(project.dispatches(path))} calls; "
        f"{len(rules)} rules {total * 1000:.1f} ms, {SHARED} {times[SHARED] * 1000:.1f} ms of it"
    )
    for code in sorted(rules, key=lambda code: rules[code], reverse=True)[:shown]:
        print(f"    {code} {rules[code] * 1000:.2f} ms")
    return total <= ALL_RULES and slowest <= ONE_RULE


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
