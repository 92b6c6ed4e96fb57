"""What is written, in full.  CELERYLS_UPDATE=1 rewrites the files that this compares with."""

import os
from pathlib import Path

import pytest

from celeryls.forms import EXPONENTIAL, NO_RETRY, SIMPLE, Retry, RetryKind
from celeryls.project.conventions import Conventions, DecoratorStyle
from tests.generate.writing import SHOP, SHOP_APP, spec, write

GOLDEN = Path(__file__).parent / "golden"
PRODUCT = 'product_id: int (ID of product to sync), note: str = "" (free text)'

CASES = {
    "exponential": lambda: write(
        "",
        spec("sync_product", PRODUCT, purpose="sync a product with the shop", retry=EXPONENTIAL),
    ),
    "simple": lambda: write(
        "",
        spec("sync_product", PRODUCT, retry=SIMPLE, returns="nothing", queue="io_bound"),
    ),
    "none": lambda: write(
        "",
        spec("ping", retry=NO_RETRY, returns="nothing"),
        Conventions(),
    ),
    "custom": lambda: write(
        "",
        spec(
            "import_orders",
            "shop_id: UUID, since: datetime | None = None, api_token: str = ''",
            retry=Retry(
                RetryKind.CUSTOM, 10, 5, True, ("requests.exceptions.ConnectionError", "OSError")
            ),
            returns="list[Decimal]",
            soft_time_limit=50,
            time_limit=60,
            queue="low_priority",
        ),
        Conventions(
            style=DecoratorStyle.APP_TASK,
            app_module="shop.celery_app",
            app_name="app",
            module="shop.orders.tasks",
            celery_version=(5, 4),
            line_length=79,
        ),
    ),
    "unknown_type": lambda: write(
        "from shop.models import Order\n",
        spec("load_order", "order_id: int", returns="Order", retry=SIMPLE),
        SHOP_APP,
    ),
    "names_in_use": lambda: write(
        "import logging\n\nlog = logging.getLogger(__name__)\n",
        spec(
            "sync",
            "name: int, task_id: int, context: str, delay: int, exc: str, log: str, secrets: str",
        ),
        SHOP,
    ),
    "as_the_project_does": lambda: write(
        "",
        spec("sync_product", PRODUCT, queue="io_bound"),
        Conventions(
            style=DecoratorStyle.APP_TASK,
            app_module="shop.celery_app",
            app_name="app",
            module="shop.orders.tasks",
            celery_version=(5, 4),
            name_prefix="orders.",
            base=("shop.base", "AuditedTask"),
            autoretry=True,
            relative_imports=True,
            lazy_annotations=True,
            quotes="'",
        ),
    ),
    "retried_by_celery": lambda: write(
        "import celery\n",
        spec("ping", retry=SIMPLE, returns="nothing"),
        Conventions(module="shop.tasks", named=False, autoretry=True, celery_module=True),
    ),
    "lazy_annotations": lambda: write(
        '"""Tasks."""\n\nfrom __future__ import annotations\n', spec("sync", "when: date"), SHOP
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_written(name):
    found = CASES[name]()
    path = GOLDEN / f"{name}.py.txt"
    if os.environ.get("CELERYLS_UPDATE"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.py.txt" for name in CASES}
