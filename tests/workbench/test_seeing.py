"""What is shown of a project: lenses, hints, hovers, the view and the graph."""

from pathlib import Path

import pytest

from .projects import bookshop
from .running import CodeServer
from .window import Window, squeezed


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return bookshop(tmp_path / "bookshop")


@pytest.fixture
def orders(code_server: CodeServer, window: Window, shop: Path) -> Window:
    """A window that shows the shop's orders."""
    window.open(code_server.url(shop))
    window.open_file("bookshop/orders.py")
    window.lenses.first.wait_for()
    return window


def test_beside_the_code(orders: Window) -> None:
    def lenses() -> list[str]:
        return [squeezed(text) for text in orders.lenses.all_inner_texts()]

    # Each line gets its callers by itself.
    orders.until_equal(
        lenses,
        [
            "1 caller | Run task…",
            "1 caller | Run task…",
            "2 callers | queue mails | Run task…",
            "1 caller | every 15 minutes | Run task…",
        ],
    )

    hints = ("retries: 60 s, 120 s, 240 s", 'name="bookshop.orders.charge"', "time_limit=60010 min")
    orders.until(lambda: all(hint in "\n".join(orders.lines()) for hint in hints))

    orders.cursor(16, 6)
    card = orders.hover()
    for part in ("bookshop.orders.charge", "max_retries=3", "acks_late=True", "io_bound"):
        assert part in card
    orders.picture("vscode-hover")
    orders.press("Escape")

    # A lens leads to the callers.
    peek = orders.page.locator(".peekview-widget")

    def peeked() -> bool:
        # A lens that is asked for anew has no command for a moment.
        if not peek.is_visible():
            orders.lenses.locator("a", has_text="1 caller").first.click()
            orders.page.wait_for_timeout(2000)
        return peek.is_visible()

    orders.until(peeked)
    peek.locator(".monaco-list-row", has_text="charge.s(order_id)").first.wait_for()


def test_a_task_is_run(orders: Window) -> None:
    orders.lenses.locator("a", has_text="Run task").nth(1).click()
    orders.until(lambda: orders.quick_input.is_visible() and "Run task" in orders.quick_title())
    orders.picture("vscode-run")
    orders.quick_rows.filter(has_text="put a message on its queue").first.click()
    orders.until(lambda: "(2/" in orders.quick_title())
    assert "receipt" in orders.quick_message()
    orders.quick_field.fill("paid")
    orders.press("Enter")
    orders.until(lambda: "(3/" in orders.quick_title())
    orders.quick_field.fill("seven")
    orders.until(orders.quick_invalid)
    orders.quick_field.fill("7")
    orders.until(lambda: not orders.quick_invalid())
    orders.press("Enter")
    orders.until(lambda: "(4/" in orders.quick_title())
    orders.finish()
    # A terminal breaks long lines wherever they end.
    wanted = "celery -A bookshop.app call bookshop.orders.pack".replace(" ", "")
    orders.until(lambda: wanted in orders.terminal().replace(" ", ""))
    orders.until(lambda: '"order_id":7' in orders.terminal().replace(" ", ""))


def test_the_view(orders: Window, shop: Path) -> None:
    orders.view("Celery")
    tasks = orders.tree("Apps and Tasks")
    tasks.filter(has_text="charge").wait_for()
    assert "bookshop.app · 5 tasks" in tasks.first.inner_text()
    orders.expand(tasks.filter(has_text="charge"))
    tasks.filter(has_text="retry_backoff = 60").wait_for()
    assert "from the settings" in tasks.filter(has_text="acks_late = True").inner_text()
    assert "every day at 03:00" in tasks.filter(has_text="nightly").inner_text()

    schedules = orders.tree("Schedules")
    orders.expand(schedules.filter(has_text="nightly"))
    schedules.filter(has_text="at 03:00").nth(3).wait_for()  # itself and its next three runs
    orders.picture("vscode-view")

    orders.page.locator(".sidebar .pane-header", has_text="Settings").click()
    orders.tree("Settings").filter(has_text="result_expires = 86400").wait_for()

    # A click goes there.
    tasks.filter(has_text="nightly").click()
    orders.until(lambda: orders.active_tab() == "reports.py")

    # It follows what is typed.
    orders.focus_editor()
    orders.cursor(12, 1)
    orders.press("Control+End")
    orders.insert("\n\n@app.task\ndef weekly(): ...\n")
    tasks.filter(has_text="weekly").wait_for()
    orders.until(lambda: "6 tasks" in tasks.first.inner_text())


def test_the_graph(orders: Window, shop: Path) -> None:
    orders.command("Celery: Show Task Graph")
    nodes = orders.webview.locator("#graph g[tabindex]")
    nodes.first.wait_for()
    orders.until(lambda: nodes.count() == 8)
    labels = [node.get_attribute("aria-label") or "" for node in nodes.all()]
    assert any(label.startswith("task charge") and "to pack" in label for label in labels)
    assert any(label.startswith("task nightly") for label in labels)
    orders.picture("vscode-graph")

    orders.webview.locator("#filter").fill("reports")
    orders.until(lambda: nodes.count() < 8 or orders.webview.locator("g.dim, g.faded").count())
    orders.webview.locator("#filter").fill("")

    orders.webview.locator("#save").click()
    orders.until(orders.quick_input.is_visible)
    orders.until(lambda: orders.quick_field.input_value().endswith("celery-tasks.svg"))
    orders.press("Enter")
    saved = shop / "celery-tasks.svg"
    orders.until(lambda: saved.is_file() and "</svg>" in saved.read_text("utf-8"))
    assert "send_mail" in saved.read_text("utf-8")

    nodes.filter(has_text="nightly").first.click()
    orders.until(lambda: orders.active_tab() == "reports.py")


def test_the_graph_is_there_again_without_a_file_of_python(
    code_server: CodeServer, window: Window, tmp_path: Path
) -> None:
    """When the window is loaded anew, nothing else wakes the extension."""
    window.open(code_server.url(bookshop(tmp_path / "bookshop")))
    window.command("Celery: Show Task Graph")
    nodes = window.webview.locator("#graph g[tabindex]")
    window.until(lambda: nodes.count() == 8)
    with window.page.expect_navigation():
        window.command("Developer: Reload Window")
    window.page.locator(".monaco-workbench .statusbar").wait_for()
    window.tab("Celery Task Graph").wait_for()
    window.until(lambda: nodes.count() == 8)
