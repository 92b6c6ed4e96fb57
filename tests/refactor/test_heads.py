"""What becomes of the line of `def` when it gets a parameter more: what ruff would make of it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.refactor.converting import SHOP, converted

HEADS = {
    "it fits": "def sync(a: int) -> None:",
    "it fits to the column": f"def sync({'a' * 66}: int) -> None:",
    "too long by one": f"def sync({'a' * 67}: int) -> None:",
    "together on a line of their own": (
        "def sync(order_id: int, *, copy: bool = False, address: str = 'x@y') -> None:"
    ),
    "one a line": (
        "def sync(order_id: int, *, customer: str | None = None, address: str = 'x@y') -> dict:"
    ),
    "together already, and it fits": (
        "def sync(\n    order_id: int, *, customer: str | None = None, address: str = '@'\n"
        ") -> dict:"
    ),
    "together already, and too long now": (
        "def sync(\n    order_id: int, *, customer: str | None = None, address: str = 'abcde@y'\n"
        ") -> dict:"
    ),
    "one a line already": "def sync(\n    order_id: int,\n    *args: int,\n) -> dict:",
    "brackets and strings with commas": (
        "def sync(a: dict[str, tuple[int, str]], b: str = 'a, (b', *, c: int = max(1, 2)) -> None:"
    ),
}


@pytest.mark.parametrize("how", HEADS)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_file_that_was_formatted_still_is(how: str, indent: str, tmp_path: Path) -> None:
    block = "if True:\n" if indent else ""
    code = f'{HEADS[how]}\n    """Do it."""\n'.replace("\n", f"\n{indent}").rstrip(" ")
    file = tmp_path / "tasks.py"
    file.write_text(f"{block}{indent}{code}".replace("'", '"'))
    _ruff("format", file)
    text = file.read_text()
    after, _ = converted(text)
    file.write_text(after)
    _ruff("format", file)
    assert after == file.read_text()


def test_a_head_with_a_layout_of_its_own_stays() -> None:
    for head in (
        f"def sync({'a' * 60}: int,\n         b: int) -> None:",
        f"def sync(  # why\n    {'a' * 80}: int\n) -> None:",
        f"def sync({'a' * 60}=lambda a, b: 1) -> None:",
    ):
        after, _ = converted(f"{head}\n    pass\n")
        assert head.replace("sync(", "sync(self, ").partition("\n")[2] in after


def test_self_gets_a_type_where_one_is_wanted() -> None:
    text = "from typing import cast\n\n\ndef sync(a: int) -> None:\n    pass\n"
    strict = replace(SHOP, strict_types=True)
    after, _ = converted(text, strict)
    assert after.startswith(
        "from typing import Any, cast\n\nfrom celery import Task, shared_task\n\n\n@"
    )
    assert 'def sync(self: "Task[Any, Any]", a: int) -> None:' in after
    assert "self: " in converted(text, replace(SHOP, typed_self=True))[0]
    for conventions, code in (
        (SHOP, text),
        (strict, text.replace(" -> None", "")),
        (strict, text.replace("a: int", "a")),
        (replace(SHOP, typed_self=False), text),
    ):
        assert "def sync(self, a" in converted(code, conventions)[0]
    lazy = f"from __future__ import annotations\n\n{text}"
    assert "self: Task[Any, Any]," in converted(lazy, strict)[0]


def _ruff(command: str, file: Path) -> None:
    arguments = ["--isolated", "--quiet", str(file)]
    subprocess.run([sys.executable, "-m", "ruff", command, *arguments], check=True)
