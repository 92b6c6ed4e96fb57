from pathlib import Path

import pytest

from tests.neovim.running import Editor

TASKS = '''\
"""Tasks of the shop 🛒."""

from celery import Celery

app = Celery("shop", broker="memory://")


@app.task(name="shop.charge-🛒")
def charge(order_id: int, amount: int) -> int:
    """Charge an order."""
    return gateway(order_id, amount)


def gateway(order_id: int, amount: int) -> int:
    """Talk to the payment service."""
    return order_id + amount


def refund(order_id: int, amount: int = 0) -> int:
    """Give it back."""
    # A comment that stays.
    return -gateway(order_id, amount)
'''


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    project = tmp_path / "a project"
    package = project / "shop"
    package.mkdir(parents=True)
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (package / "__init__.py").touch()
    (package / "tasks.py").write_text(TASKS, encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    return Editor(project, home)
