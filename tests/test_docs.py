"""The documentation is true: what it shows exists, and what is generated is fresh."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from celeryls.cli.main import _celeryls
from celeryls.rules.base import Rule
from celeryls.rules.registry import all_rules
from tests.cli.running import script
from tests.rules.harness import check, write

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *(
            page
            for folder in ("docs", "editors", "examples", "vscode-client")
            for page in (ROOT / folder).rglob("*.md")
            if "node_modules" not in page.parts
        ),
    )
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
OURS = re.compile(r"(?:server|scripts|tests|docs|benchmarks|templates|editors|examples)/[\w./-]+")
LAYERS = ROOT / "server/celeryls"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _prose(text: str) -> str:
    return FENCE.sub("", text)


def _slugs(text: str) -> set[str]:
    """The anchors of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_what_is_generated_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/make_docs.py"), "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"run make docs:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(_prose(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        there = page.parent / target if target else page
        assert there.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in _slugs(there.read_text("utf-8")), f"{link} has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_files_and_tests_that_are_named_exist(page: Path) -> None:
    for code in INLINE.findall(_prose(page.read_text("utf-8"))):
        path, _, test = code.partition("::")
        if not OURS.fullmatch(path) or "your_rule" in path:
            continue
        assert (ROOT / path).exists() or (page.parent / path).exists(), f"there is no {path}"
        if test:
            source = (ROOT / path).read_text("utf-8")
            assert re.search(rf"def {test}\(", source), f"{path} has no {test}"


def test_every_layer_is_described() -> None:
    packages = {path.parent.name for path in LAYERS.glob("*/__init__.py")}
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = text.partition("## Layers")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert set(rows) == packages
    written = (ROOT / "pyproject.toml").read_text("utf-8").partition('type = "layers"')[2]
    order = re.findall(r"celeryls\.(\w+)", written.partition("]")[0])
    place = {layer: at for at, layer in enumerate(reversed(order))}
    place["generate"] = place["refactor"] = min(place["generate"], place["refactor"])
    assert [place[row] for row in rows] == sorted(place[row] for row in rows)


def _commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = page.read_text("utf-8")
        shown = [
            line.removeprefix("$ ").strip()
            for language, block in FENCE.findall(text)
            if language in ("sh", "console", "shell", "bash")
            for line in block.splitlines()
        ]
        # What CI runs: `- celeryls check` in a list, `run: celeryls check` in a step.
        shown += [
            command
            for language, block in FENCE.findall(text)
            if language == "yaml"
            for command in re.findall(r"^ *- (?:run: )?(celeryls .*)$", block, re.MULTILINE)
        ]
        shown += INLINE.findall(_prose(text))
        for command in shown:
            if command.startswith("celeryls "):
                yield _name(page), command


@pytest.mark.parametrize(("page", "command"), sorted(set(_commands())))
def test_commands_that_are_shown_exist(page: str, command: str) -> None:
    arguments = shlex.split(command.partition(" > ")[0], comments=True)[1:]
    called: click.Command = _celeryls
    if not arguments[0].startswith("-"):
        found = _celeryls.get_command(click.Context(_celeryls), arguments[0])
        assert found is not None, f"there is no command {arguments[0]}"
        called, arguments = found, arguments[1:]
        if not arguments:
            return  # its name in a sentence
    try:
        called.make_context("celeryls", arguments)
    except click.exceptions.Exit:
        pass  # --help and --version
    except click.UsageError as error:
        pytest.fail(error.format_message())


PRELUDE = """\
from datetime import timedelta

import requests
from celery import Celery, Task, chain, chord, shared_task
from celery.exceptions import Reject
from celery.schedules import crontab
from kombu import Queue

"""
TASKS = """\
app = Celery("shop")


@shared_task
def cleanup(): ...


@shared_task
def charge(order_id, amount=100): ...


@shared_task
def fetch(url="/"): ...


@shared_task
def store(page): ...


@shared_task
def clean_up(): ...


@shared_task
def notify(users): ...


"""
"""What examples about calls and workflows talk of."""
FAMILIES_WITH_TASKS = ("CEL3", "CEL4", "CEL5", "CEL6", "CEL8")
ALSO_WITH_TASKS = ("CEL000", "CEL119", "CEL706", "CEL902")
WITHOUT_TASKS = ("CEL310", "CEL315", "CEL403", "CEL404", "CEL604", "CEL610")


DJANGO = """\
import os
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""


BEFORE = {"CEL315": "@shared_task\ndef charge(order_id): ...\n\n\n"}
"""What an example talks of that is not among the tasks of all."""
BESIDE = {"CEL000": ("CEL301",)}
"""Other rules that an example is about."""
AROUND = {
    "CEL315": {"shop/celery.py": DJANGO},
    "CEL125": {"shop/celery.py": "from celery import Celery\n\napp = Celery(backend='redis://')\n"},
    "CEL127": {"celeryls.toml": '[require]\n"shop/" = { queue = "migrations" }\n'},
    "CEL604": {"shop/celery.py": DJANGO},
    "CEL702": {"shop/celery.py": "from celery import Celery\n\napp = Celery('shop')\n"},
    "CEL705": {
        "shop/tasks.py": "from celery import shared_task\n\n\n@shared_task\ndef send(): ...\n",
        "shop/celery.py": "from celery import Celery\n\napp = Celery(include=['shop.tasks'])\n",
    },
}
"""The files that examples need beside them."""


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_examples_of_rules_show_what_they_say(rule: Rule, tmp_path: Path) -> None:
    text = (ROOT / f"docs/rules/{rule.name}.md").read_text("utf-8")
    section = text.partition("## Example")[2].partition("\n## ")[0]
    wrong, right = (code for _, code in FENCE.findall(section)[:2])
    for folder, code in (("wrong", wrong), ("right", right)):
        files = {"shop/__init__.py": "", **AROUND.get(rule.code, {})}
        # A comment on the first line may say in which file it stands, and with which Celery.
        named = re.match(r"# ([\w/]+\.py)$", code, re.MULTILINE)
        path = named[1] if named else "shop/tasks.py"
        if rule.code == "CEL604":
            path = "shop/settings.py"
        if required := re.match(r"# requirements.txt: (.*)", code):
            files["requirements.txt"] = f"{required[1]}\n"
        with_tasks = rule.code in ALSO_WITH_TASKS or (
            rule.code[:4] in FAMILIES_WITH_TASKS and rule.code not in WITHOUT_TASKS
        )
        before = "" if named or rule.code == "CEL604" else PRELUDE + (TASKS if with_tasks else "")
        files[path] = before + BEFORE.get(rule.code, "") + code
        found = check(tmp_path / folder, files, path, rule.code, BESIDE.get(rule.code, ()))
        assert bool(found) is (folder == "wrong"), code


FILES = {
    ".git/HEAD": "",
    "shop/__init__.py": "",
    "shop/app.py": "from celery import Celery\n\napp = Celery('shop')\n",
    "shop/tasks.py": """\
from celery import Task, shared_task

from .app import app

LIMITS = {"soft_time_limit": 30, "time_limit": 60}


class Retrying(Task):
    autoretry_for = (OSError,)
    max_retries = None


@app.task(base=Retrying, bind=True, throws=(KeyError, "x"), **LIMITS)
def charge(self, order_id): ...


@shared_task(name=compute(), max_retries=compute(), retry_kwargs={"max_retries": 5})
def notify(): ...


@shared_task(bind=True, max_retires=3)
def broken(): ...


@shared_task(**compute())
def computed(self): ...


def start(order_id):
    charge.delay(order_id)
    charge.apply_async((order_id,), countdown=5)
""",
    "scripts/plain.py": "from celery import shared_task\n@shared_task\ndef once(self): ...\n",
}


def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((ROOT / f"docs/schemas/{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _output(folder: Path, command: str) -> list[dict[str, Any]]:
    write(folder, FILES)
    ran = script(folder, command, "--output-format", "json")
    assert ran.code in (0, 1), ran.err
    found = json.loads(ran.out)
    assert len(found) > 3
    return found


@pytest.mark.parametrize("command", ["check", "tasks", "templates"])
def test_json_output_fits_its_schema(command: str, tmp_path: Path) -> None:
    found = _output(tmp_path, command)
    _validator(command).validate(found)


@pytest.mark.parametrize("command", ["check", "tasks", "templates"])
def test_the_schema_is_strict(command: str, tmp_path: Path) -> None:
    validator = _validator(command)
    (item, *_) = _output(tmp_path, command)
    for key in item:
        without = {name: value for name, value in item.items() if name != key}
        may_be_absent = key in ("name", "bind", "app", "registered") and command == "tasks"
        assert validator.is_valid([without]) is may_be_absent, key
    assert not validator.is_valid([{**item, "more": 1}])
    assert not validator.is_valid([{**item, "line": 0}])


@pytest.mark.parametrize("command", ["check", "tasks", "templates"])
def test_every_key_is_described(command: str) -> None:
    page = (ROOT / "docs/output.md").read_text("utf-8")
    section = page.partition(f"## `celeryls {command} ")[2].partition("\n## ")[0]
    definition = {"check": "finding", "tasks": "task", "templates": "template"}[command]
    for key in _validator(command).schema["$defs"][definition]["properties"]:
        assert f"`{key}`" in _prose(section), f"{key} is not described"
