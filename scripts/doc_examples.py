"""The examples that the documentation shows, made by running the real thing.

A tiny project is written into a folder of its own, the command runs in it, and the server is
asked over standard input and output as an editor would.  Used by `make_docs.py`.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

SHOWN_FOLDER = "/home/ada/shop"
"""What the documentation calls the folder."""

TASKS = '''\
import requests
from celery import shared_task


@shared_task(max_retires=5)
def sync_stock(self, product_id):
    requests.post(f"https://warehouse.example/{product_id}", timeout=10)


def send_receipt(order_id: int, *, copy: bool = False) -> None:
    """Mail the receipt of an order."""
    requests.post("https://mail.example/", json={"order": order_id, "copy": copy}, timeout=10)
'''
WORKFLOW = {
    "shop/__init__.py": "",
    "shop/celery.py": """\
from celery import Celery
from celery.schedules import crontab

app = Celery("shop", include=["shop.tasks"])
app.conf.task_acks_late = True
app.conf.task_routes = {"shop.tasks.send_*": {"queue": "mail"}}
app.conf.beat_schedule = {
    "prices": {"task": "shop.tasks.refresh_prices", "schedule": crontab(hour=3, minute=30)},
}
""",
    "shop/tasks.py": """\
from celery import chain, shared_task


@shared_task
def refresh_prices():
    for product_id in range(100):
        chain(fetch_price.s(product_id), store_price.s(product_id)).delay()


@shared_task(max_retries=5)
def fetch_price(product_id): ...


@shared_task
def store_price(price, product_id): ...


@shared_task
def send_receipt(order_id): ...
""",
    "shop/reports.py": """\
from celery import shared_task


@shared_task
def weekly_report(): ...
""",
    "shop/views.py": """\
from django.db import transaction
from shop.tasks import send_receipt


def checkout(request, order):
    transaction.on_commit(lambda: send_receipt.delay(order.pk))
""",
}
"""A project with a schedule, a workflow, and a module that no worker imports."""
ANSWERS: tuple[dict[str, Any], ...] = (
    {"name": "Refresh prices", "parameters": "shop_id: int", "retry": "custom"},
    {
        "name": "refresh_prices",
        "max_retries": 5,
        "retry_delay": 30,
        "backoff": True,
        "retry_on": "ConnectionError",
    },
)
"""The answers of each round; the first has a mistake, and leads to further questions."""
SHOWN_TASKS = ("shop.tasks.send_receipt", "shop.tasks.refresh_prices")
"""The tasks of it that the view is shown with; the first is run."""
INPUT_TYPES = ["string", "bool", "number", "enum"]
COMMAND = [sys.executable, "-m", "celeryls"]


@contextmanager
def project(files: Mapping[str, str] = MappingProxyType({"tasks.py": TASKS})) -> Iterator[Path]:
    """A tiny project, in a folder that nothing around it has a say in."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / ".git").mkdir()
        for path, text in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        yield folder


def _environment() -> dict[str, str]:
    """The environment without what says something about another project, or about colours."""
    own = ("VIRTUAL_ENV", "FORCE_COLOR", "PYTHONPATH")
    return {**{k: v for k, v in os.environ.items() if k not in own}, "PYTHONUTF8": "1"}


def output(folder: Path, *arguments: str) -> str:
    """What `celeryls` prints in a folder."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    if done.returncode > 1 or done.stderr:
        raise RuntimeError(f"celeryls {' '.join(arguments)} failed: {done.stderr}")
    return done.stdout


class Editor:
    """As much of an editor as it takes to ask one server questions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = subprocess.Popen(
            [*COMMAND, "server", "--stdio"],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._number = 0
        self._texts: dict[str, str] = {}

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        """The answer to a request; what the server asks meanwhile is granted."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message:
                edits = message["method"] == "workspace/applyEdit"
                if edits:
                    self._apply(message["params"]["edit"])
                if "id" in message:
                    answer = {"applied": True} if edits else None
                    self._send({"id": message["id"], "result": answer})
            elif message["id"] == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def open(self, uri: str, text: str) -> None:
        self._texts[uri] = text
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def _apply(self, edit: Any) -> None:
        """Make the edits of open documents, whose text is ASCII."""
        for uri, edits in edit["changes"].items():
            lines = self._texts[uri].splitlines(keepends=True)
            starts = [0, *itertools.accumulate(map(len, lines))]
            for change in sorted(edits, key=lambda one: one["range"]["start"]["line"])[::-1]:
                text = self._texts[uri]
                start, end = (
                    starts[change["range"][end]["line"]] + change["range"][end]["character"]
                    for end in ("start", "end")
                )
                self._texts[uri] = text[:start] + change["newText"] + text[end:]
            document = {"uri": uri, "version": 2}
            changes = [{"text": self._texts[uri]}]
            self.notify(
                "textDocument/didChange", {"textDocument": document, "contentChanges": changes}
            )

    def end(self) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        self._server.wait(10)

    def _send(self, message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()

    def _receive(self) -> Any:
        pipe = self._server.stdout
        assert pipe is not None
        length = 0
        while (line := pipe.readline()) != b"\r\n":
            if not line:
                raise RuntimeError("the server ended")
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(pipe.read(length))


def conversation(folder: Path) -> Iterator[tuple[str, Any]]:
    """What is said while a task is created by the form: titles and messages."""
    editor = Editor(folder)
    document = {"uri": (folder / "tasks.py").as_uri()}
    start = {
        "processId": None,
        "workspaceFolders": [{"uri": folder.as_uri(), "name": "shop"}],
        "capabilities": {"experimental": {"interactiveResolve": {"inputTypes": INPUT_TYPES}}},
    }
    capabilities = editor.request("initialize", start)["capabilities"]
    yield "client-capability", start["capabilities"]
    yield "server-capability", {"experimental": capabilities["experimental"]}
    editor.notify("initialized", {})
    editor.open(document["uri"], TASKS)
    place = {"line": 7, "character": 0}
    asked = {
        "textDocument": document,
        "range": {"start": place, "end": place},
        "context": {"diagnostics": [], "only": ["refactor.extract.celery.task"]},
    }
    (action,) = editor.request("textDocument/codeAction", asked)
    yield "action", action
    command = {key: action["command"][key] for key in ("command", "arguments")}
    yield "resolve-1", command
    first = editor.request("command/resolve", command)
    yield "fields-1", first
    for at, answers in enumerate(ANSWERS, start=2):
        given = [{"id": field, "value": value} for field, value in answers.items()]
        command = {key: first[key] for key in ("command", "arguments")} | {"formAnswers": given}
        yield f"resolve-{at}", command
        first = editor.request("command/resolve", command)
        yield f"fields-{at}", first
    plan = editor.request("celeryls/plan", first)
    yield "plan", {**plan, "code": "...", "changes": [{**plan["changes"][0], "newText": "..."}]}
    yield "result", editor.request("workspace/executeCommand", first)
    editor.end()


def views(folder: Path) -> Iterator[tuple[str, Any]]:
    """What is said to show a view and a graph of the project `WORKFLOW`, and to run a task."""
    editor = Editor(folder)
    start = {
        "processId": None,
        "workspaceFolders": [{"uri": folder.as_uri(), "name": "shop"}],
        "capabilities": {"experimental": {"interactiveResolve": {"inputTypes": INPUT_TYPES}}},
    }
    editor.request("initialize", start)
    editor.notify("initialized", {})
    view = editor.request("celeryls/view", {})
    (shown,) = view["folders"]
    (app,) = shown["apps"]
    for entry in (*shown["schedules"], *(e for task in app["tasks"] for e in task["schedules"])):
        entry["nextRuns"] = [f"2030-01-{day}T03:30:00+00:00" for day in (29, 30, 31)]
    app["tasks"] = [task for task in app["tasks"] if task["name"] in SHOWN_TASKS]
    yield "view-answer", view
    asked = {"around": "fetch_price", "by": "none"}
    yield "graph-request", asked
    yield "graph-answer", editor.request("celeryls/graph", asked)
    command: Any = {"command": "celeryls.runTask", "arguments": [{"task": SHOWN_TASKS[0]}]}
    yield "run-resolve", command
    first = editor.request("command/resolve", command)
    yield "run-fields", first
    answers = ({"how": "send", "argument_order_id": "42"}, {"queue": "", "countdown": 60})
    for given in answers:
        command = {key: first[key] for key in ("command", "arguments")}
        command["formAnswers"] = [{"id": field, "value": value} for field, value in given.items()]
        first = editor.request("command/resolve", command)
    yield "run-complete", first
    yield "run-line", editor.request("workspace/executeCommand", first)
    editor.end()


def compact(value: Any, indent: int = 0, width: int = 88) -> str:
    """JSON that keeps on one line what fits on one."""
    flat = json.dumps(value)
    if len(flat) + indent <= width or not isinstance(value, dict | list):
        return flat
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        items = [f"{json.dumps(k)}: {compact(v, indent + 2, width)}" for k, v in value.items()]
    else:
        items = [compact(item, indent + 2, width) for item in value]
    inner = ",\n".join(pad + item for item in items)
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{inner}\n{' ' * indent}{end}"
