"""Code lenses and inlay hints, as clients ask for them, and when they are asked to ask again."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from celeryls.lsp.refresh import DELAY
from tests.lsp.conftest import Start
from tests.lsp.driver import CLIENTS, Editor, until

TASKS = """\
from celery import shared_task


"🛒"; later = lambda task: (task, "🛒", task.apply_async(countdown=3600))


@shared_task(name="🛒.charge", queue="slow🛒")
def charge(order_id): return order_id


@shared_task
def refund(order_id): return order_id
"""
VIEWS = """\
from tasks import charge

def view():
    print("🛒", charge.delay(1))
    "🛒🛒"; charge.apply_async((1,))
"""
SCHEDULE = """\
from app import app
app.conf.beat_schedule = {"x": {"task": "🛒.charge", "schedule": 30}}
"""
BOTH = {"commands": ["celeryls.runTask", "celeryls.showCallers", 1]}


@pytest.fixture
def shop(root: Path) -> Path:
    for name, text in {"tasks": TASKS, "views": VIEWS, "beat": SCHEDULE}.items():
        (root / f"{name}.py").write_text(text, encoding="utf-8")
    return root


def _refreshing() -> types.ClientCapabilities:
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True),
            inlay_hint=types.InlayHintWorkspaceClientCapabilities(refresh_support=True),
        )
    )


def _known(lenses: list[tuple[str, types.CodeLens]]) -> list[tuple[str, str, str]]:
    return [
        (above, lens.command.title, lens.command.command) for above, lens in lenses if lens.command
    ]


@pytest.mark.parametrize("client", CLIENTS)
async def test_the_lenses_of_a_file(edit: Start, shop: Path, client: str) -> None:
    editor: Editor = await edit(client, shop, options=BOTH)
    uri = editor.open(shop / "tasks.py")
    lenses = await editor.lenses(uri)
    first, second = '@shared_task(name="🛒.charge", queue="slow🛒")', "@shared_task"
    assert _known(lenses) == [
        (first, "2 callers", "celeryls.showCallers"),
        (first, "every 30 seconds · queue slow🛒", ""),
        (first, "Run task…", "celeryls.runTask"),
        (second, "no callers found", ""),
        (second, "Run task…", "celeryls.runTask"),
    ]
    run = lenses[2][1].command
    assert run is not None
    assert run.arguments is not None
    place = {"path": str(shop / "tasks.py"), "uri": uri, "version": 1}
    task = {"offset": TASKS.index("charge("), "task": "charge", "name": "🛒.charge"}
    assert list(run.arguments) == [{**place, **task}]
    show = lenses[0][1].command
    assert show is not None
    assert show.arguments is not None
    where, position, locations = show.arguments
    assert (where, position) == (uri, {"line": 6, "character": 0})
    views = editor.open(shop / "views.py")
    ranges = [_range(location["range"]) for location in locations]
    assert [location["uri"] for location in locations] == [views, views]
    assert [editor.under(views, place) for place in ranges] == [
        "charge.delay(1)",
        "charge.apply_async((1,))",
    ]


def _range(value: Any) -> types.Range:
    ends = [types.Position(value[end]["line"], value[end]["character"]) for end in ("start", "end")]
    return types.Range(*ends)


async def test_no_lens_has_a_command_that_the_client_can_not_execute(
    edit: Start, shop: Path
) -> None:
    editor: Editor = await edit("neovim@v0.11.0", shop)
    lenses = await editor.lenses(editor.open(shop / "tasks.py"))
    titles = [title for _, title, _ in _known(lenses)]
    assert titles == ["2 callers", "every 30 seconds · queue slow🛒", "no callers found"]
    assert {command for *_, command in _known(lenses)} == {""}


@pytest.mark.parametrize("client", CLIENTS)
async def test_the_hints_of_a_file(edit: Start, shop: Path, client: str) -> None:
    editor: Editor = await edit(client, shop)
    uri = editor.open(shop / "tasks.py")
    expected = TASKS.replace("countdown=3600", "countdown=3600«1 h»")
    expected = expected.replace("@shared_task\n", '@shared_task«(name="tasks.refund")»\n')
    assert await editor.with_hints(uri) == expected
    hour, name = await editor.hints(uri)
    assert (hour.padding_left, name.padding_left) == (True, None)
    assert name.text_edits
    editor.apply_edit(types.WorkspaceEdit(changes={uri: list(name.text_edits)}))
    assert '@shared_task(name="tasks.refund")\n' in editor.text(uri)
    assert "(name" not in [hint.label for hint in await editor.hints(uri)]


async def test_hints_of_a_part(edit: Start, shop: Path) -> None:
    editor: Editor = await edit("visual_studio_code", shop)
    uri = editor.open(shop / "tasks.py")
    place = types.Range(types.Position(0, 0), types.Position(5, 0))
    found = await editor.client.text_document_inlay_hint_async(
        types.InlayHintParams(types.TextDocumentIdentifier(uri), place)
    )
    assert [hint.label for hint in found or ()] == ["1 h"]


async def test_a_half_typed_file_keeps_lenses_and_hints(edit: Start, shop: Path) -> None:
    editor: Editor = await edit("visual_studio_code", shop)
    uri = editor.open(shop / "tasks.py")
    before = await editor.titles(uri)
    editor.insert(uri, len(TASKS), "\n\n@shared_task(bind=\ndef more(")
    assert (await editor.titles(uri))[: len(before)] == before
    assert [hint.label for hint in await editor.hints(uri)][:2] == ["1 h", '(name="tasks.refund")']


async def test_each_can_be_turned_off(edit: Start, shop: Path) -> None:
    editor: Editor = await edit(_refreshing(), shop, options={**BOTH, "codeLens": False})
    uri = editor.open(shop / "tasks.py")
    assert await editor.lenses(uri) == []
    assert len(await editor.hints(uri)) == 2
    await asyncio.sleep(2 * DELAY)
    editor.client.refreshed.clear()
    settings = {"celeryls": {"code-lens": True, "inlay-hints": False}}
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await until(lambda: len(editor.client.refreshed) == 2, "both to be asked for again")
    assert await editor.hints(uri) == []
    assert len(await editor.lenses(uri)) == 5
    assert editor.client.messages == []


async def test_what_is_typed_in_one_file_refreshes_what_others_show(
    edit: Start, shop: Path
) -> None:
    editor: Editor = await edit(_refreshing(), shop)
    tasks, views = editor.open(shop / "tasks.py"), editor.open(shop / "views.py")
    assert "2 callers" in await editor.titles(tasks)
    await editor.diagnostics(tasks)
    await asyncio.sleep(2 * DELAY)
    asked = editor.client.refreshed
    asked.clear()
    for number in range(5):  # a comment that nobody else sees
        editor.insert(views, 0, f"# {number}\n")
    await asyncio.sleep(3 * DELAY)
    assert asked == []
    for _ in range(5):
        editor.insert(views, len(editor.text(views)), "    charge.delay(2)\n")
    await until(lambda: len(asked) == 2, "both to be asked for again")
    assert "7 callers" in await editor.titles(tasks)
    await asyncio.sleep(2 * DELAY)
    assert sorted(asked) == ["code lenses", "inlay hints"]


async def test_a_file_that_changes_on_disk_refreshes_them(edit: Start, shop: Path) -> None:
    editor: Editor = await edit(_refreshing(), shop)
    tasks = editor.open(shop / "tasks.py")
    assert any("every 30 seconds" in title for title in await editor.titles(tasks))
    await asyncio.sleep(2 * DELAY)
    editor.client.refreshed.clear()
    (shop / "beat.py").write_text(SCHEDULE.replace("30", "60"), encoding="utf-8")
    await until(lambda: editor.client.refreshed, "lenses to be asked for again")
    assert any("every minute" in title for title in await editor.titles(tasks))


async def test_a_client_that_can_not_is_not_asked(edit: Start, shop: Path) -> None:
    editor: Editor = await edit(types.ClientCapabilities(), shop)
    uri = editor.open(shop / "tasks.py")
    await editor.diagnostics(uri)
    editor.replace(uri, "def refund", "def give_back")
    await asyncio.sleep(2 * DELAY)
    assert editor.client.refreshed == []
