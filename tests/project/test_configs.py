"""Where apps read their settings from."""

from pathlib import Path

import pytest

from tests.project.reading import project

_APP = "import os\nfrom celery import Celery\napp = Celery('shop')\n"


def _sources(root: Path, code: str, files: dict[str, str]) -> set[tuple[str, str, str, bool]]:
    read = project(root, {"shop/__init__.py": "", "shop/celery.py": _APP + code, **files})
    return {
        (Path(path).name, source.name, source.namespace, source.django)
        for path in read.files
        for source in read.configs.in_file(path)
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app.config_from_object('shop.conf')", ("conf.py", "", "", False)),
        ("app.config_from_object('shop.conf', namespace='X')", ("conf.py", "", "X", False)),
        ("app.config_from_object('shop.conf:Config')", ("conf.py", "Config", "", False)),
        ("from shop import conf\napp.config_from_object(conf)", ("conf.py", "", "", False)),
        ("from shop.conf import D\napp.config_from_object(D)", ("conf.py", "D", "", False)),
    ],
)
def test_what_an_app_reads(code: str, expected: tuple[str, str, str, bool], tmp_path: Path) -> None:
    conf = "# celery\nD = {'task_x': 1}\nclass Config: ...\n"
    assert _sources(tmp_path, code + "\n", {"shop/conf.py": conf}) == {expected}


def test_a_namespace_that_is_computed_leaves_it_open(tmp_path: Path) -> None:
    code = "app.config_from_object('shop.conf', namespace=f())\n"
    assert _sources(tmp_path, code, {"shop/conf.py": "# celery\n"}) == set()


def test_djangos_settings_and_all_that_share_with_them(tmp_path: Path) -> None:
    code = (
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.main'\n"
        "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
    )
    files = {
        "shop/main.py": "from .base import *  # celery\n",
        "shop/base.py": "# celery\n",
        "shop/local.py": "from .main import *  # celery\n",
        "shop/other.py": "# celery\n",
    }
    assert _sources(tmp_path, code, files) == {
        (name, "", "CELERY", True) for name in ("main.py", "base.py", "local.py")
    }
