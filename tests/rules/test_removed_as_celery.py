"""What CEL901 says is gone, asked of Celery itself."""

import importlib

import pytest

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
