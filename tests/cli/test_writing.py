"""`celeryls new` and `celeryls convert`: what is written, and what is refused."""

import ast
import os
from pathlib import Path

import pytest

from tests.cli.running import Run, script
from tests.rules.harness import write


def listing(folder: Path) -> dict[str, bytes]:
    return {
        os.path.relpath(os.path.join(at, name), folder): Path(at, name).read_bytes()
        for at, _, names in os.walk(folder)
        for name in names
    }


def test_a_new_task_is_written_where_the_others_are(run: Run) -> None:
    text = "from celery import shared_task\n\n\n@shared_task\ndef f(): ...\n"
    write(run.folder, {"shop/__init__.py": "", "shop/tasks.py": text})
    ran = run("new", "send_mail", "--yes", "--set", "parameters=to: str, subject: str = 'x'")
    assert ran.code == 0, ran.err
    assert "wrote shop/tasks.py" in ran.out
    after = (run.folder / "shop/tasks.py").read_text()
    assert 'to: str, subject: str = "x"' in after.replace("'", '"')
    assert "def f(): ..." in after
    names = [item["name"] for item in run("tasks", "--output-format", "json").json]
    assert sorted(names) == ["shop.tasks.f", "shop.tasks.send_mail"]
    assert run("check", "--select", "CEL104,CEL105,CEL106").code == 0


def test_the_installed_script_writes_a_new_file(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": ""})
    ran = script(tmp_path, "new", "send_mail", "--yes", "--set", "file=shop/jobs.py")
    assert ran.code == 0, ran.err
    ast.parse((tmp_path / "shop/jobs.py").read_text())


def test_a_dry_run_writes_nothing(run: Run) -> None:
    ran = run("new", "send_mail", "--yes", "--dry-run")
    assert ran.code == 0
    assert "+def send_mail(self" in ran.out
    assert listing(run.folder) == {}


NAMES = [
    "class",
    "None",
    "match-es",
    "../../x",
    "a/b",
    "a.b",
    "1st",
    "",
    " ",
    "a b",
    "x\ny",
    "x'",
    'x"',
    "x;import os",
    "x()",
    "\u2028",
    "f",
    "x" * 10_000,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_name_is_refused_and_nothing_is_written(name: str, run: Run) -> None:
    text = "from celery import shared_task\n\n\n@shared_task\ndef f(): ...\n"
    write(run.folder, {"tasks.py": text})
    before = listing(run.folder)
    run("new", name, "--yes").says("name")
    assert listing(run.folder) == before


ANSWERS = [
    "file=../../x.py",
    "file=/tmp/x.py",
    "file=../outside.py",
    "file=x.txt",
    "file=a b.py",
    "file=class.py",
    "file=x\n.py",
    "file=",
    "nonsense=1",
    "name",
    "max_retries=many",
    "max_retries=-1",
    "max_retries=1); import os; (1",
    "retry=sometimes",
    "retry_on=a b",
    "retry_on=os.system('x')",
    "parameters=self",
    "parameters=a, a",
    "parameters=a: int = ",
    "parameters=a): import os",
    "parameters=class",
    "time_limit=0",
    "soft_time_limit=-5",
    "type=nonsense",
    "returns=nonsense",
    "queue=a\nb",
    "schedule=nonsense",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_bad_answer_is_refused_and_nothing_is_written(answer: str, run: Run) -> None:
    before = listing(run.folder.parent)
    extra = {
        "max_retries": ["retry=custom"],
        "retry_on": ["retry=custom"],
        "schedule": ["type=periodic"],
    }.get(answer.partition("=")[0], [])
    settings = [argument for item in (*extra, answer) for argument in ("--set", item)]
    ran = run("new", "send_mail", "--yes", *settings)
    assert ran.code == 2, ran
    assert len(ran.err.splitlines()) == 1
    assert listing(run.folder.parent) == before


def test_a_link_that_leads_out_of_the_project_is_refused(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (run.folder / "out").symlink_to(outside)
    run("new", "send_mail", "--yes", "--set", "file=out/x.py").says("outside")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [("{", "answers.json"), ("[1]", "answers.json"), ('{"x": 1}', "no such field: x")],
)
def test_answers_from_a_file_that_can_not_be_taken(text: str, part: str, run: Run) -> None:
    write(run.folder, {"answers.json": text})
    run("new", "--yes", "--answers", "answers.json").says(part)


def test_answers_from_files(run: Run) -> None:
    write(run.folder, {"a.toml": 'name = "one"\nqueue = "slow"\n', "a.json": '{"name": "two"}'})
    assert run("new", "--yes", "--answers", "a.toml").code == 0
    assert run("new", "--yes", "--answers", "a.json").code == 0
    assert run("new", "--yes", "--answers", "gone.toml").code == 2
    text = (run.folder / "tasks.py").read_text()
    assert "def one(self" in text and "def two(self" in text and "slow" in text


def test_a_name_is_needed(run: Run) -> None:
    run("new", "--yes").says("name")


# --- convert ------------------------------------------------------------------------------

_CODE = """\
import click
from celery import shared_task

# \N{PILE OF POO}
def plain(a, b=1):
    \"\"\"Doc.\"\"\"
    return a  # kept

async def later(): ...
def gen(): yield 1
def has_self(self): ...
@shared_task
def already(): ...
@click.command()
def command(): ...
class C:
    def method(self): ...
def outer():
    def inner(): ...
"""

REFUSED = {
    "later": "async",
    "gen": "generator",
    "has_self": "self",
    "already": "already",
    "command": "click.command",
    "method": "method",
    "inner": "inside",
    "nowhere": "has no function nowhere",
}


def test_a_function_is_converted_and_the_rest_stays(run: Run) -> None:
    write(run.folder, {"t.py": _CODE})
    dry = run("convert", "t.py::plain", "--dry-run")
    assert "+def plain(self, a, b=1):" in dry.out
    assert (run.folder / "t.py").read_text() == _CODE
    assert run("convert", "t.py::plain").code == 0
    after = (run.folder / "t.py").read_text()
    assert "def plain(self, a, b=1):\n" in after
    assert set(_CODE.splitlines()) - set(after.splitlines()) == {"def plain(a, b=1):"}
    run("convert", "t.py::plain").says("plain", "already")


@pytest.mark.parametrize("function", REFUSED)
def test_a_refusal_says_why(function: str, run: Run) -> None:
    write(run.folder, {"t.py": _CODE})
    run("convert", f"t.py::{function}").says(REFUSED[function])
    assert (run.folder / "t.py").read_text() == _CODE


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_and_encoding_are_kept(newline: str, run: Run) -> None:
    text = "# coding: latin-1\ndef plain(a):\n    return 'caf\xe9'\n".replace("\n", newline)
    (run.folder / "t.py").write_bytes(text.encode("latin-1"))
    assert run("convert", "t.py::plain").code == 0
    after = (run.folder / "t.py").read_bytes()
    assert after.startswith(f"# coding: latin-1{newline}".encode())
    assert b"caf\xe9" in after
    assert after.replace(newline.encode(), b"").count(b"\n") == 0


TARGETS = ["t.py", "t.py::", "::f", "t.py:f", "gone.py::f", ".::f", "broken.py::f", "bytes.py::f"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_that_is_none(target: str, run: Run) -> None:
    write(run.folder, {"t.py": _CODE, "broken.py": "def f(): ...\nx = (\n"})
    (run.folder / "bytes.py").write_bytes(b"def f(): ... # \xff\n")
    before = listing(run.folder)
    ran = run("convert", target)
    assert (ran.code, ran.out) == (2, "")
    assert listing(run.folder) == before
