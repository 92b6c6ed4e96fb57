"""Whatever people type: it is refused with a message, or what is written is sound."""

import ast

from hypothesis import example, given, settings
from hypothesis import strategies as st

from celeryls.forms import AnswerError, FormContext, create_task_form
from celeryls.generate import write_task
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.syntax import parse
from celeryls.text import apply_edits
from tests.generate.writing import spec

NASTY = st.sampled_from(
    ['"""', "'''", "\\", "\n", "\r", "\x00", "\u2028", "#", "(", ")", ",", ":", "=", "{{", "}}",
     "{%", "%}", "; import os", "os.system('x')", "class", "self", "\u0430", "int",
     "\N{PILE OF POO}", "\u202e", "\ud800", " ", "  ", "def f(): ...",
     "# noqa", "*", "/", "->", "[", "]", "None"]
)  # fmt: skip
TEXT = st.lists(NASTY | st.text(max_size=5), max_size=8).map("".join)
IDENTIFIER = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
NAME = st.one_of(TEXT, IDENTIFIER)
TYPE = st.sampled_from(
    ["int", "str | None", "dict", "list[int]", "UUID", "datetime.date", 'Literal["a"]', "x.Y", "Z"]
)
PARAMETER = st.tuples(
    IDENTIFIER,
    TYPE | TEXT,
    st.sampled_from(["", "= None", "= 1", '= "x"', "= []"]) | TEXT,
    st.just("") | TEXT.map("({})".format),
).map(lambda parts: f"{parts[0]}: {parts[1]} {parts[2]} {parts[3]}")
PARAMETERS = st.lists(PARAMETER, max_size=4).map(", ".join) | TEXT
ANSWERS = st.fixed_dictionaries(
    {"name": NAME},
    optional={
        "purpose": TEXT,
        "parameters": PARAMETERS,
        "returns": TYPE | TEXT,
        "queue": TEXT | st.just("mail"),
        "retry": st.sampled_from(["none", "simple", "exponential", "custom"]) | TEXT,
        "retry_on": st.sampled_from(["OSError", "a.B, c.D"]) | TEXT,
        "max_retries": st.integers(-1, 200) | TEXT,
        "soft_time_limit": st.integers(-1, 1000) | TEXT,
    },
)
FILES = st.sampled_from(
    [
        "",
        '"""Doc."""\n',
        "# comment\n",
        "import os\nimport x\n\n\ndef f():\n    return os, x\n",
        "from celery import shared_task as st\n\n@st\ndef first(): ...\n\n\nX = 1",
        "from __future__ import annotations\n\nlogger = 1\nclass Z: ...\n",
        'import datetime\r\n\r\nif __name__ == "__main__":\r\n    pass\r\n',
        "from a import (\n    b,  # c\n    d\n)\n\x0c\nsecrets = shared_task = Task = Any = 1\n",
    ]
)
STYLES = st.sampled_from(
    [
        Conventions(),
        Conventions(module="m.tasks", celery_version=(5, 3)),
        Conventions(DecoratorStyle.APP_TASK, "m.app", "app", "m.tasks", (5, 7), (), 79),
    ]
)


def functions(text):
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def check(wanted, conventions, text, at):
    before = [ast.dump(node) for node in ast.parse(text).body]
    try:
        made = write_task(wanted, conventions, text=text, at=at)
    except AnswerError as error:
        assert error.message.isprintable()
        return
    after = apply_edits(text, made.edits)
    (function,) = [node for node in functions(after) if node.name == wanted.name]
    assert len(functions(after)) == len(functions(text)) + 1
    names = [argument.arg for argument in function.args.args]
    assert names == ["self", *(parameter.name for parameter in wanted.parameters)]
    # Nothing of the file is lost but imports that have got a further name.
    kept = [ast.dump(node) for node in ast.parse(after).body]
    assert [node for node in before if "ImportFrom" not in node and node not in kept] == []
    # A file that ends without a newline keeps its end, unless the task is put there.
    assert after.endswith(("\n", "\r")) or after[-5:] == text[-5:]
    again = parse(after)
    assert not again.broken


@given(ANSWERS, FILES, STYLES)
@settings(deadline=None, max_examples=300)
@example({"name": "x", "purpose": '"""\nimport os\n"""'}, "", Conventions())
@example({"name": "x", "purpose": 'a\\"'}, "", Conventions())
@example({"name": "x", "purpose": "{{ 1 + 1 }}{% raw %}"}, "", Conventions())
def test_answers(answers, text, conventions):
    form = create_task_form(FormContext(), answers)
    if form.spec is None:
        assert form.open
        assert all(message for message in form.errors.values())
        return
    check(form.spec, conventions, text, None)


@given(
    FILES, STYLES, st.integers(0, 200), st.sampled_from(["", "when: datetime", "a: UUID = None"])
)
@settings(deadline=None, max_examples=300)
def test_cursors(text, conventions, at, parameters):
    try:
        wanted = spec("fresh", parameters)
    except AnswerError:
        return
    check(wanted, conventions, text, min(at, len(text)))
