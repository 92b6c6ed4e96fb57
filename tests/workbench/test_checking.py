"""Squiggles, their messages, and what the light bulb does about them."""

from pathlib import Path

import pytest

from .running import CodeServer, project
from .window import Window

RENAMED = "@app.task(max_retries=5)"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return project("shop", tmp_path / "shop")


def test_a_mistake_is_shown_and_mended(code_server: CodeServer, window: Window, shop: Path) -> None:
    tasks = shop / "shop/tasks.py"
    before = tasks.read_text("utf-8")
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()

    problems = window.until(lambda: [p for p in window.problems() if "max_retires" in p])
    assert '"max_retires" is not a task option' in problems[0]
    assert "CEL106" in problems[0]
    window.picture("vscode-problems")

    window.cursor(6, 14)
    said = window.hover()
    assert 'the option is "max_retries"' in said
    assert "Quick Fix" in said
    window.picture("vscode-squiggle")
    window.press("Escape")

    titles = window.lightbulb()
    assert 'Rename to "max_retries"' in titles[0]
    window.picture("vscode-quick-fix")
    window.choose_action('Rename to "max_retries"')
    window.until(lambda: RENAMED in window.lines())
    assert tasks.read_text("utf-8") == before  # not before it is saved
    window.save()
    assert tasks.read_text("utf-8") == before.replace("max_retires", "max_retries")
    window.until(lambda: not [p for p in window.problems() if "max_retires" in p])

    window.focus_editor()
    window.undo()
    window.save()
    assert tasks.read_text("utf-8") == before


def test_problems_come_and_go_as_one_types(
    code_server: CodeServer, window: Window, shop: Path
) -> None:
    window.open(code_server.url(shop))
    window.open_file("shop/orders.py")
    window.cursor(10, 1)
    window.press("End")
    window.type("\ncharge.delay(order_id, 100, 3)")
    found = window.until(lambda: [p for p in window.problems() if "charge" in p])
    assert "CEL" in found[0]
    window.focus_editor()
    for _ in range(4):
        window.undo()
    window.until(lambda: not [p for p in window.problems() if "charge" in p])


def test_a_function_becomes_a_task(code_server: CodeServer, window: Window, shop: Path) -> None:
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    window.cursor(26, 8)
    window.lightbulb()
    window.picture("vscode-convert")
    window.choose_action("Convert")
    window.until(lambda: window.quick_input.is_visible() or window.dialog.is_visible())
    window.picture("vscode-convert-asked")
    raise AssertionError(window.quick_title(), window.quick_labels())
