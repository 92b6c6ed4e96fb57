"""The main job in a real Neovim: what a person sees there, and what Celery makes of the file."""

from typing import Any

from tests.neovim.conftest import TASKS
from tests.neovim.running import Editor, registered

HEAD = [8, 4, 8, 10]  # `charge` in its own line
CHARGE = 'task "shop.charge-🛒"'
CEL101 = f"{CHARGE} is acknowledged before it runs: a worker that dies loses it (no acks_late)"
CEL102 = f"{CHARGE} is never retried: a passing fault fails it for good"


def _found(state: dict[str, Any]) -> list[tuple[str, int]]:
    return [(item["code"], item["range"][0]) for item in state["diagnostics"]]


def test_from_the_diagnostic_to_tasks_that_celery_registers(editor: Editor) -> None:
    seen = editor.run("main_job.lua")

    assert seen["root"] == str(editor.project)
    assert seen["encoding"] == "utf-8"
    assert not seen["form_is_set_up"], "lsp/celeryls.lua has to do without the module"
    assert [(item["code"], item["message"]) for item in seen["diagnostics"]] == [
        ("CEL101", CEL101),
        ("CEL102", CEL102),
    ]
    for item in seen["diagnostics"]:
        assert item["range"] == HEAD
        assert item["text"] == "charge"
        assert item["severity"] == "WARN"
        assert item["source"] == "celery"
    assert seen["presets"] == [
        "Create Celery task with growing retry delays",
        "Create Celery task with 3 retries, 60 s apart",
        "Create Celery task without retry",
    ]
    assert not seen["modified"], "it was saved"
    assert editor.saved().endswith("}\n"), "no empty line is left at the end"

    assert '@app.task(name="shop.charge-🛒", acks_late=True)\ndef charge(' in editor.saved()
    tasks = registered(
        editor.project,
        "acks_late",
        "max_retries",
        "autoretry_for",
        "retry_backoff",
        "retry_jitter",
        "default_retry_delay",
        "soft_time_limit",
        "time_limit",
    )
    assert tasks.keys() == {"shop.charge-🛒", "shop.tasks.refund", "shop.tasks.new_task"}
    assert tasks["shop.charge-🛒"]["acks_late"] is True
    limits = {"acks_late": True, "max_retries": 3, "soft_time_limit": 300, "time_limit": 360}
    refund = tasks["shop.tasks.refund"]
    assert refund.items() >= limits.items()
    assert refund["bind"]
    assert (refund["retry_backoff"], refund["retry_jitter"]) == (60, True)
    assert refund["autoretry_for"] == ["ConnectionError", "TimeoutError"]
    new_task = tasks["shop.tasks.new_task"]
    assert new_task.items() >= limits.items()
    assert new_task["bind"]
    assert new_task["retry_backoff"] == 60, "retried as the task beside it is"


def test_the_form_asks_corrects_and_can_be_given_up(editor: Editor) -> None:
    seen = editor.run("form.lua")

    assert seen["titles"] == ["Create Celery task…"], "no presets for who can be asked"
    first = seen["first"]
    assert first[0].startswith("What is the task called?")
    assert len(first) == len(set(first))
    wrong = "Tasks are functions, which are in snake_case: sync_product."
    again = first[[asked.startswith(wrong) for asked in first].index(True) :]
    assert again[0].startswith("Tasks are functions, which are in snake_case: sync_product.")
    assert again[1].startswith("How many times is it tried again?")
    assert again[-2].startswith("Give a whole number of seconds")
    assert again[-1] == "Write this?"
    assert len(again) == 7, "only what was wrong or is new is asked again"

    assert seen["cancelled"]["unchanged"]
    assert len(seen["cancelled"]["asked"]) == 2
    assert seen["hopeless"] == {"names": 6, "unchanged": True}, "asked once, and five times more"
    refused = seen["refused"]
    assert refused["looked_at"][0] == "modify shop/tasks.py: the task refused"
    assert '+def refused(self: "Task[Any, Any]") -> dict[str, Any]:' in refused["looked_at"]
    assert refused["unchanged"]

    tasks = registered(
        editor.project, "acks_late", "max_retries", "default_retry_delay", "time_limit"
    )
    assert tasks["shop.tasks.sync_product"] == {
        "acks_late": True,
        "bind": True,
        "max_retries": 5,
        "default_retry_delay": 60,
        "time_limit": 400,
    }
    assert "shop.tasks.send_report" in tasks
    assert "product_id: ID of product to sync." in editor.saved()


def test_half_typed_lines_and_undo(editor: Editor) -> None:
    seen = editor.run("typing.lua")

    before = seen["at_first"]
    assert before["text"] == TASKS.removesuffix("\n")
    assert seen["fixed"]["text"] != before["text"]
    assert seen["converted"]["text"] != seen["fixed"]["text"]
    assert seen["first_undo"]["text"] == seen["fixed"]["text"]
    assert seen["second_undo"] == before, "the same text, diagnostics, and nothing to save"

    assert [state["mode"] for state in seen["half_typed"]] == ["i"] * 5
    assert [_found(state) for state in seen["half_typed"]] == [
        *[[("CEL101", 9), ("CEL102", 9)]] * 3,  # a line above: one further down
        *[[("CEL101", 8), ("CEL102", 8)]] * 2,
    ]
    # Nor did they go away in between, for however short a time.
    assert [item["codes"] for item in seen["published"]] == (
        [["CEL101", "CEL102"]] * len(seen["published"])
    )


def test_settings_of_the_editor_while_it_runs(editor: Editor) -> None:
    seen = editor.run("settings.lua")

    assert [item["message"] for item in seen["at_first"]] == [CEL101]
    assert [item["message"] for item in seen["changed"]] == [CEL102]


def test_hints_lenses_and_the_outline(editor: Editor) -> None:
    seen = editor.run("features.lua")

    assert seen["hints"] == [
        {"line": "@app.task", "label": '(name="shop.tasks.later")'},
        {"line": '    "🛒"; charge.apply_async((1, 2), countdown=3600)', "label": "1 h"},
    ]
    assert seen["lenses"] == [
        {"line": '@app.task(name="shop.charge-🛒")', "title": "2 callers"},
        {"line": "@app.task", "title": "no callers found"},
    ]
    assert seen["drawn"] == ["2 callers", "no callers found"]
    assert seen["outline"] == [
        {"name": "app", "detail": "app", "text": "app"},
        {"name": "charge", "detail": "shop.charge-🛒", "text": "charge"},
        {"name": "later", "detail": "shop.tasks.later", "text": "later"},
    ]
    assert seen["found"] == ["shop.charge-🛒"]
    assert [item["text"].strip() for item in seen["callers"]] == [
        '"🛒"; charge.apply_async((1, 2), countdown=3600)',
        "charge.delay(3, 4)",
    ]
    assert [item["col"] for item in seen["callers"]] == [13, 5], "bytes, from 1"


def test_the_card_of_a_task(editor: Editor) -> None:
    seen = editor.run("hover.lua")

    assert seen["kind"] == "markdown"
    assert seen["text"] == "charge"
    assert "**Celery task** `shop.charge-🛒` · `@app.task` · app `app`" in seen["value"]
    assert "- **Callers** 1: [`shop/tasks.py:" in seen["value"]
    shown = "\n".join(seen["shown"])
    assert "def charge(order_id: int, amount: int)" in shown
    assert "Celery task" in shown
