"""What CEL901 says is gone and CEL902 says is old, asked of Celery itself."""

import importlib

import pytest
from celery import Task, signals

from celeryls.rules.versions import deprecated_api
from celeryls.rules.versions.removed_api import REMOVED, SUCCESSORS


@pytest.mark.parametrize("module", REMOVED)
def test_the_module_is_gone(module: str) -> None:
    with pytest.raises(ImportError):
        importlib.import_module(module)


def test_celery_has_no_attribute_task() -> None:
    import celery

    with pytest.raises(AttributeError):
        _ = celery.task  # type: ignore[attr-defined]


@pytest.mark.parametrize("successor", sorted(set(SUCCESSORS.values())), ids=".".join)
def test_the_successor_is_there(successor: tuple[str, str]) -> None:
    module, name = successor
    assert getattr(importlib.import_module(module), name) is not None


@pytest.mark.parametrize("old", sorted(deprecated_api.SUCCESSORS))
def test_an_old_name_is_the_new_one(old: str) -> None:
    module, _, name = old.rpartition(".")
    found = importlib.import_module(module)
    assert getattr(found, name) is getattr(found, deprecated_api.SUCCESSORS[old])


@pytest.mark.parametrize("method", sorted(deprecated_api.METHODS))
def test_an_old_method_is_the_new_one(method: str) -> None:
    assert getattr(Task, method) is getattr(Task, deprecated_api.METHODS[method])


def test_the_successor_of_the_old_signal_is_there() -> None:
    assert signals.after_task_publish is not signals.task_sent
