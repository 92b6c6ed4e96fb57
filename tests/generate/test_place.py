"""Where a task goes in a file that has something in it already."""

from textwrap import dedent

import pytest

from celeryls.forms import NO_RETRY, AnswerError
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.text import apply_edits
from tests.generate.writing import SHOP, outline, plan, spec, write

HEAD = """\
from typing import Any

from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.utils.log import get_task_logger

logger = get_task_logger(__name__)
"""
PLAIN = spec("sync", retry=NO_RETRY)


def placed(text, wanted=PLAIN, conventions=SHOP):
    return outline(dedent(text), wanted, conventions)


def below_head(text):
    """What is placed into a file that has all imports."""
    found = placed(HEAD + dedent(text))
    assert found.startswith(HEAD)
    return found.removeprefix(HEAD)


@pytest.mark.parametrize("text", ["", "\n", "  \n\n\t\n"])
def test_an_empty_file(text):
    assert placed(text) == f'"""Celery tasks."""\n\n{HEAD}\n\n<task>\n'


def test_a_docstring():
    assert placed('"""Mine."""\n') == f'"""Mine."""\n\n{HEAD}\n\n<task>\n'


def test_a_docstring_without_a_newline():
    assert placed('"""Mine."""') == f'"""Mine."""\n\n{HEAD}\n\n<task>\n'


def test_a_licence_comment():
    assert placed("# Licence\n# MIT\n") == f"# Licence\n# MIT\n\n{HEAD}\n\n<task>\n"


def test_a_shebang_and_code_right_below():
    found = placed("#!/usr/bin/env python\nX = 1\n")
    assert found == f"#!/usr/bin/env python\n\n{HEAD}\nX = 1\n\n\n<task>\n"


def test_future_imports_stay_first():
    text = '"""D."""\n\nfrom __future__ import division\n'
    assert placed(text) == f"{text}\n{HEAD}\n\n<task>\n"


def test_code_without_imports():
    assert placed("X = 1\n") == f"{HEAD}\nX = 1\n\n\n<task>\n"


def test_a_function_without_imports():
    text = "def f():\n    pass\n"
    assert placed(text) == f"{HEAD}\n\n{text}\n\n<task>\n"


def test_after_the_last_task():
    assert below_head(
        """

        @shared_task
        def first():
            pass
            # the end of it


        def helper():
            pass
        """
    ) == dedent(
        """

        @shared_task
        def first():
            pass
            # the end of it


        <task>


        def helper():
            pass
        """
    )


def test_without_tasks_at_the_end():
    assert below_head("\n\ndef f():\n    pass\n") == "\n\ndef f():\n    pass\n\n\n<task>\n"


def test_before_the_main_guard():
    assert below_head(
        """

        def f():
            pass


        if __name__ == "__main__":
            f()
        """
    ) == dedent(
        """

        def f():
            pass


        <task>


        if __name__ == "__main__":
            f()
        """
    )


def test_a_file_without_a_newline_at_its_end_gets_one():
    assert below_head("\nX = 1") == "\nX = 1\n\n\n<task>\n"


@pytest.mark.parametrize("blank", ["", "\n", "\n\n\n\n\n", "\n    \n\t\n"])
def test_two_blank_lines_whatever_was_there(blank):
    assert below_head(f"\nX = 1\n{blank}") == "\nX = 1\n\n\n<task>\n"


@pytest.mark.parametrize("cursor", ["│\n\n", "\n│\n", "\n\n│", "\n\n\n│\n\n\n"])
def test_at_the_cursor(cursor):
    found = below_head(f"\n\ndef f():\n    pass\n{cursor}\n\ndef g():\n    pass\n")
    assert found == "\n\ndef f():\n    pass\n\n\n<task>\n\n\ndef g():\n    pass\n"


def test_a_cursor_inside_of_a_statement_does_not_split_it():
    found = below_head("\n\ndef f():\n    pa│ss\n\n\nX = 1\n")
    assert found == "\n\ndef f():\n    pass\n\n\nX = 1\n\n\n<task>\n"


def test_a_cursor_on_a_comment_leaves_the_comment_with_its_statement():
    found = below_head("\nX = 1\n\n# about│ f\ndef f():\n    pass\n")
    assert found == "\nX = 1\n\n\n<task>\n\n\n# about f\ndef f():\n    pass\n"


def test_a_cursor_above_the_imports_does_not_put_the_task_there():
    assert placed(f"│\n{HEAD}") == f"\n{HEAD}\n\n<task>\n"


def test_a_cursor_below_the_main_guard_does_not_put_the_task_there():
    found = below_head('\nX = 1\n\nif __name__ == "__main__":\n    print(X)\n│')
    assert found == '\nX = 1\n\n\n<task>\n\n\nif __name__ == "__main__":\n    print(X)\n'


def test_below_the_app_it_uses():
    conventions = Conventions(
        DecoratorStyle.APP_TASK, "shop.celery_app", "app", "shop.celery_app", (5, 7)
    )
    text = "│from celery import Celery\n\napp = Celery()\nY = 1\n"
    text, made = plan(text, PLAIN, conventions)
    after = apply_edits(text, made.edits)
    assert "import app" not in after
    assert after.index("app = Celery()") < after.index("@app.task(")


def test_below_the_class_it_takes():
    found = write("│class Order: ...\n\n\nX = 1\n", spec("sync", "order: Order"))
    assert found.index("class Order") < found.index("def sync(self")
    compile(found, "x", "exec")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_newlines_of_the_file(newline):
    text = HEAD + "\n\n@shared_task\ndef f():\n    pass\n\n\nX = 1\n"
    changed = text.replace("\n", newline)
    after = write(changed, spec("sync", "when: date"))
    assert after == write(text, spec("sync", "when: date")).replace("\n", newline)


def test_only_new_text_is_in_the_edits():
    text = "import os\n\nfrom celery import shared_task\n\n\n@shared_task\ndef f():\n    pass\n"
    _, made = plan(text)
    assert all(edit.span.length == 0 for edit in made.edits)
    assert len(made.edits) == 4


def test_statements_that_share_a_line():
    found = write('import os; X = """\n"""\nY = 1\n', PLAIN)
    assert 'import os; X = """\n"""\n' in found
    compile(found, "x", "exec")


@pytest.mark.parametrize(
    ("text", "wanted", "told"),
    [
        ("def f(:\n", PLAIN, "syntax error"),
        ("def sync(): ...\n", PLAIN, "sync is taken in this file"),
        ("from x import sync\n", PLAIN, "sync is taken"),
        ("try:\n    sync = 1\nexcept E:\n    pass\n", PLAIN, "sync is taken"),
        ("", spec("sync", "order: Order"), "Order is not defined in this file."),
        ("", spec("sync", returns="Order | None"), "such as package.module.Order"),
    ],
)
def test_what_cannot_be_written_is_said(text, wanted, told):
    with pytest.raises(AnswerError, match=told):
        write(text, wanted)


@pytest.mark.parametrize(
    ("version", "in_decorator"), [((5, 3), True), ((5, 6), True), ((5, 7), False), (None, False)]
)
def test_the_queue_goes_where_this_celery_wants_it(version, in_decorator):
    conventions = Conventions(module="shop.tasks", celery_version=version)
    _, made = plan("", spec(queue="mail"), conventions)
    assert ('queue="mail",' in made.code) is in_decorator
    _, made = plan("", spec(), conventions)
    assert "queue" not in made.code


def test_without_a_module_there_is_no_explicit_name():
    _, made = plan("", spec(queue="mail"), Conventions())
    assert "name=" not in made.code
    assert any("no explicit name" in note for note in made.notes)
