"""One VS Code for all tests, one window for each.

The browser is Debian's Chromium.  CELERYLS_PICTURES=1 writes docs/images/vscode-*.png.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import running
from .window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES = running.ROOT / "docs/images"
FAILURES = running.INSTALLED / "failures"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.vscode)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        assert path is not None, "there is no chromium: make vscode-services"
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where our extension is installed, and no other."""
    home = tmp_path_factory.mktemp("install")
    running.install(running.vsix(), home / "extensions", home)
    return home / "extensions"


Start = Callable[..., running.CodeServer]


@pytest.fixture(scope="session")
def start_code_server(
    extensions: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Starts a code-server that has our extension."""
    started = []

    def start(**options: object) -> running.CodeServer:
        home = tmp_path_factory.mktemp("home")
        server = running.start(home, extensions=extensions, **options)  # type: ignore[arg-type]
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def code_server(start_code_server: Start) -> running.CodeServer:
    """The one that most tests use."""
    return start_code_server()


@pytest.fixture
def new_window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[[], Window]]:
    """Makes windows that the test opens itself."""
    contexts = []

    def new() -> Window:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        pictures = PICTURES if os.environ.get("CELERYLS_PICTURES") else None
        return Window(context.new_page(), pictures)

    yield new
    failed = request.node.stash.get(FAILED, True)
    for number, context in enumerate(contexts):
        for page in context.pages:
            if failed:
                FAILURES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=FAILURES / f"{request.node.name}-{number}.png")
            page.close(run_before_unload=False)
        context.close()


@pytest.fixture
def window(new_window: Callable[[], Window]) -> Window:
    return new_window()
