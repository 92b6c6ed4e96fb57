"""What a view and a graph of 500 tasks take, asked of the real server while somebody types.

    python benchmarks/view.py

50 modules of ten tasks each, which send one another, and 50 schedules.  Before each question a key
is typed into the body of a task, or into an option, on which other files may depend.  Times are
from the question to its whole answer, read as JSON; the first, for which every file is read for
what uses tasks, is shown apart.  Exits 1 where a median is over 100 ms.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from keystroke import Client

LIMIT = 0.100
"""Seconds."""
MODULES, TASKS, ROUNDS = 50, 10, 20
HEAD = """\
import logging

from celery import shared_task

logger = logging.getLogger(__name__)
"""
TASK = '''

@shared_task(bind=True, max_retries=5, autoretry_for=(OSError,), retry_backoff=True, queue="mail")
def task_{module}_{number}(self, order_id: int, *, copy: bool = False):
    """Do something with an order."""
    from shop.tasks{next} import task_{next}_{number}

    for number in range(order_id):
        logger.info("number %s of %s", number, order_id)
        task_{next}_{number}.delay(number, copy=copy)
    return order_id
'''
APP = """\
from celery import Celery
from celery.schedules import crontab

app = Celery("shop", include=[{include}])
app.conf.task_acks_late = True
app.conf.timezone = "Europe/Berlin"
app.conf.beat_schedule = {{
{schedule}}}
"""


def make(root: Path) -> Path:
    """Write the project; the module that is typed in."""
    modules = [f"shop.tasks{module}" for module in range(MODULES)]
    schedule = "".join(
        f'    "job{at}": {{"task": "{name}.task_{at}_0", "schedule": crontab(hour={at % 24})}},\n'
        for at, name in enumerate(modules)
    )
    (root / "shop").mkdir()
    (root / "shop/__init__.py").write_text("")
    include = ", ".join(f'"{name}"' for name in modules)
    (root / "shop/celery.py").write_text(APP.format(include=include, schedule=schedule))
    for module in range(MODULES):
        following = (module + 1) % MODULES
        tasks = [TASK.format(module=module, number=n, next=following) for n in range(TASKS)]
        (root / f"shop/tasks{module}.py").write_text(HEAD + "".join(tasks))
    return root / "shop/tasks0.py"


class Asking:
    """The module, open in an editor that shows a view."""

    def __init__(self, root: Path) -> None:
        path = make(root)
        self._text, self._uri, self._number = path.read_text(), path.as_uri(), 1
        self._client = Client(root)
        item = {"uri": self._uri, "languageId": "python", "version": 0, "text": self._text}
        self._client.send("textDocument/didOpen", {"textDocument": item})
        self._client.published(0)

    def type(self, old: str, new: str) -> None:
        """Replace a text wherever it is, and wait for the diagnostics."""
        self._number += 1
        document = {"uri": self._uri, "version": self._number}
        changes = [{"text": self._text.replace(old, new)}]
        self._client.send(
            "textDocument/didChange", {"textDocument": document, "contentChanges": changes}
        )
        self._client.published(self._number)

    def ask(self, method: str) -> tuple[float, dict[str, Any]]:
        """Seconds until the answer is there, and what it says of the folder."""
        self._number += 1
        began = time.perf_counter()
        self._client.send(method, {}, number=self._number)
        while (message := self._client.receive()).get("id") != self._number:
            pass
        (folder,) = message["result"]["folders"]
        return time.perf_counter() - began, folder

    def close(self) -> None:
        self._client.stop()


def main() -> int:
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        editor = Asking(Path(name).resolve())
        first, folder = editor.ask("celeryls/view")
        tasks = len(folder["apps"][0]["tasks"])
        print(f"{tasks} tasks, {len(folder['schedules'])} schedules; first view {first:.3f} s")
        assert tasks == MODULES * TASKS
        for method in ("celeryls/view", "celeryls/graph"):
            for place, old in (("in a body", "number %s of"), ("in an option", "max_retries=5")):
                times = []
                for key in range(ROUNDS):
                    editor.type(old, f"{old}{key}")
                    times.append(editor.ask(method)[0])
                middle = statistics.median(times)
                worst = max(worst, middle)
                print(f"{method} after a key {place}: {middle:.3f} s (fastest {min(times):.3f} s)")
        editor.close()
    return int(worst > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
