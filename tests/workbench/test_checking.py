"""Squiggles, their messages, and what the light bulb does about them."""

import ast
from pathlib import Path

import pytest

from .projects import example
from .running import CodeServer
from .window import Window


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return example(tmp_path / "shop")


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
    window.picture("vscode-squiggle")
    window.press("Escape")

    titles = window.lightbulb()
    assert 'Rename to "max_retries"' in titles[0]
    window.picture("vscode-quick-fix")
    window.choose_action('Rename to "max_retries"')
    window.until(lambda: any("max_retries=5" in line for line in window.lines()))
    assert tasks.read_text("utf-8") == before  # not before it is saved
    window.save()
    assert tasks.read_text("utf-8") == before.replace("max_retires", "max_retries")
    window.until(lambda: not [p for p in window.problems() if "max_retires" in p])

    window.undo_to(tasks, before)


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

    def gone() -> bool:
        window.undo()  # how many steps there are depends on how fast one types
        return not [p for p in window.problems() if "charge" in p]

    window.until(gone)


def test_a_function_becomes_a_task(code_server: CodeServer, window: Window, shop: Path) -> None:
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    tasks = shop / "shop/tasks.py"
    before = tasks.read_text("utf-8")
    calls = (shop / "shop/orders.py").read_text("utf-8")
    window.cursor(26, 8)
    assert window.lightbulb()[0].startswith("Convert")
    window.picture("vscode-convert")
    window.choose_action("Convert")
    window.until(lambda: any("acks_late=True" in line for line in window.lines()))
    window.picture("vscode-converted")
    window.save()
    body = ast.parse(tasks.read_text("utf-8")).body
    made = next(f for f in body if isinstance(f, ast.FunctionDef) and f.name == "restock")
    assert ast.unparse(made.decorator_list[0]).startswith("app.task(bind=True, acks_late=True")
    assert [argument.arg for argument in made.args.args] == ["self", "product_id", "count"]
    assert (shop / "shop/orders.py").read_text("utf-8") == calls
    window.until(lambda: any("1 caller" in text for text in window.lenses.all_inner_texts()))

    window.undo_to(tasks, before)
