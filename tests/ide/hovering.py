"""A shop to hover in, for the tests of hovers."""

from datetime import datetime, timezone
from pathlib import Path

from celeryls.ide.hover import Hover, hover
from tests.project.reading import project

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=timezone.utc)  # a Friday
APP = """\
from celery import Celery
from celery.schedules import crontab

app = Celery("shop", broker="redis://")
app.conf.task_time_limit = 360
app.conf.task_routes = {"shop.tasks.*": {"queue": "io_bound"}}
app.conf.beat_schedule = {
    "nightly": {"task": "shop.tasks.charge", "schedule": crontab(minute=0, hour=3)},
}
"""
TASKS = '''\
"""🛒"""
from shop.celery import app


@app.task(bind=True, acks_late=True, max_retries=2, default_retry_delay=60)
def charge(self, order_id: int, amount: int = 0) -> None:
    """Charge an order."""
    raise self.retry()


@app.task
def refund(order_id):
    charge.delay(order_id)
'''
VIEWS = """\
from shop.tasks import charge, refund as give_back


def view(order_id):
    charge.delay(order_id)
    give_back.delay(order_id)
    charge(order_id)
"""
SHOP = {
    "shop/__init__.py": "",
    "shop/celery.py": APP,
    "shop/tasks.py": TASKS,
    "shop/views.py": VIEWS,
}


def at(root: Path, marked: str, path: str = "shop/more.py", **more: str) -> Hover | None:
    """The hover in a file of the shop whose source has a « where the cursor is."""
    assert marked.count("«") == 1
    files = SHOP | {name.replace("__", "/") + ".py": text for name, text in more.items()}
    files |= {path: marked.replace("«", "")}
    read = project(root, files)
    return hover(read, str(root / path), marked.index("«"), now=NOW)


def token(found: Hover | None, marked: str) -> str:
    assert found is not None
    return found.span.of(marked.replace("«", ""))


HEAD = "from celery import Task, chain, shared_task, signature\nfrom shop import tasks\n" \
    "from shop.celery import app\nfrom shop.tasks import charge\n"  # fmt: skip
