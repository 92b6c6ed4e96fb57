"""Ruff, its formatter and mypy find nothing in what is generated, in any combination."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from celeryls.forms import EXPONENTIAL, NO_RETRY, SIMPLE, Retry, RetryKind
from celeryls.project.conventions import Conventions, DecoratorStyle
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
HEADS = (
    "",
    "from celery import shared_task as st\n\n\n@st\ndef first() -> None:\n    print(1)\n",
    '"""Tasks."""\n\nfrom __future__ import annotations\n\nimport logging\n'
    "from pathlib import Path\n\nlog = logging.getLogger(__name__)\n\nHERE = Path(__file__)\n",
)
# E, F, W, I, UP, B and RUF are what people choose first; the others must not object either.
SELECTED = "E,F,W,I,UP,B,RUF,SIM,C4,PIE,RET,N,S,TRY,BLE,G,LOG,ERA,A,DTZ,INP,ISC,PT,PL,PERF,FURB"
# Those about a signature are for whoever asks for so many parameters.
IGNORED = "A002,PLR0913,PLR0917"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Path:
    """A package `shop` in a folder a line length, a module a combination."""
    root = tmp_path_factory.mktemp("generated")
    for length in LENGTHS:
        package = root / str(length) / "shop"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "celery_app.py").write_text(
            'from celery import Celery\n\napp = Celery("shop")\n'
        )
    combinations = itertools.product(RETRIES, RETURNS, VERSIONS, DecoratorStyle)
    for number, (retry, returns, version, style) in enumerate(combinations):
        length = LENGTHS[number % 5 % len(LENGTHS)]
        conventions = Conventions(
            style=style,
            app_module="shop.celery_app",
            app_name="app",
            module=f"shop.t{number}",
            celery_version=version,
            line_length=length,
        )
        wanted = spec(
            f"task_{number}",
            PARAMETERS[number % 3],
            purpose=PURPOSES[number // 3 % 3],
            retry=RETRIES[retry],
            returns=returns,
            queue=("default", "io_bound")[number // 2 % 2],
        )
        head = HEADS[number // 5 % 3]
        text = write(head, wanted, conventions)
        (root / str(length) / "shop" / f"t{number}.py").write_text(text, encoding="utf-8")
    return root


def run(*arguments, cwd):
    found = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]


@pytest.mark.parametrize("length", LENGTHS)
def test_ruff_finds_nothing(generated, length):
    options = ["--isolated", "--no-cache", f"--config=line-length={length}"]
    run("ruff", "check", *options, f"--select={SELECTED}", f"--ignore={IGNORED}", ".",
        cwd=generated / str(length))  # fmt: skip
    run("ruff", "format", "--check", "--diff", *options, ".", cwd=generated / str(length))


def test_mypy_finds_nothing(generated):
    for length in LENGTHS:
        run("mypy", "--strict", "--python-version=3.10", "-p", "shop", cwd=generated / str(length))


def test_every_module_can_be_imported_and_registers_its_task(generated):
    script = (
        "import importlib, pathlib\n"
        "from shop.celery_app import app\n"
        "for path in sorted(pathlib.Path('shop').glob('t*.py')):\n"
        "    importlib.import_module(f'shop.{path.stem}')\n"
        "    name = f'shop.{path.stem}.task_{path.stem[1:]}'\n"
        "    assert app.tasks[name].acks_late, name\n"
        "assert len(app.tasks) > 50\n"
    )
    for length in LENGTHS:
        found = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=generated / str(length),
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
