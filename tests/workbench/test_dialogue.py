"""The whole dialogue that creates a task, as somebody goes through it."""

import ast
from pathlib import Path

import pytest

from .projects import PLAIN, example, written
from .running import CodeServer
from .window import Window


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return example(tmp_path / "shop")


def at(window: Window, step: int) -> None:
    """Wait for a step of the dialogue."""
    window.until(lambda: window.quick_input.is_visible() and f"({step}/" in window.quick_title())


def test_a_task_is_created(code_server: CodeServer, window: Window, shop: Path) -> None:
    tasks = shop / "shop/tasks.py"
    before = tasks.read_text("utf-8")
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    window.command("Celery: Create Task…")

    # What will not do is said as one types, and is not taken.
    at(window, 1)
    window.quick_field.fill("not a name")
    window.until(lambda: "'not a name' is not a name in Python" in window.quick_message())
    assert window.quick_invalid()
    window.picture("vscode-invalid")
    window.press("Enter")
    window.page.wait_for_timeout(500)
    at(window, 1)
    window.quick_field.fill("charge")
    window.until(lambda: "charge" in window.quick_message())
    window.quick_field.fill("sync_stock")
    window.until(lambda: not window.quick_invalid())
    window.press("Enter")

    at(window, 2)
    window.quick_field.fill("Ask the warehouse how many there are.")
    window.press("Enter")
    at(window, 3)
    assert window.quick_labels()[0].startswith("one-time")
    window.press("Enter")

    # Back, and what was answered is still there.
    at(window, 4)
    window.back()
    at(window, 3)
    window.back()
    at(window, 2)
    assert window.quick_field.input_value() == "Ask the warehouse how many there are."
    window.press("Enter")
    at(window, 3)
    window.press("Enter")

    at(window, 4)
    window.quick_field.fill("product_id: int (ID of the product)")
    window.press("Enter")
    at(window, 5)
    window.press("Enter")
    at(window, 6)
    window.until(lambda: any(row.startswith("simple") for row in window.quick_labels()))
    window.picture("vscode-step")
    window.quick_rows.filter(has_text="simple").first.click()
    at(window, 7)
    window.finish()

    # The preview: nothing is written yet.
    window.until(lambda: "what will be written" in window.quick_title())
    window.until(lambda: "shop/tasks.py" in " ".join(window.quick_labels()))
    window.page.locator(".monaco-diff-editor .line-insert").first.wait_for()
    window.picture("vscode-preview")
    assert tasks.read_text("utf-8") == before
    window.quick_rows.filter(has_text="Write it").click()

    # What is next, and what was written.
    window.until(lambda: "What next?" in window.quick_title())
    assert any("celery -A shop.app worker" in row for row in window.quick_labels())
    window.picture("vscode-next-steps")
    window.press("Escape")
    window.save()
    written = tasks.read_text("utf-8")
    made = {f.name: f for f in ast.parse(written).body if isinstance(f, ast.FunctionDef)}
    assert set(made) == {"charge", "clean_up", "send_mail", "restock", "sync_stock"}
    task = made["sync_stock"]
    assert [a.arg for a in task.args.args] == ["self", "product_id"]
    assert (ast.get_docstring(task) or "").startswith("Ask the warehouse how many there are.")
    decorator = ast.unparse(task.decorator_list[0])
    assert "max_retries=3" in decorator
    assert "default_retry_delay=60" in decorator

    # One step back, and it was never there.
    window.undo_to(tasks, before)


def test_escape_ends_it_and_nothing_is_written(
    code_server: CodeServer, window: Window, shop: Path
) -> None:
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()}
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.command("Celery: Create Task…")
    at(window, 1)
    window.type("sync_stock")
    window.press("Enter")
    at(window, 2)
    window.finish()
    window.until(lambda: "what will be written" in window.quick_title())
    window.press("Escape")
    window.quick_input.wait_for(state="hidden")
    window.until(lambda: window.page.locator(".monaco-diff-editor:visible").count() == 0)
    assert {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()} == before
    assert window.notifications.count() == 0


def test_a_function_is_converted_with_answers(
    code_server: CodeServer, window: Window, shop: Path
) -> None:
    tasks = shop / "shop/tasks.py"
    before = tasks.read_text("utf-8")
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    window.cursor(27, 5)  # in its body
    window.command("Celery: Convert Function to Task…")
    at(window, 1)
    window.quick_rows.filter(has_text="simple").first.click()
    at(window, 2)
    window.finish()
    window.until(lambda: "what will be written" in window.quick_title())
    window.quick_rows.filter(has_text="Write it").click()
    window.until(lambda: "What next?" in window.quick_title())
    window.press("Escape")
    window.save()
    written = tasks.read_text("utf-8")
    assert "default_retry_delay=60" in written
    assert "def restock(self, product_id: int, count: int = 10)" in written
    window.undo_to(tasks, before)


def test_celery_is_set_up(code_server: CodeServer, window: Window, tmp_path: Path) -> None:
    project = written(tmp_path / "plain", PLAIN)
    before = (project / "pyproject.toml").read_text("utf-8")
    window.open(code_server.url(project))
    window.open_file("plain/core.py")
    window.command("Celery: Set Up Celery in This Project…")
    at(window, 1)
    window.quick_rows.filter(has_text="FastAPI").wait_for()
    window.picture("vscode-set-up-step")
    window.press("Enter")
    at(window, 2)
    window.quick_rows.filter(has_text="RabbitMQ").click()
    at(window, 3)
    window.finish()
    window.until(lambda: "what will be written" in window.quick_title())
    window.until(lambda: any("plain/celery_app.py" in row for row in window.quick_labels()))
    window.picture("vscode-set-up")
    assert not (project / "plain/celery_app.py").exists()
    window.quick_rows.filter(has_text="Write it").click()
    window.until(lambda: "What next?" in window.quick_title())
    assert any("pip install -e ." in row for row in window.quick_labels())
    window.press("Escape")
    window.command("File: Save All")
    app = project / "plain/celery_app.py"
    window.until(lambda: app.is_file() and "Celery(" in app.read_text("utf-8"))
    assert "amqp:" in app.read_text("utf-8")
    window.until(lambda: (project / "pyproject.toml").read_text("utf-8") != before)
    assert '"celery' in (project / "pyproject.toml").read_text("utf-8")

    # The view has it.
    window.view("Celery")
    window.tree("Apps and Tasks").filter(has_text="plain.celery_app").wait_for()
