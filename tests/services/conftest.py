"""Real brokers on loopback, each with a folder of its own, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.worker.running import Project, wait_for

VISIBILITY_TIMEOUT = 3
"""Seconds after which Redis hands an unacknowledged message to another worker."""
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Not the one on the path, which becomes another user first."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _served(command: list[str], port: int, log: Path, env: dict[str, str]) -> Iterator[None]:
    """A server from when it answers on until it is not needed any more."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            env={**os.environ, **env},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(answers, f"{command[0]} answers", 90)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    assert server, "redis-server is not installed: run `make services` as root"
    port = _free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    with _served([server, *options], port, tmp_path / "redis.log", {}):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def rabbitmq_url(tmp_path: Path) -> Iterator[str]:
    assert RABBITMQ.exists(), "rabbitmq-server is not installed: run `make services` as root"
    port, home = _free_port(), tmp_path / "rabbitmq"
    home.mkdir()
    (home / "plugins").write_text("[].")
    env = {
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"celeryls{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(_free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(home / "none"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
    }
    with _served([str(RABBITMQ)], port, tmp_path / "rabbitmq.log", env):
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


@pytest.fixture(params=["redis", "rabbitmq"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """A project on each of the brokers."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    root = tmp_path / "project"
    root.mkdir()
    options = {"visibility_timeout": VISIBILITY_TIMEOUT} if request.param == "redis" else {}
    return Project(root, url, **options)
