"""Real brokers for tests: on loopback and free ports, with their files in a folder of their own."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kombu import Connection, Queue
from kombu.exceptions import OperationalError

from tests.worker.running import wait_for

QUEUES = ("default", "high_priority", "low_priority", "io_bound")
"""Those of the app that `celeryls init` writes."""


@dataclass(frozen=True)
class Broker:
    """A running broker."""

    kind: str
    """`redis` or `rabbitmq`."""
    url: str

    def environment(self, results: Path) -> dict[str, str]:
        """What tells a scaffolded app of it; `results` is a folder for a broker that holds none."""
        named = {"CELERY_BROKER_URL": self.url}
        if self.kind == "rabbitmq":
            results.mkdir(exist_ok=True)
            named["CELERY_RESULT_BACKEND"] = f"file://{results}"
        return named

    def clear(self) -> None:
        """Forget all that waits, so that the next test begins with nothing."""
        with Connection(self.url) as connection, connection.channel() as channel:
            if self.kind == "redis":
                channel.client.flushall()
                return
            for queue in QUEUES:
                channel.queue_delete(queue)

    def left(self, queue: str) -> int:
        """How many messages of a queue are not acknowledged; asked when no worker is there."""
        with Connection(self.url) as connection, connection.channel() as channel:
            if self.kind == "redis":
                client = channel.client
                return int(client.llen(queue)) + int(client.hlen("unacked"))
            declared = Queue(queue, channel=channel)

            def count() -> tuple[int] | None:
                found = declared.queue_declare(passive=True)
                # Until it knows that the worker is gone, what that one held does not count.
                return None if found.consumer_count else (int(found.message_count),)

            return wait_for(count, "the end of the worker's connection")[0]

    def take(self, queue: str) -> dict[str, Any]:
        """The headers of the message that waits in a queue, which is gone then."""
        with Connection(self.url) as connection, connection.channel() as channel:
            message = Queue(queue, channel=channel).get(no_ack=True)
            assert message is not None, f"nothing waits in {queue}"
            headers: dict[str, Any] = message.headers
            return headers

    def put(self, queue: str, body: bytes, content_type: str, headers: dict[str, Any]) -> None:
        """Put a message on a queue byte by byte, as who does not use Celery would."""
        with Connection(self.url) as connection:
            connection.Producer().publish(
                body,
                routing_key=queue,
                exchange="",
                declare=[Queue(queue, routing_key=queue)],
                content_type=content_type,
                content_encoding="utf-8",
                headers=headers,
                correlation_id=headers["id"],
            )


@contextmanager
def redis(folder: Path) -> Iterator[Broker]:
    """A Redis that keeps nothing."""
    port = free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with _running([_program("redis-server"), *options], folder, {}):
        broker = Broker("redis", f"redis://127.0.0.1:{port}/0")
        wait_for(lambda: _answers(broker), "Redis")
        yield broker


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Broker]:
    """A RabbitMQ with a port mapper of its own, so that no other node on the machine is touched."""
    ports = {name: str(free_port()) for name in ("broker", "nodes", "mapper")}
    plugins = folder / "enabled_plugins"
    plugins.write_text("[].\n")
    environment = {
        "HOME": str(folder),  # the cookie is written there
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": ports["mapper"],
        "RABBITMQ_NODENAME": "celeryls@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": ports["broker"],
        "RABBITMQ_DIST_PORT": ports["nodes"],
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        # The machine's own configuration is not for a test.
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none-env"),
    }
    # What is on the path of Debian wants to be another user and to write in /var.
    server = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    program = str(server) if server.exists() else _program("rabbitmq-server")
    with ExitStack() as stack:
        # Started by the server it would be a daemon that outlives the test.
        stack.enter_context(_running([_program("epmd")], folder, environment))
        stack.enter_context(_running([program], folder, environment))
        broker = Broker("rabbitmq", f"amqp://guest:guest@127.0.0.1:{ports['broker']}//")
        wait_for(lambda: _answers(broker), "RabbitMQ", 90)
        yield broker


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, f"{name} is not installed: run `make services` as root"
    return found


def free_port() -> int:
    """A port of loopback that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(broker: Broker) -> bool:
    with suppress(OperationalError), Connection(broker.url, connect_timeout=2) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0.1)
        if broker.kind == "redis":
            connection.default_channel.client.ping()
        return True
    return False


@contextmanager
def _running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    log = folder / f"{Path(command[0]).name}.out"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    except BaseException:
        print(f"--- {log.name}\n{log.read_text()}")  # pytest shows it beside the failure
        raise
    finally:
        # Nothing in there is worth a farewell, and the group has what the server started.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
