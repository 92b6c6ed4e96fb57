"""Where it runs, with what, and what happens when that ends."""

import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path

from celeryls import __version__

from .conftest import Start
from .projects import PLAIN, bookshop, example, written
from .running import CodeServer
from .window import Window


def test_it_starts_again_when_the_server_was_killed(
    code_server: CodeServer, window: Window, tmp_path: Path
) -> None:
    shop = example(tmp_path / "shop")
    others = set(code_server.servers())
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    (first,) = set(code_server.servers()) - others

    os.kill(first, signal.SIGKILL)
    window.until(lambda: set(code_server.servers()) - others - {first})
    window.press("Control+End")
    window.insert("\n\n@app.task(max_retires=7)\ndef again(): ...\n")
    window.until(lambda: sum("max_retires" in problem for problem in window.problems()) == 2)
    assert window.notifications.count() == 0


def test_the_language_status_says_what_runs(
    code_server: CodeServer, window: Window, tmp_path: Path
) -> None:
    settings = '{"celeryls.interpreter": "/gone/python3"}'
    shop = written(example(tmp_path / "shop"), {".vscode/settings.json": settings})
    others = set(code_server.servers())
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    said = window.language_status().filter(has_text="Celery")
    assert f"Celery {__version__}" in said.inner_text()
    # A setting that does not work is passed over, and said.
    assert "celeryls.interpreter: /gone/python3 is not there" in said.inner_text()
    assert len(set(code_server.servers()) - others) == 1
    said.get_by_text("Show Log").click()
    window.until(lambda: "/gone/python3 is not there" in window.output())


def test_what_is_known_is_copied(code_server: CodeServer, window: Window, tmp_path: Path) -> None:
    shop = written(
        example(tmp_path / "shop"), {".vscode/settings.json": '{"celeryls.ignore": ["CEL101"]}'}
    )
    window.open(code_server.url(shop))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    window.clipboard()
    window.command("Celery: Copy Debug Information")
    window.until(lambda: any("is in the clipboard" in text for text in window.status()))
    copied = window.clipboard()
    assert f"- Extension: {__version__}\n- Server: {__version__}\n" in copied
    assert "- Workspace: 1 folders, trusted\n" in copied
    assert re.search(r"\n  - PATH: \S+python3: good \(3\.\d+\.\d+\)\n", copied)
    assert json.loads(copied.partition("```json")[2].strip("`\n")) == {"ignore": ["CEL101"]}


def test_nothing_runs_where_there_is_no_celery(
    code_server: CodeServer, window: Window, tmp_path: Path
) -> None:
    others = set(code_server.servers())
    window.open(code_server.url(written(tmp_path / "plain", PLAIN)))
    window.open_file("plain/core.py")
    window.page.wait_for_timeout(5000)
    assert set(code_server.servers()) <= others
    assert window.lenses.count() == 0

    # Until there is.
    window.open_file("plain/tasks.py")
    window.focus_editor()
    window.insert(
        "from celery import shared_task\n\n\n@shared_task(max_retires=5)\ndef charge(): ...\n"
    )
    window.squiggles.first.wait_for()
    assert len(set(code_server.servers()) - others) == 1


def test_several_folders(code_server: CodeServer, window: Window, tmp_path: Path) -> None:
    example(tmp_path / "shop")
    bookshop(tmp_path / "bookshop")
    others = set(code_server.servers())
    workspace = tmp_path / "both.code-workspace"
    workspace.write_text('{"folders": [{"path": "shop"}, {"path": "bookshop"}]}', "utf-8")
    window.open(code_server.url(workspace))
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    window.open_file("bookshop/orders.py")
    window.lenses.first.wait_for()
    window.until(lambda: any("bookshop.orders.charge" in line for line in window.lines()))
    window.view("Celery")
    rows = window.tree("Apps and Tasks")
    rows.filter(has_text="bookshop").first.wait_for()
    rows.filter(has_text="shop.app").first.wait_for()
    window.picture("vscode-folders")
    assert len(set(code_server.servers()) - others) == 1


def test_a_machine_without_a_good_python(
    start_code_server: Start, window: Window, tmp_path: Path
) -> None:
    # A python3 that is too old, and no other.
    (found, *_) = Path.home().glob(".pyenv/versions/3.9.*/bin/python3.9")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(found)
    server = start_code_server(
        env={"PATH": only(tmp_path / "tools", "sh", "ps", "which", programs)}
    )
    window.open(server.url(example(tmp_path / "shop")))
    window.open_file("shop/tasks.py")
    window.notifications.first.wait_for()
    said = window.notifications.first
    assert "No Python from 3.10 to 3.14 was found that can run the server." in said.inner_text()
    assert window.buttons(said) == ["Select Interpreter", "Show Log"]
    window.picture("vscode-no-python")
    assert server.servers() == []
    assert window.notifications.count() == 1

    # The log says what was tried.
    said.locator(".monaco-button", has_text="Show Log").click()
    window.until(lambda: "3.9, and 3.10 or newer is needed" in window.output())

    # One that is good is selected by hand.
    window.command("Celery: Select Interpreter")
    window.quick_rows.filter(has_text="Browse…").click()
    good = sys.base_prefix + "/bin/python3"

    def given() -> bool:
        # The picker writes the path of the folder into its field when it has read that.
        window.quick_field.fill(good)
        window.page.wait_for_timeout(500)
        return window.quick_field.input_value() == good

    window.until(lambda: window.quick_field.input_value().startswith("/"))
    window.until(given)
    window.page.locator(".quick-input-widget .monaco-button", has_text="Select").click()
    window.until(server.servers)
    window.squiggles.first.wait_for()
    settings = (server.home / "user/Machine/settings.json").read_text("utf-8")
    assert "celeryls.interpreter" in settings


def test_an_untrusted_workspace(start_code_server: Start, window: Window, tmp_path: Path) -> None:
    shop = example(tmp_path / "shop")
    trap = tmp_path / "trap"
    marker = tmp_path / "it-ran"
    trap.write_text(f'#!/bin/sh\necho "$@" >> {marker}\nexit 1\n')
    trap.chmod(0o755)
    written(
        shop,
        {
            ".vscode/settings.json": f'{{"celeryls.server.path": "{trap}",'
            f' "celeryls.interpreter": "{trap}"}}'
        },
    )
    (shop / "python3").symlink_to(trap)
    server = start_code_server(
        settings={
            "security.workspace.trust.enabled": True,
            "security.workspace.trust.startupPrompt": "never",
            "security.workspace.trust.untrustedFiles": "open",
            "security.workspace.trust.banner": "never",
        },
        env={"PATH": f"{shop}{os.pathsep}{os.environ['PATH']}"},
    )
    window.open(server.url(shop))
    window.page.locator(".statusbar-item", has_text="Restricted Mode").wait_for()
    window.open_file("shop/tasks.py")
    window.squiggles.first.wait_for()
    window.lenses.first.wait_for()
    assert not any("Run task…" in text for text in window.lenses.all_inner_texts())
    window.picture("vscode-restricted")
    assert len(server.servers()) == 1
    assert not marker.exists()

    # Once it is trusted, what it names is asked.
    window.command("Workspaces: Manage Workspace Trust")
    window.page.locator(".workspace-trust-editor .monaco-button", has_text="Trust").first.click()
    window.until(marker.exists)
    # Only then a task may be run, which runs the workspace's code.
    window.open_file("shop/tasks.py")
    window.lenses.filter(has_text="Run task…").first.wait_for()


def only(folder: Path, *programs: str | Path) -> str:
    """A PATH with these programs and no others."""
    folder.mkdir()
    places = [str(folder)]
    for program in programs:
        if isinstance(program, Path):
            places.insert(0, str(program))
        elif (found := shutil.which(program)) is not None:
            (folder / program).symlink_to(found)
    return os.pathsep.join(places)
