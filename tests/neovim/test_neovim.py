import json
from tests.neovim.running import Editor, registered


def test_main_job(editor: Editor) -> None:
    seen = editor.run("main_job.lua")
    print(json.dumps(seen, indent=1))
    print((editor.project / "shop/tasks.py").read_text())
    print(editor.log())
    print(registered(editor.project, "acks_late", "max_retries", "autoretry_for"))
    assert 0


def test_form(editor: Editor) -> None:
    seen = editor.run("form.lua")
    print(json.dumps(seen, indent=1))
    print((editor.project / "shop/tasks.py").read_text())
    print(editor.log())
    print(registered(editor.project, "acks_late", "max_retries", "autoretry_for"))
    assert 0


def test_typing(editor: Editor) -> None:
    seen = editor.run("typing.lua")
    print(json.dumps(seen, indent=1))
    print(editor.log())
    assert 0
