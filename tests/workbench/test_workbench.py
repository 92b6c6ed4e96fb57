"""The window itself: a folder is opened, and the extension is there."""

from pathlib import Path

from .running import CodeServer
from .window import Window


def test_a_folder_is_opened(code_server: CodeServer, window: Window, tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("answer = 42\n", "utf-8")
    window.open(code_server.url(tmp_path))
    window.open_file("plain.py")
    assert window.lines()[0] == "answer = 42"
    window.find_command("Celery: Restart Server")


def test_the_walkthrough_is_there(code_server: CodeServer, window: Window, tmp_path: Path) -> None:
    window.open(code_server.url(tmp_path))
    window.press("Control+b")  # pictures take a wide page
    window.command("Welcome: Open Walkthrough")
    window.quick_rows.filter(has_text="Get Started with Celery").first.click()
    page = window.page.locator(".gettingStartedContainer")
    page.get_by_text("See what could go wrong").first.click()
    page.get_by_text("Open the Celery View").wait_for()
    window.picture("vscode-walkthrough")
