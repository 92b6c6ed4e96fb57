"""A scaffolded project of each framework, whose generated tasks are run on a worker of its own.

`init` and `new` are the real commands.  A task's body is filled in at the placeholder, so that
its parameter `trouble` has it fail or sleep; all else is as it was generated.
"""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.celery_version import VERSION
from tests.generate.pairwise import paired
from tests.generate.scaffolds import KINDS, python
from tests.rules.harness import write
from tests.worker.running import CELERYLS, PLACEHOLDER, Worker, wait_for

RETRIES: Mapping[str, dict[str, str]] = {
    "none": {"retry": "none"},
    "simple": {"retry": "simple"},
    "exponential": {"retry": "exponential"},
    "custom": {"retry": "custom", "max_retries": "2", "retry_delay": "1", "backoff": "yes"},
}
MAX_RETRIES = {"none": 0, "simple": 3, "exponential": 3, "custom": 2}
DELAYS = {
    "simple": [(60, 60), (60, 60), (60, 60)],
    "exponential": [(30, 60), (60, 120), (120, 240)],
    "custom": [(1, 1), (1, 2)],
}
"""The least and the most seconds before each further attempt, as the generated comment says."""

# How a body ends that returns a value, and the task that takes it in a chain.
RETURNS: Mapping[str, tuple[str, str]] = {
    "nothing": ("", "take_nothing"),
    "status": ("", "take_status"),
    "int": ("item_id * 10", "take_int"),
    "list[str]": ("[str(item_id)]", "take_names"),
}
SCHEDULES = ("every 90 seconds", "every 15 minutes", "every day at 03:30")
TIMING = (("timedelta", 90.0), ("timedelta", 900.0), ("crontab", ["30", "3", "*", "*", "*"]))
KIND = {
    "framework": ("plain", "django", "flask", "fastapi"),
    "retry": tuple(RETRIES),
    "returns": tuple(RETURNS),
    "type": ("one-time", "periodic", "chained"),
    "queue": ("default", "high_priority"),
}
BODY = """\
if trouble == "down" or (trouble == "down once" and self.request.retries == 0):
    from pathlib import Path
    Path(f"failed/{self.request.id}-{self.request.retries}").touch()
    raise ConnectionError("down")
if trouble == "bug":
    raise ValueError("bug")
if trouble == "slow":
    import time
    time.sleep(30)"""
NEIGHBOURS = '''\
"""Tasks that are there already."""

from typing import Any

{imported}


@{decorator}
def seed(number: int) -> int:
    """Begin a chain."""
    return number + 1


@{decorator}
def take_nothing() -> str:
    """End a chain that hands nothing on."""
    return "took nothing"


@{decorator}
def take_status(found: dict[str, Any]) -> dict[str, Any]:
    """End a chain."""
    return {{"took": found}}


@{decorator}
def take_int(found: int) -> int:
    """End a chain."""
    return found + 1


@{decorator}
def take_names(found: list[str]) -> list[str]:
    """End a chain."""
    return [*found, "end"]
'''


def rows() -> list[dict[str, Any]]:
    """What is tried with this Celery: every two choices meet, others with another version."""
    turn = VERSION[1] % len(RETURNS)
    returns = [*RETURNS][turn:] + [*RETURNS][:turn]
    retries = [*RETRIES, "exponential"]  # The last one has room for the pairs that are left.
    main = [
        {"framework": framework, "retry": retry}
        for retry in retries
        for framework in KIND["framework"]
    ]
    return list(paired(main, {"returns": returns, "type": KIND["type"], "queue": KIND["queue"]}))


@dataclass(frozen=True)
class Layout:
    """Where things are in the project of a framework, and how its own process begins."""

    app: str
    module: str
    begin: str
    path: str = ""
    declared: tuple[str, str, str] = ("requirements.txt", "", "celery=={}.*\n")

    @property
    def tasks(self) -> str:
        """The file of the tasks, from the project's folder."""
        return str(Path(self.path, *self.module.split("."))) + ".py"


LAYOUTS = {
    "plain": Layout("celery_app", "tasks", "from celery_app import app\n"),
    "django": Layout(
        "mysite",
        "orders.tasks",
        "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'\n"
        "import django\ndjango.setup()\nfrom mysite.celery import app\n",
    ),
    "flask": Layout(
        "shop.celery_app",
        "shop.tasks",
        "from shop.celery_app import app\n",
        declared=("pyproject.toml", '"flask"', '"flask", "celery=={}.*"'),
    ),
    "fastapi": Layout(
        "shop.celery_app", "shop.tasks", "from shop.celery_app import app\n", path="src"
    ),
}
SEND = """\
import importlib, json
module = importlib.import_module({module!r})
tasks = vars(module)
sent = {{}}
for key, function, kwargs, retries in json.loads({calls!r}):
    sent[key] = tasks[function].apply_async(kwargs=kwargs, retries=retries).id
from celery import chain
for key, source in json.loads({chains!r}):
    sent[key] = eval(source, {{**tasks, "chain": chain}}).id
for key, entry in json.loads({entries!r}):
    entry = app.conf.beat_schedule[entry]
    sent[key] = app.send_task(
        entry["task"], kwargs=entry["kwargs"], **entry.get("options", {{}})
    ).id
print(json.dumps(sent))
"""


@dataclass(frozen=True)
class Made:
    """A task that was generated, and what was promised of it."""

    row: dict[str, Any]
    function: str
    name: str
    chain: str = ""

    @property
    def max_retries(self) -> int:
        return MAX_RETRIES[self.row["retry"]]

    @property
    def waits(self) -> bool:
        """Whether its delays are short enough to be waited for."""
        return bool(self.row["retry"] == "custom")

    def result(self, item_id: int) -> Any:
        """What a run with `item_id` returns."""
        return {
            "nothing": None,
            "status": {"status": "success", "item_id": item_id},
            "int": item_id * 10,
            "list[str]": [str(item_id)],
        }[self.row["returns"]]

    @property
    def chained(self) -> Any:
        """What its chain comes to: `seed` makes 2 of the sample 1."""
        found = self.result(2)
        return {
            "nothing": "took nothing",
            "status": {"took": found},
            "int": found and found + 1 if self.row["returns"] == "int" else None,
            "list[str]": [*found, "end"] if self.row["returns"] == "list[str]" else None,
        }[self.row["returns"]]


@dataclass
class Scaffolded:
    """A project with an app and tasks that celeryls wrote."""

    root: Path
    framework: str
    made: list[Made] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        return LAYOUTS[self.framework]

    def celeryls(self, *command: str) -> str:
        """Run the real command in the project; what it prints."""
        done = subprocess.run(
            [CELERYLS, *command], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def init(self) -> None:
        """The app, and tasks that were there before those that are generated."""
        name, old, new = self.layout.declared
        files = dict(KINDS[self.framework])
        version = new.format(f"{VERSION[0]}.{VERSION[1]}")
        found = files.get(name, "")
        files[name] = found.replace(old, version) if old else found + version
        write(self.root, files)
        self.celeryls("init", self.framework, "--yes")
        plain = self.framework == "plain"
        tasks = self.root / self.layout.tasks
        tasks.write_text(
            NEIGHBOURS.format(
                imported="from celery_app import app"
                if plain
                else "from celery import shared_task",
                decorator="app.task" if plain else "shared_task",
            )
        )
        (self.root / "failed").mkdir()

    def new(self, number: int, row: dict[str, Any]) -> None:
        """Have a task written, and fill in its body."""
        function = f"task_{number}"
        answers = {
            "type": row["type"],
            "returns": row["returns"],
            "queue": row["queue"],
            "file": self.layout.tasks,
            "parameters": 'item_id: int, trouble: str = ""',
            # Some have to run into their limit, none may be killed for it.
            "soft_time_limit": "1",
            "time_limit": "20",
            **RETRIES[row["retry"]],
        }
        chain = ""
        if row["type"] == "periodic":
            answers |= {"schedule": SCHEDULES[number % 3], "arguments": "item_id=5"}
        elif row["type"] == "chained":
            answers |= {"after": "seed", "before": RETURNS[row["returns"]][1]}
        pairs = [part for key, value in answers.items() for part in ("--set", f"{key}={value}")]
        if row["type"] == "chained":
            shown = self.celeryls("new", function, "--yes", "--dry-run", *pairs)
            (chain,) = re.findall(r"^call: (chain\(.*\)\.delay\(\))$", shown, re.M)
        printed = self.celeryls("new", function, "--yes", *pairs)
        (name,) = re.findall(r"^    celery .*-A \S+ call (\S+)", printed, re.M)
        self._fill_in(row)
        self.made.append(Made(row, function, name, chain))

    def _fill_in(self, row: dict[str, Any]) -> None:
        path = self.root / self.layout.tasks
        lines = []
        for line in path.read_text().splitlines(keepends=True):
            if PLACEHOLDER in line:
                indent = line[: len(line) - len(line.lstrip())]
                line = "".join(f"{indent}{part}\n" for part in BODY.splitlines())
            lines.append(line)
        text = "".join(lines)
        value = RETURNS[row["returns"]][0]
        if value:
            text, count = re.subn(
                r"( result: \S+ = )(?:0|\[\])$", rf"\g<1>{value}", text, flags=re.M
            )
            assert count == 1, text
        path.write_text(text)

    def python(self, code: str) -> str:
        """Run code as the web part would, with the app; what it prints."""
        return python(self.root, self.layout.begin + code, self.layout.path)

    def send(
        self,
        calls: Iterable[tuple[str, str, dict[str, Any], int]],
        chains: Iterable[tuple[str, str]] = (),
        entries: Iterable[tuple[str, str]] = (),
    ) -> dict[str, str]:
        """Send tasks without waiting for them; their ids, by the key of each."""
        code = SEND.format(
            module=self.layout.module,
            calls=json.dumps([*calls]),
            chains=json.dumps([*chains]),
            entries=json.dumps([*entries]),
        )
        sent: dict[str, str] = json.loads(self.python(code))
        return sent

    def outcome_file(self, task: str) -> Path:
        return self.root / ".celery/results" / f"celery-task-meta-{task}"

    def outcome(self, task: str) -> dict[str, Any]:
        """What the result backend has for a task; empty while it has nothing."""
        try:
            outcome: dict[str, Any] = json.loads(self.outcome_file(task).read_text())
        except (OSError, ValueError):
            return {}  # not there, or being written
        return outcome

    def outcomes(
        self, process: Worker, sent: Mapping[str, str], *states: str
    ) -> dict[str, dict[str, Any]]:
        """The outcomes of what was sent, once all are in one of these states."""
        left = dict(sent)
        found = {}

        def look() -> bool:
            assert process.process.poll() is None, "the worker has ended"
            for key, task in [*left.items()]:
                outcome = self.outcome(task)
                if outcome.get("status") in states:
                    found[key] = outcome
                    del left[key]
            return not left

        wait_for(look, "the outcome of every task", 60)
        return found

    def messages(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The queue and the headers of every message that waits in the broker's folder."""
        for path in sorted((self.root / ".celery/messages").glob("*.msg")):
            yield path.name.split(".")[-2], json.loads(path.read_text())["headers"]
