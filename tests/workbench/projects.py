"""The projects that are opened."""

import shutil
from pathlib import Path

from .running import ROOT


def example(target: Path) -> Path:
    """A copy of the shop of examples/, with its mistakes."""
    shutil.copytree(ROOT / "examples/shop", target)
    return target


BOOKSHOP = {
    "pyproject.toml": """\
[project]
name = "bookshop"
version = "1.0"
dependencies = ["celery>=5.4"]
""",
    "bookshop/__init__.py": "",
    "bookshop/app.py": '''\
"""The Celery app."""

from celery import Celery
from celery.schedules import crontab

app = Celery("bookshop", broker="redis://", include=["bookshop.orders", "bookshop.reports"])
app.conf.task_acks_late = True
app.conf.task_default_queue = "io_bound"
app.conf.result_expires = 86400
app.conf.worker_prefetch_multiplier = 1
app.conf.beat_schedule = {
    "nightly": {
        "task": "bookshop.reports.nightly",
        "schedule": crontab(hour=3, minute=0),
    },
    "stock": {
        "task": "bookshop.orders.count_stock",
        "schedule": 900.0,
    },
}
''',
    "bookshop/orders.py": '''\
"""From the basket to the parcel."""

from celery import chain

from bookshop.app import app


@app.task(
    bind=True,
    autoretry_for=(ConnectionError,),
    retry_backoff=60,
    retry_jitter=False,
    max_retries=3,
    time_limit=600,
)
def charge(self, order_id: int) -> str:
    """Charge the card of an order."""
    return f"order {order_id} is paid"


@app.task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def pack(receipt: str, order_id: int) -> int:
    """Pack the books of an order."""
    return order_id


@app.task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5, queue="mails")
def send_mail(order_id: int) -> None:
    """Tell the customer."""


@app.task(max_retries=0)
def count_stock() -> int:
    """Count the books in the cellar."""
    return 0


def place(order_id: int) -> None:
    """Take an order."""
    chain(charge.s(order_id), pack.s(order_id), send_mail.s()).delay()
''',
    "bookshop/reports.py": '''\
"""What is sent round in the morning."""

from bookshop.app import app
from bookshop.orders import count_stock, send_mail


@app.task(autoretry_for=(OSError,), retry_backoff=True, max_retries=3)
def nightly() -> None:
    """Count, and write to the boss."""
    count_stock.delay()
    send_mail.apply_async((1,), countdown=600)
''',
}


PLAIN = {
    "pyproject.toml": """\
[project]
name = "plain"
version = "1.0"
dependencies = ["httpx"]
""",
    "plain/__init__.py": "",
    "plain/core.py": "def answer():\n    return 42\n",
    "plain/tasks.py": "",
}
"""A project without Celery."""


def bookshop(target: Path) -> Path:
    """A project with a chain, schedules and settings, and nothing wrong."""
    return written(target, BOOKSHOP)


def written(target: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return target
