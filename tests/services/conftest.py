"""Fixtures: each broker once for all tests, and a project on it for each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import brokers
from tests.services.brokers import Broker
from tests.services.shop import Shop, write_shop


@pytest.fixture(scope="session", params=["redis", "rabbitmq"])
def running_broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Broker]:
    """The server: pytest runs all tests on one before it starts the other."""
    start = {"redis": brokers.redis, "rabbitmq": brokers.rabbitmq}[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as broker:
        yield broker


@pytest.fixture
def broker(running_broker: Broker) -> Broker:
    """A broker with nothing in it."""
    running_broker.clear()
    return running_broker


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it was written, which nobody changes."""
    return write_shop(tmp_path_factory.mktemp("written"))


@pytest.fixture
def shop(broker: Broker, written: Path, tmp_path: Path) -> Shop:
    """The project, in a folder of the test's own."""
    return Shop(shutil.copytree(written, tmp_path / "shop"), broker)
