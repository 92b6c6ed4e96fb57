"""Old and new names of settings, held against Celery itself."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from celery import Celery
from celery.app.defaults import _TO_NEW_KEY, SETTING_KEYS
from celery.exceptions import ImproperlyConfigured
from hypothesis import given, settings
from hypothesis import strategies as st

from celeryls.rules.configuring.old_setting_name import NAMESPACE_SINCE
from celeryls.text import Applicability, apply_edits
from tests.celery_version import VERSION
from tests.rules.harness import check

_APP = "from celery import Celery\napp = Celery('shop')\n"


def _after_fix(root: Path, text: str, files: dict[str, str], path: str, rule: str) -> str:
    found = check(root, {**files, path: text}, path, rule)
    (edits,) = found[0].finding.fixes[0].edits.values()
    return apply_edits(text, edits)


def test_every_old_name_becomes_celerys_new_one(tmp_path: Path) -> None:
    text = _APP + "app.conf.update({\n" + "".join(f"    '{o}': 1,\n" for o in _TO_NEW_KEY) + "})\n"
    after = _after_fix(tmp_path, text, {}, "shop/app.py", "CEL602")
    assert (
        after
        == _APP
        + "app.conf.update({\n"
        + "".join(f"    '{new}': 1,\n" for new in _TO_NEW_KEY.values())
        + "})\n"
    )


def test_a_name_of_a_namespace_is_what_celery_reads_under_it(tmp_path: Path) -> None:
    source = _APP + "app.config_from_object('shop.config', namespace='SHOP')\n"
    files = {"shop/__init__.py": "", "shop/app.py": source}
    for old in ("CELERY_ACKS_LATE", "CELERYD_CONCURRENCY", "BROKER_URL", "CELERY_TIMEZONE"):
        path = "shop/config.py"
        after = _after_fix(tmp_path, f"# of Celery\n{old} = 'x'\n", files, path, "CEL602")
        config: dict[str, str] = {}
        exec(after, {}, config)
        app = Celery("read", set_as_current=False)
        app.config_from_object(config, namespace="SHOP")
        assert app.conf[_TO_NEW_KEY[old]] == "x", after


_NAMES = st.sampled_from(
    (
        *("CELERY_ACKS_LATE", "task_acks_late", "CELERYD_CONCURRENCY", "worker_concurrency"),
        *("BROKER_URL", "broker_url", "task_time_limit", "enable_utc", "name", "CELERY_SHOP"),
    )
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_NAMES, max_size=5, unique=True), st.sampled_from(["module", "dict", "conf"]))
def test_a_mixture_is_reported_if_celery_refuses_it(names: list[str], kind: str) -> None:
    app = Celery("read", set_as_current=False)
    values = dict.fromkeys(names, 1)
    if kind == "conf":
        app.conf.update(values)
    else:
        app.config_from_object(values)
    try:
        refused = app.conf.task_acks_late is None
    except ImproperlyConfigured:
        refused = True
    path = "shop/config.py" if kind == "module" else "shop/app.py"
    files = {"shop/__init__.py": "", "shop/app.py": _APP}
    if kind == "module":
        files["shop/app.py"] += "app.config_from_object('shop.config')\n"
        files[path] = "# of Celery\n" + "".join(f"{name} = 1\n" for name in names)
    elif kind == "dict":
        files[path] += f"app.config_from_object({values!r})\n"
    else:
        files[path] += f"app.conf.update({values!r})\n"
    with TemporaryDirectory() as folder:
        found = check(Path(folder), files, path, "CEL603")
    assert bool(found) == refused


@pytest.mark.parametrize("names", [["CELERY_ACKS_LATE", "BROKER_URL", "task_time_limit"]])
def test_celery_takes_what_the_fix_of_a_mixture_leaves(names: list[str], tmp_path: Path) -> None:
    files = {"shop/__init__.py": "", "shop/a.py": f"{_APP}app.config_from_object('shop.config')\n"}
    text = "".join(f"{name} = 7\n" for name in names)
    after = _after_fix(tmp_path, text, files, "shop/config.py", "CEL603")
    config: dict[str, int] = {}
    exec(after, {}, config)
    assert set(config) <= SETTING_KEYS
    app = Celery("read", set_as_current=False)
    app.config_from_object(config)
    assert (app.conf.task_acks_late, app.conf.broker_url, app.conf.task_time_limit) == (7, 7, 7)


@pytest.mark.parametrize("namespace", [None, "CELERY"])
@pytest.mark.parametrize("written", ["worker_concurrency", "CELERYD_CONCURRENCY"])
def test_the_new_name_reads_what_is_written(namespace: str | None, written: str) -> None:
    name = f"CELERY_{written.upper()}" if namespace and written.islower() else written
    app = Celery("read", set_as_current=False)
    app.config_from_object({name: 3}, namespace=namespace)
    if namespace and name == "CELERYD_CONCURRENCY" and VERSION < NAMESPACE_SINCE:
        assert app.conf.worker_concurrency is None
        return
    assert app.conf.worker_concurrency == 3
    # With a namespace the old name misses what the new one says.
    assert (None if name.startswith("CELERY_") else 3) == app.conf.CELERYD_CONCURRENCY


_CONFIG = "app.config_from_object(CONFIG)\n"
JOINED = {
    "by |=": "CONFIG = {'CELERY_ACKS_LATE': 1}\nCONFIG |= {'BROKER_URL': 'x'}\n" + _CONFIG,
    "by a key": "CONFIG = {'CELERY_ACKS_LATE': 1}\nCONFIG['BROKER_URL'] = 'x'\n" + _CONFIG,
    "by a prefixed text": "app.conf.update({u'BROKER_URL': 'x', 'CELERY_ACKS_LATE': 1})\n",
    "by a spread": "from shop.x import BASE\napp.conf.update({**BASE, 'CELERY_ACKS_LATE': 1})\n",
    "by a spread of keywords": (
        "from shop.x import BASE\napp.conf.update(CELERY_ACKS_LATE=1, **BASE)\n"
    ),
    "by a spread in a dict": (
        "from shop.x import BASE\nCONFIG = {**BASE, 'CELERY_ACKS_LATE': 1}\n" + _CONFIG
    ),
    "by a base": (
        "class B:\n    BROKER_URL = 'x'\nclass CONFIG(B):\n    CELERY_ACKS_LATE = 1\n" + _CONFIG
    ),
    "by a base of another file": (
        "from shop.x import B\nclass CONFIG(B):\n    CELERY_ACKS_LATE = 1\n" + _CONFIG
    ),
    "by a loop": "for k in ('CELERY_ROUTES',):\n    app.conf[k] = 1\napp.conf.BROKER_URL = 'x'\n",
    "by a default": "app.conf.setdefault('CELERY_ACKS_LATE', 1)\napp.conf.BROKER_URL = 'x'\n",
}
JOINED_IN_MODULES = {
    "by an import": "from shop.x import BROKER_URL\nCELERY_ACKS_LATE = 1\n",
    "by all of another module": "from shop.x import *\nCELERY_ACKS_LATE = 1\n",
    "by a pair": "BROKER_URL, X = 'x', 1\nCELERY_ACKS_LATE = 1\n",
    "by setattr": "CELERY_ACKS_LATE = 1\nglobals().update(BROKER_URL='x')\n",
    "where the new name means something": (
        "CELERY_INCLUDE = ['a']\ndef f(include):\n    return include, CELERY_INCLUDE\n"
    ),
}


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED)
def test_a_fix_is_unsafe_where_old_names_may_join_in(text: str, tmp_path: Path) -> None:
    files = {"shop/x.py": "# celery\nBASE = {'BROKER_URL': 'x'}\nclass B:\n    BROKER_URL = 'x'\n"}
    found = check(tmp_path, {**files, "shop/app.py": _APP + text}, "shop/app.py", "CEL602")
    assert found
    for item in found:
        assert item.finding.fixes[0].applicability is Applicability.UNSAFE


@pytest.mark.parametrize("text", JOINED_IN_MODULES.values(), ids=JOINED_IN_MODULES)
def test_a_fix_is_unsafe_where_they_may_join_a_module(text: str, tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/x.py": "# celery\nBROKER_URL = 'x'\n",
        "shop/app.py": _APP + "app.config_from_object('shop.config')\n",
        "shop/config.py": f"# celery\n{text}",
    }
    found = check(tmp_path, files, "shop/config.py", "CEL602")
    assert found
    for item in found:
        assert item.finding.fixes[0].applicability is Applicability.UNSAFE


def test_a_fix_is_unsafe_where_a_file_without_celery_reads_the_name(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/celery.py": f"{_APP}app.config_from_object('shop.config', namespace='CELERY')\n",
        "shop/config.py": "# celery\nBROKER_URL = 'x'\n",
        "shop/health.py": "from shop import config\n\nprint(config.BROKER_URL)\n",
    }
    (found,) = check(tmp_path, files, "shop/config.py", "CEL602")
    assert found.finding.fixes[0].applicability is Applicability.UNSAFE


@pytest.mark.parametrize(
    "late",
    [
        "app.conf.task_acks_late = True\n",
        "app.conf['task_acks_late'] = True\n",
        "app.conf.update(task_acks_late=True)\n",
        "app.conf.update({'task_acks_late': True}, worker_prefetch_multiplier=8)\n",
        "app.config_from_object({'CELERY_TASK_ACKS_LATE': True}, namespace='CELERY')\n",
        "C = dict(task_acks_late=True)\napp.config_from_object(C)\n",
        "class C:\n    task_acks_late = True\napp.config_from_object(C)\n",
        "app.conf.worker_prefetch_multiplier = 2 * 4\napp.conf.task_acks_late = True\n",
    ],
)
def test_a_worker_reserves_one_task_after_the_fix(late: str, tmp_path: Path) -> None:
    made: dict[str, Celery] = {}
    app = _APP.replace("'shop'", "'shop', set_as_current=False")
    exec(_after_fix(tmp_path, app + late, {}, "shop/app.py", "CEL609"), made)
    assert made["app"].conf.worker_prefetch_multiplier == 1
    assert made["app"].conf.task_acks_late is True
