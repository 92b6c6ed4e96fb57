"""A project whose facts are kept, for the tests of the cache."""

from pathlib import Path

from celeryls.config import Config, Loaded
from celeryls.project import Workspace
from celeryls.project.cache import cache_for
from tests.project.reading import names

FILES = {
    "shop/__init__.py": "",
    "shop/app.py": "from celery import Celery\n\napp = Celery('shop')\n",
    # No trace of Celery, and read because the tasks refer to it.
    "shop/names.py": "PLACE = 'shop.orders.place'\n",
    "shop/orders.py": (
        "from shop.app import app\nfrom shop.names import PLACE\n\n\n"
        "@app.task(name=PLACE)\ndef place(order): ...\n"
    ),
    "shop/plain.py": "def nothing(): ...\n",
    "shop/latin.py": "# caf\N{LATIN SMALL LETTER E WITH ACUTE}\n",
}
TASKS = ["shop.orders.place"]


def opened(root: Path) -> Workspace:
    """What a new process would have read."""
    workspace = Workspace(root, Loaded(Config(), root), cache_for(root))
    workspace.scan()
    names(workspace.snapshot())
    workspace.keep_cache()
    return workspace


def stored(place: Path) -> Path:
    (path,) = (place / "facts").glob("*.facts")
    return path
