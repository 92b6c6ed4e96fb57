"""Ruff, its formatter, mypy and our own rules find nothing in what is generated."""

import itertools
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from celeryls.config import load
from celeryls.engine import Selection, check_file
from celeryls.forms import EXPONENTIAL, NO_RETRY, SIMPLE, Retry, RetryKind
from celeryls.project import Workspace
from celeryls.project.conventions import Conventions, DecoratorStyle
from tests.generate.pairwise import missing, paired
from tests.generate.writing import spec, write

RETRIES = {
    "none": NO_RETRY,
    "simple": SIMPLE,
    "exponential": EXPONENTIAL,
    "custom": Retry(RetryKind.CUSTOM, 5, 1, True, ("OSError",)),
    "fixed": Retry(
        RetryKind.CUSTOM,
        2,
        3600,
        False,
        ("urllib.error.URLError", "TimeoutError", "ConnectionError", "json.JSONDecodeError"),
    ),
}
RETURNS = (
    "nothing", "status", "int", "list[str]", "dict[str, int] | None", "Decimal", "tuple[int, str]",
    'Literal["a", "b"]',
)  # fmt: skip
VERSIONS = ((5, 3), (5, 6), (5, 7), None)
PARAMETERS = (
    "",
    'product_id: int (ID of product to sync), note: str = "" (free text)',
    "order: UUID, when: datetime | None = None, tags: Sequence[str] = (), context: str = 'a', "
    "delay: int = 1, exc: str = '', name: int = 3, task_id: int = 1, result: int = 2",
)
PURPOSES = (
    "",
    'say "hi" to C:\\temp and """quotes"""',
    "a purpose that is so long that it does not fit into one line of a docstring of any length, "
    "so that it has to be wrapped somewhere about here",
)
LENGTHS = (79, 88, 100, 120)
QUOTES = {'"': "double", "'": "single"}
NAMES = {
    "full": {},
    "prefix": {"name_prefix": "it's."},
    "none": {"named": False},
}
BASES = (None, ("shop.base", "BaseTask"), ("celery_once", "QueueOnce"))
HEADS = (
    "",
    "from celery import shared_task as st\n\n\n@st\ndef first() -> None:\n    print(1)\n",
    '"""Tasks."""\n\nfrom __future__ import annotations\n\nimport logging\n'
    "from pathlib import Path\n\nlog = logging.getLogger(__name__)\n\nHERE = Path(__file__)\n",
)
MAIN = {
    "retry": tuple(RETRIES),
    "returns": RETURNS,
    "version": VERSIONS,
    "style": tuple(DecoratorStyle),
}
MORE = {
    "length": LENGTHS,
    "quotes": tuple(QUOTES),
    "names": tuple(NAMES),
    "base": BASES,
    "autoretry": (False, True),
    "head": HEADS,
    "parameters": PARAMETERS,
    "purpose": PURPOSES,
    "queue": ("default", "io_bound"),
    "lazy_annotations": (False, True),
    "relative_imports": (False, True),
    "celery_module": (False, True),
}
# E, F, W, I, UP, B and RUF are what people choose first; the others must not object either.
SELECTED = "E,F,W,I,UP,B,RUF,SIM,C4,PIE,RET,N,S,TRY,BLE,G,LOG,ERA,A,DTZ,INP,ISC,PT,PL,PERF,FURB,Q"
# Those about a signature are for whoever asks for so many parameters.
IGNORED = "A002,PLR0913,PLR0917"
APP = 'from celery import Celery\n\napp = Celery("shop")\n'
BASE = (
    "from typing import Any\n\nfrom celery import Task\n\n\n"
    "class BaseTask(Task[Any, Any]):\n    abstract = True\n"
)
QUEUE_ONCE = BASE.replace("BaseTask", "QueueOnce")


@dataclass
class Generated:
    """Folders by line length and quotes, each with a package `shop`; a module a combination.

    `names` are those that the tasks have to be registered under, by folder and module.
    """

    root: Path
    rows: list[dict] = field(default_factory=list)
    names: dict[Path, dict[str, str]] = field(default_factory=dict)

    def folder(self, row: dict) -> Path:
        return self.root / f"{row['length']}-{QUOTES[row['quotes']]}"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Generated:
    made = Generated(tmp_path_factory.mktemp("generated"))
    for length, quotes in itertools.product(LENGTHS, QUOTES):
        scaffold(made.folder({"length": length, "quotes": quotes}), quotes)
    main = [dict(zip(MAIN, values, strict=True)) for values in itertools.product(*MAIN.values())]
    for number, row in enumerate(paired(main, MORE)):
        made.rows.append(row)
        folder = made.folder(row)
        conventions = Conventions(
            style=row["style"],
            app_module="shop.celery_app",
            app_name="app",
            module=f"shop.t{number}",
            celery_version=row["version"],
            line_length=row["length"],
            base=row["base"],
            autoretry=row["autoretry"],
            celery_module=row["celery_module"],
            relative_imports=row["relative_imports"],
            lazy_annotations=row["lazy_annotations"],
            quotes=row["quotes"],
            **NAMES[row["names"]],
        )
        wanted = spec(
            f"task_{number}",
            row["parameters"],
            purpose=row["purpose"],
            retry=RETRIES[row["retry"]],
            returns=row["returns"],
            queue=row["queue"],
        )
        text = write(row["head"], wanted, conventions)
        (folder / "shop" / f"t{number}.py").write_text(text, encoding="utf-8")
        prefix = "it's." if row["names"] == "prefix" else f"shop.t{number}."
        made.names.setdefault(folder, {})[f"t{number}"] = f"{prefix}task_{number}"
    return made


def scaffold(folder: Path, quotes: str = '"') -> None:
    """What the generated modules import."""
    package = folder / "shop"
    package.mkdir(parents=True)
    files = {
        "shop/__init__.py": "",
        "shop/celery_app.py": APP,
        "shop/base.py": BASE,
        "celery_once.py": QUEUE_ONCE,
    }
    for name, text in files.items():
        (folder / name).write_text(text.replace('"', quotes))


def run(*arguments, cwd):
    found = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]


def test_every_two_choices_meet(generated):
    assert missing(generated.rows, MAIN | MORE) == []


@pytest.mark.parametrize("quotes", QUOTES)
@pytest.mark.parametrize("length", LENGTHS)
def test_ruff_finds_nothing(generated, length, quotes):
    folder = generated.folder({"length": length, "quotes": quotes})
    (folder / "ruff.toml").write_text(
        f'line-length = {length}\n[format]\nquote-style = "{QUOTES[quotes]}"\n'
        f'[lint.flake8-quotes]\ninline-quotes = "{QUOTES[quotes]}"\n'
        '[lint.isort]\nknown-third-party = ["celery_once"]\n'
    )
    run("ruff", "check", "--no-cache", f"--select={SELECTED}", f"--ignore={IGNORED}", "shop",
        cwd=folder)  # fmt: skip
    run("ruff", "format", "--no-cache", "--check", "--diff", "shop", cwd=folder)


def test_mypy_finds_nothing(generated):
    for folder in generated.names:
        run("mypy", "--strict", "--python-version=3.10", "-p", "shop", cwd=folder)


def test_every_module_can_be_imported_and_registers_its_task(generated):
    script = (
        "import importlib, json, sys\n"
        "from shop.celery_app import app\n"
        "for module, name in json.load(sys.stdin).items():\n"
        "    importlib.import_module(f'shop.{module}')\n"
        "    assert app.tasks[name].acks_late, name\n"
    )
    assert sum(map(len, generated.names.values())) == len(generated.rows) > 300
    for folder, names in generated.names.items():
        found = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=folder,
            input=json.dumps(names),
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("version", VERSIONS)
def test_our_own_rules_find_nothing(generated, version, tmp_path):
    scaffold(tmp_path)
    pin = f"=={version[0]}.{version[1]}.*" if version else ""
    (tmp_path / "requirements.txt").write_text(f"celery{pin}\n")
    modules = []
    for number, row in enumerate(generated.rows):
        if row["version"] == version:
            modules.append(f"shop.t{number}")
            shutil.copy(generated.folder(row) / "shop" / f"t{number}.py", tmp_path / "shop")
    (tmp_path / "shop/celery_app.py").write_text(
        APP.replace('"shop")', f'"shop", include={json.dumps(modules)})')
    )
    loaded = load(tmp_path)
    workspace = Workspace(tmp_path, loaded)
    workspace.scan()
    project = workspace.snapshot()
    assert len([*project.tasks()]) >= len(modules) > 50
    selection = Selection(loaded.config)
    for module in modules:
        path = str(tmp_path / f"{module.replace('.', '/')}.py")
        found = check_file(project, path, project.text(path) or "", selection)
        assert found is not None
        # One head has a task of its own, as a person wrote it.
        assert [
            f"{item.rule.code} {item.finding.message}"
            for item in found
            if f"{module}.first" not in item.finding.message
        ] == [], project.text(path)
