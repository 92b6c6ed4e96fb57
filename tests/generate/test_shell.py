"""Lines for shells, read as each of them does; the lines of "Run task" among them."""

import ast
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.forms.run_form import RunSpec
from celeryls.generate.apps import command_line
from celeryls.generate.next_steps import _send
from celeryls.generate.run_line import run_line
from celeryls.generate.shell import shell_line
from celeryls.project import Project
from tests.generate import shells
from tests.generate.projects import project
from tests.generate.writing import spec
from tests.ide.running import found

APP = "from celery import Celery\n\napp = Celery('shop', include=['shop.tasks'])\n"
TASKS = """\
from celery import shared_task


@shared_task
def plain(text): ...


@shared_task(name="a\\x03; echo gone\\x7f")
def hostile(text): ...
"""
PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("a shop")
    return project(root, {"shop/__init__.py": "", "shop/app.py": APP, "shop/tasks.py": TASKS})


@given(st.lists(PRINTABLE | st.sampled_from(["", "\\", "a\\\\b", "it's", "\\'", "-x\\"])))
def test_a_line_has_its_words_in_all_shells(words: list[str]) -> None:
    line = shell_line(words, windows=False)
    assert shlex.split(line) == words
    assert shells.fish(line) == words


@pytest.mark.parametrize(
    "words",
    [
        ["celery", "--workdir=back end", "-A", "shop.app", "worker", "-n", "mail@h"],
        ["pip", "install", "celery[redis]>=5.4,<6"],
        ["celeryls", "add", "test", "src\\shop\\tasks.py::Outer.<locals>.f", "(a)", "@x", "a;b&c"],
    ],
)
def test_a_line_has_its_words_in_the_shells_of_windows(words: list[str]) -> None:
    line = shell_line(words, windows=True)
    assert shells.cmd(line) == shells.powershell(line) == words


@given(st.lists(PRINTABLE.map(lambda text: text.replace('"', "'")), max_size=3))
def test_programs_of_windows_get_back_their_words(words: list[str]) -> None:
    words += ["ends with\\", "a\\\\ b", 'a"b\\"']
    assert shells.argv(shell_line(words, windows=True)) == words


@given(text=JSON, how=st.sampled_from(["eagerly", "send"]))
def test_arguments_of_a_task_arrive(shop: Project, text: object, how: str) -> None:
    spec = RunSpec(how, kwargs={"text": text, "it's": "\\"}, queue=None)  # type: ignore[arg-type]
    task, app = found(shop, "plain"), shop.apps[0]
    run = run_line(shop, task, app, spec, windows=False)
    assert run.command.isprintable()
    assert shlex.split(run.command) == shells.fish(run.command) == list(run.arguments)
    run = run_line(shop, task, app, spec, windows=True)
    for shell in (shells.cmd, shells.powershell, shlex.split):
        assert shell(run.command) == list(run.arguments)
    ast.parse(run.arguments[-1])


@pytest.mark.parametrize("windows", [False, True])
def test_the_name_of_a_task_commands_no_terminal(shop: Project, *, windows: bool) -> None:
    spec = RunSpec("send", kwargs={"text": "\x7f"})
    run = run_line(shop, found(shop, "hostile"), shop.apps[0], spec, windows=windows)
    assert run.command.isprintable()
    assert run.arguments[:2] == ("python", "-c")
    nodes = ast.walk(ast.parse(run.arguments[2]))
    literals = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert {"a\x03; echo gone\x7f", "\x7f"} <= literals


def test_a_new_task_is_sent_from_the_shells_of_windows(shop: Project) -> None:
    """`celery call` would need quotes within quotes."""
    task, app = found(shop, "plain"), shop.apps[0]
    command = command_line(shop, app)
    assert command is not None
    (step,) = _send(shop, spec("plain", "text: str"), task, app, command, windows=True)
    assert step.command is not None
    words = shells.powershell(step.command)
    assert shells.cmd(step.command) == words
    assert words[:2] == ["python", "-c"]
    assert "apply_async(kwargs={'text': " in words[2]
    (step,) = _send(shop, spec("plain"), task, app, command, windows=True)
    assert step.command == "celery -A shop.app call shop.tasks.plain"
