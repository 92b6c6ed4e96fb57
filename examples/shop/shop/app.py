"""The Celery app.  Its broker and its results are folders."""

import os
from pathlib import Path

from celery import Celery

DATA = Path(os.environ.get("SHOP_DATA", ".run")).absolute()
for folder in ("queue", "control", "results"):
    (DATA / folder).mkdir(parents=True, exist_ok=True)

app = Celery("shop", broker="filesystem://", include=["shop.tasks"])
app.conf.broker_transport_options = {
    "data_folder_in": str(DATA / "queue"),
    "data_folder_out": str(DATA / "queue"),
    "control_folder": str(DATA / "control"),
}
app.conf.result_backend = f"file://{DATA / 'results'}"
