"""A project's own templates: what they change, what they can't do, and what is said of it."""

import json
import os
import time
from pathlib import Path

import pytest

from celeryls.config.load import load
from celeryls.forms import AnswerError
from celeryls.generate import plan_task
from celeryls.generate.own_templates import MAX_BYTES
from celeryls.generate.templates import template_folder
from celeryls.project import Project, Workspace
from tests.generate.projects import SHOP, after
from tests.generate.writing import spec
from tests.rules.harness import write

FOLDER = "celeryls-templates"
CONFIGURED = {**SHOP, "celeryls.toml": f'templates = "{FOLDER}"\n'}
DOCSTRING = "task/docstring.py.j2"
MINE = '    """{{ purpose }} Ours: {{ retry.delay if retry.max_retries else 0 }}."""\n'


def project(root: Path, own: dict[str, str], *, trusted: bool = True) -> Project:
    """A project with templates of its own, by name."""
    write(root, {**CONFIGURED, **{f"{FOLDER}/{name}": text for name, text in own.items()}})
    workspace = Workspace(root, load(root), trusted=trusted)
    workspace.scan()
    return workspace.snapshot()


def planned(shop: Project) -> str:
    """The file of tasks with a new one."""
    plan = plan_task(shop, str(shop.folder / "shop/tasks.py"), spec("sync", "a: int"))
    (text,) = after(plan, shop).values()
    return text


def refusal(shop: Project) -> str:
    """What is said of templates that can't be used."""
    with pytest.raises(AnswerError) as refused:
        planned(shop)
    message = refused.value.message
    assert len(message.splitlines()) == 1
    return message


def test_a_template_of_the_same_name_wins_and_ours_stand_around_it(tmp_path: Path) -> None:
    text = planned(project(tmp_path, {DOCSTRING: MINE}))
    assert '    """Sync. Ours: 60."""\n' in text
    assert 'context = {"task_id": self.request.id' in text


def test_ours_unchanged_make_the_same_there_as_here(tmp_path: Path) -> None:
    ours = {
        path.relative_to(template_folder()).as_posix(): path.read_text("utf-8")
        for path in (template_folder() / "task").rglob("*.j2")
    }
    with_copies = planned(project(tmp_path / "copies", ours))
    assert with_copies == planned(project(tmp_path / "none", {"README.md": ""}))


def test_it_may_include_more_of_its_own(tmp_path: Path) -> None:
    own = {DOCSTRING: '{% include "team/words.j2" %}', "team/words.j2": MINE}
    assert "Ours: 60." in planned(project(tmp_path, own))


def test_windows_line_ends_and_a_byte_order_mark_are_taken(tmp_path: Path) -> None:
    shop = project(tmp_path, {DOCSTRING: ""})
    path = tmp_path / FOLDER / DOCSTRING
    path.write_bytes(b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())
    text = planned(shop)
    assert '    """Sync. Ours: 60."""\n' in text
    assert "\r" not in text


def test_without_trust_ours_are_used_and_the_plan_says_so(tmp_path: Path) -> None:
    shop = project(tmp_path, {DOCSTRING: "{% for"}, trusted=False)
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync"))
    assert '    """Sync.' in plan.code
    assert [note for note in plan.notes if FOLDER in note and "trusted" in note]


def test_without_trust_nothing_is_said_where_nothing_would_be_used(tmp_path: Path) -> None:
    shop = project(tmp_path, {"other.py.j2": ""}, trusted=False)
    plan = plan_task(shop, str(tmp_path / "shop/tasks.py"), spec("sync"))
    assert not [note for note in plan.notes if FOLDER in note]


BROKEN = {
    "a syntax error": ('    """x"""\n{% if %}\n', ":2: ", "Expected an expression"),
    "a block that is not ended": ("\n\n{% if a %}", ":3: ", "endif"),
    "a variable that there is not": ('    """\n    {{ purpos }}"""\n', ":2: ", "'purpos' is und"),
    "a key that there is not": ("{{ retry.dealy }}", ":1: ", "dealy"),
    "a filter that there is not": ("\n{{ purpose | qoute }}", ":2: ", "qoute"),
    "a filter that can't": ("\n\n{{ purpose | round }}", ":3: ", ""),
    "an include that is nowhere": ('\n{% include "gone.j2" %}', ":2: ", "no template gone.j2"),
    "a file elsewhere": ('{% include "../../../etc/passwd" %}', ":1: ", "no template"),
    "an absolute path": ('{% include "/etc/passwd" %}', ":1: ", "no template"),
    "itself": ('{% include "task/docstring.py.j2" %}', ":1: ", "recursion"),
    "code that does not parse": ('    """\n    {{ purpose }}\n', ":1: ", "does not parse"),
    "code that ends the function": ('    """x"""\n    x = (\n', ":2: ", "does not parse"),
    "code without its indentation": ('"""x"""\n', ":1: ", "does not parse"),
    "a way to Python": ("\n{{ ''.__class__.__mro__ }}", ":2: ", "unsafe"),
    "another way to Python": ("{{ fits.__globals__ }}", ":1: ", "unsafe"),
    "a format string": ("{{ '{0.__class__.__mro__}'.format(1) }}", ":1: ", "unsafe"),
    "what it must not change": ("{{ described.append(1) }}", ":1: ", "unsafe"),
    "too much text": ("{% for i in range(60000) %}0123456789\n{% endfor %}", ":1: ", "characters"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_wrong_is_one_line_that_says_where(kind: str, tmp_path: Path) -> None:
    text, line, part = BROKEN[kind]
    message = refusal(project(tmp_path, {DOCSTRING: text}))
    assert message.startswith(f"{FOLDER}/{DOCSTRING}{line}"), message
    assert part in message
    assert message.endswith("mend it, or take the file away to have celeryls' own.")


BOMBS = {
    "a long loop": "{% for i in range(10**12) %}{% endfor %}",
    "loops in loops": (
        "\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    ),
    "a long text": '{{ "x" * 10**10 }}',
    "a text that is short when it is asked for": '{% set n = 10**10 %}{{ ("x" * n) | length }}',
    "a wide line": '{{ "x" | center(10**10) }}',
    "a wide number": '{{ "%10000000000d" | format(1) }}',
    "a text that doubles": (
        '{% set ns = namespace(x="x" * 1000) %}'
        "{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}"
    ),
    "a long list": "{{ (range(99999) | list * 999) | sort }}",
    "one long operation": "{{ (9 ** (9 ** 9)) is odd }}",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_what_takes_too_long_or_too_much_is_stopped(kind: str, tmp_path: Path) -> None:
    shop = project(tmp_path, {DOCSTRING: BOMBS[kind]})
    began = time.monotonic()
    message = refusal(shop)
    assert time.monotonic() - began < 15
    assert message.startswith(f"{FOLDER}"), message
    assert message.endswith("mend it, or take the file away to have celeryls' own.")


def test_a_long_loop_is_told_by_its_line(tmp_path: Path) -> None:
    message = refusal(project(tmp_path, {DOCSTRING: BOMBS["loops in loops"]}))
    assert f"{DOCSTRING}:2: takes longer than 2 s" in message


def test_a_decorator_that_makes_no_task_is_told(tmp_path: Path) -> None:
    message = refusal(project(tmp_path, {"task/decorator.py.j2": "@staticmethod\n"}))
    assert f"{FOLDER}/task/decorator.py.j2" in message


def test_a_task_of_another_name_is_told(tmp_path: Path) -> None:
    message = refusal(project(tmp_path, {"task/signature.py.j2": "def other():\n"}))
    assert f"{FOLDER}/task/signature.py.j2" in message
    assert "sync" in message


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    shop = project(tmp_path / "shop", {"README.md": ""})
    write(tmp_path, {"outside.j2": MINE})
    link = tmp_path / "shop" / FOLDER / DOCSTRING
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "outside.j2")
    assert "leads out of the folder" in refusal(shop)
    link.unlink()
    link.parent.rmdir()
    link.parent.symlink_to(tmp_path, target_is_directory=True)
    assert '    """Sync.\n' in planned(shop)  # links to folders are not followed


@pytest.mark.parametrize("folder", ["..", "../elsewhere", ".", "/tmp", "out", "x\0y"])
def test_a_folder_elsewhere_is_refused(folder: str, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {DOCSTRING: MINE})
    shop = tmp_path / "shop"
    write(shop, {**SHOP, "celeryls.toml": f"templates = {json.dumps(folder)}"})
    (shop / "out").symlink_to(tmp_path / "elsewhere")
    workspace = Workspace(shop, load(shop), trusted=True)
    workspace.scan()
    assert refusal(workspace.snapshot()).startswith("templates: ")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    message = refusal(project(tmp_path, {}))
    assert f"no folder {FOLDER}" in message


@pytest.mark.parametrize(
    ("data", "part"),
    [(b"x" * (MAX_BYTES + 1), "larger than 64 kB"), (b"\xff\xfe", "not UTF-8 at byte 0")],
)
def test_a_file_that_can_not_be_read_is_told(data: bytes, part: str, tmp_path: Path) -> None:
    shop = project(tmp_path, {DOCSTRING: ""})
    (tmp_path / FOLDER / DOCSTRING).write_bytes(data)
    assert part in refusal(shop)


def test_too_many_files_are_told(tmp_path: Path) -> None:
    many = {f"x/{number}.j2": "" for number in range(201)}
    assert "more than 200" in refusal(project(tmp_path, many))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    shop = project(tmp_path, {"README.md": ""})
    (tmp_path / FOLDER / "task").mkdir()
    os.mkfifo(tmp_path / FOLDER / DOCSTRING)
    assert "is no file" in refusal(shop)


def test_what_the_project_shadows_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = project(tmp_path, {DOCSTRING: MINE})
    bomb = "raise SystemExit('imported')\n"
    write(tmp_path, dict.fromkeys(("json.py", "jinja2.py", "sitecustomize.py"), bomb))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "Ours: 60." in planned(shop)
