"""Typing, key by key: what is said in between, and when."""

import asyncio
from pathlib import Path

from tests.lsp.buffers import offset_at
from tests.lsp.conftest import Start
from tests.lsp.driver import Editor

TASKS = (
    '"""🎉"""\n'
    "from app import app\n"
    "from celery import shared_task\n"
    "\n"
    "\n"
    "@shared_task\n"
    "def charge(order_id):\n"
    "    return order_id\n"
    "\n"
    "\n"
    "@app.task(bind=True, acks_late=True, max_retries=2)\n"
    "def fine(self):\n"
    "    raise self.retry()\n"
)
PLACES = [
    ('"""🎉"""\n', "from celery import (chain,\n"),
    ("shared_task\n", "import os, \n"),
    ("shared_task\n\n", "value = [charge.s(\n"),
    ("    return order_id\n", "    charge.apply_async((order_id,), queue=\n"),
    ("    return order_id\n\n", "class Thing(\n"),
    ("max_retries=2", ", queue="),
    ("def charge(order_id", ", *, "),
    ("\ndef ", "("),
    ("    raise self.retry()\n", "\n\n@app.task(bind=True\ndef more(self"),
    ("    raise self.retry()\n", '\n\n@shared_task(bind=True, name="x'),
]


def said(
    editor: Editor, uri: str, texts: dict[int, str], since: int = 0
) -> list[tuple[int, list[tuple[str, str]]]]:
    """All that was published about a document: the version, and code and text of each finding."""
    found = []
    for item in editor.client.published[since:]:
        if item.uri == uri and item.version is not None:
            text, encoding = texts[item.version], editor.buffers.encoding
            findings = [
                (
                    str(finding.code),
                    text[
                        offset_at(text, finding.range.start, encoding) : offset_at(
                            text, finding.range.end, encoding
                        )
                    ],
                )
                for finding in item.diagnostics
            ]
            found.append((item.version, findings))
    return found


async def test_nothing_blinks_while_lines_are_typed(edit: Start, root: Path) -> None:
    editor: Editor = await edit("neovim@v0.11.0", root, options={"debounce": 0})
    expected = [("CEL101", "charge"), ("CEL102", "charge")]
    uri = editor.open(root / "tasks.py", TASKS)
    texts = {1: TASKS}
    await editor.diagnostics(uri)
    for after, typed in PLACES:
        at = editor.text(uri).index(after) + len(after)
        for number, key in enumerate(typed):
            editor.insert(uri, at + number, key)
            texts[editor.version(uri)] = editor.text(uri)
            # Most keys come faster than the answers; some are waited for.
            if number % 5 == 4:
                await editor.diagnostics(uri)
        await editor.diagnostics(uri)
        editor.replace(uri, editor.text(uri), TASKS)
        texts[editor.version(uri)] = editor.text(uri)
        await editor.diagnostics(uri)
    history = said(editor, uri, texts)
    assert len(history) > len(PLACES) * 3
    wrong = [(texts[version], found) for version, found in history if found != expected]
    assert not wrong


async def test_a_half_typed_setting_means_nothing_elsewhere(edit: Start, root: Path) -> None:
    app = root / "app.py"
    code = 'from celery import Celery\n\napp = Celery("shop")\napp.conf.task_acks_late = True\n'
    app.write_text(code)
    editor: Editor = await edit("visual_studio_code", root, options={"debounce": 0})
    uri, settings = editor.open(root / "tasks.py", TASKS), editor.open(app)
    texts = {1: TASKS}
    assert await editor.codes(uri) == ["CEL102"]
    await editor.diagnostics(settings)
    seen = len(editor.client.published)
    for line, typed in (
        ("app.conf.task_acks_late = True", "app.conf.task_acks_late = "),
        ("app.conf.task_acks_late = True", "app.conf."),
        ("from celery import Celery", "from celery import "),
        ('app = Celery("shop")', 'app = Celery("shop'),
    ):
        editor.replace(settings, line, typed)
        await editor.diagnostics(settings)
        editor.insert(uri, 0, "\n")  # so that an answer about the other file is waited for
        texts[editor.version(uri)] = editor.text(uri)
        await editor.diagnostics(uri)
        editor.replace(settings, editor.text(settings), code)
        await editor.diagnostics(settings)
    history = said(editor, uri, texts, seen)
    assert len(history) >= 4
    assert all(found == [("CEL102", "charge")] for _, found in history)


async def test_quick_keys_are_one_publication(edit: Start, root: Path) -> None:
    editor: Editor = await edit("visual_studio_code", root, options={"debounce": 400})
    uri = editor.open(root / "tasks.py", TASKS)
    assert await editor.codes(uri) == ["CEL101", "CEL102"]
    seen = len(editor.client.published)
    for key in "# quick":
        editor.insert(uri, len(editor.text(uri)), key)
        await asyncio.sleep(0.01)
    await editor.diagnostics(uri)
    versions = [item.version for item in editor.client.published[seen:] if item.uri == uri]
    assert versions == [editor.version(uri)]
