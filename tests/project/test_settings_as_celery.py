"""Configuration modules, read by us and by Celery itself: both must see the same."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery

from celeryls import catalog
from tests.project.reading import UNKNOWN, in_force, project

# Names in the module, the namespace it is read with.
MODULES = [
    ({}, None),
    ({"task_acks_late": True}, None),
    ({"task_acks_late": False}, None),
    ({"TASK_ACKS_LATE": True}, None),
    ({"CELERY_ACKS_LATE": True}, None),
    ({"celery_acks_late": True}, None),
    ({"acks_late": True}, None),
    ({"CELERY_TASK_ACKS_LATE": True}, None),
    ({"CELERY_TASK_ACKS_LATE": True}, "CELERY"),
    ({"celery_task_acks_late": True}, "celery"),
    ({"CELERY_TASK_ACKS_LATE": True}, "celery"),
    ({"CELERY_ACKS_LATE": True}, "CELERY"),
    ({"TASK_ACKS_LATE": True}, "CELERY"),
    ({"task_acks_late": True}, "CELERY"),
    ({"SHOP_TASK_ACKS_LATE": True}, "SHOP"),
    ({"SHOP_ACKS_LATE": True}, "SHOP"),
    ({"CELERY_ACKS_LATE": True}, "SHOP"),
    ({"task_acks_late": None}, None),
]


def _celery_says(values: dict[str, object], namespace: str | None) -> object:
    app = Celery("read", set_as_current=False)
    app.config_from_object(SimpleNamespace(**values), namespace=namespace)

    @app.task(name="read.f", shared=False)
    def f() -> None: ...

    return app.tasks["read.f"].acks_late


@pytest.mark.parametrize(("values", "namespace"), MODULES)
def test_a_module_means_what_it_means_to_celery(
    values: dict[str, object], namespace: str | None, tmp_path: Path
) -> None:
    read = project(
        tmp_path,
        {
            "conf.py": "".join(f"{name} = {value}\n" for name, value in values.items()),
            "t.py": (
                "from celery import Celery\napp = Celery('x')\n"
                f"app.config_from_object('conf', namespace={namespace!r})\n"
                "@app.task\ndef f(): ...\n"
            ),
        },
    )
    assert in_force(read, "acks_late")[0] == _celery_says(values, namespace)


# The option in the decorator, in the base class, as setting: `...` where it isn't written.
LAYERS = [
    (decorator, base, setting)
    for decorator in (..., True, False, None)
    for base in (..., True, None)
    for setting in (..., True, False)
]


@pytest.mark.parametrize(("decorator", "base", "setting"), LAYERS)
def test_the_option_in_force_is_celerys(
    decorator: object, base: object, setting: object, tmp_path: Path
) -> None:
    options = "" if decorator is ... else f"acks_late={decorator}"
    text = f"""\
from celery import Celery, Task
class Base(Task):
    x = 1
    {"" if base is ... else f"acks_late = {base}"}
app = Celery("read", set_as_current=False)
{"" if setting is ... else f"app.conf.task_acks_late = {setting}"}
@app.task(base=Base, name="read.f", shared=False, {options})
def f(): ...
"""
    scope: dict[str, Any] = {"__name__": "read"}
    exec(text, scope)
    celery_says = scope["app"].tasks["read.f"].acks_late
    assert in_force(project(tmp_path, {"t.py": text}), "acks_late")[0] == celery_says


def test_every_option_of_a_plain_task_is_what_a_real_task_has(tmp_path: Path) -> None:
    text = """\
from celery import Celery
app = Celery("read", set_as_current=False)
@app.task(name="read.f", shared=False)
def f(): ...
"""
    scope: dict[str, Any] = {"__name__": "read"}
    exec(text, scope)
    task = scope["app"].tasks["read.f"]
    read = project(tmp_path, {"t.py": text})
    compared = []
    for name, option in catalog.task_options().items():
        value, origin = in_force(read, name)
        if option.kind in ("attribute", "execution") and value != UNKNOWN and hasattr(task, name):
            real = getattr(task, name)
            assert value == (list(real) if isinstance(real, tuple) else real), name
            assert origin == "default"
            compared.append(name)
    assert len(compared) > 18
