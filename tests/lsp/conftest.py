from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.driver import Editor, start, stop

Start = Callable[..., Awaitable[Editor]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project: an app with settings, and one without findings."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(
        'from celery import Celery\n\napp = Celery("shop", include=["tasks", "jobs"])\n'
        'app.conf.timezone = "UTC"\n'
    )
    return folder


@pytest.fixture
async def edit() -> AsyncIterator[Start]:
    """Starts editors, ends them, and expects a server to have written nothing meanwhile."""
    editors: list[Editor] = []

    async def make(*args: Any, **kwargs: Any) -> Editor:
        editors.append(await start(*args, **kwargs))
        return editors[-1]

    yield make
    for editor in editors:
        assert await stop(editor) == ""
