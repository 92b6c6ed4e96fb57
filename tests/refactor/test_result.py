"""The file before and after, as its author sees it."""

import sys

import pytest

from celeryls.project.conventions import Conventions
from celeryls.refactor.convert_function import CannotConvert
from celeryls.text import apply_edits, overlaps
from tests.refactor.converting import OPTIONS, converted, outline

NEWER = [
    # Type parameters came with Python 3.12.
    ("def sync[T: (int, str)](a: T): ...", "def sync[T: (int, str)](self, a: T): ..."),
    ("def sync[**P](): ...", "def sync[**P](self): ..."),
]
HEAD = "import os\n\nfrom celery import shared_task\n\n\n"


def test_the_house_defaults_stand_above_the_function():
    before = '''\
"""Tasks of the shop."""

import requests


def sync(shop: str, limit: int = 100) -> dict[str, int]:
    """Fetch the orders of a shop."""
    return requests.get(shop, timeout=limit).json()
'''
    options = "".join(f"    {option},\n" for option in OPTIONS)
    after, _ = converted(before)
    assert after == (
        '"""Tasks of the shop."""\n'
        "\n"
        "import requests\n"
        "from celery import shared_task\n"
        "\n"
        "\n"
        "@shared_task(\n"
        f"{options}"
        ")\n"
        "def sync(self, shop: str, limit: int = 100) -> dict[str, int]:\n"
        '    """Fetch the orders of a shop."""\n'
        "    return requests.get(shop, timeout=limit).json()\n"
    )


def test_without_a_known_module_the_name_is_left_to_celery():
    after, _ = converted("def sync():\n    pass\n", Conventions())
    assert "name=" not in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def sync(): ...", "def sync(self): ..."),
        ("def sync( ): ...", "def sync(self ): ..."),
        ("def  sync  ( a ):...", "def  sync  ( self, a ):..."),
        ("def sync(a): return a  # why", "def sync(self, a): return a  # why"),
        ("def sync(a, /): ...", "def sync(self, a, /): ..."),
        ("def sync(a=1, /, b=2): ...", "def sync(self, a=1, /, b=2): ..."),
        ("def sync(*args): ...", "def sync(self, *args): ..."),
        ("def sync(*, a): ...", "def sync(self, *, a): ..."),
        ("def sync(**rest): ...", "def sync(self, **rest): ..."),
        ("def sync(s): ...", "def sync(self, s): ..."),
        ("def sync(selfish): ...", "def sync(self, selfish): ..."),
        ("def sync(a=lambda self: 1): ...", "def sync(self, a=lambda self: 1): ..."),
        ("def sync(a, b=')', c='('): ...", "def sync(self, a, b=')', c='('): ..."),
        ("def sync(a='\u2028😀é'): ...", "def sync(self, a='\u2028😀é'): ..."),
        ("def \\\n sync(\\\n a): ...", "def \\\n sync(\\\n self, a): ..."),
        ("def sync(a,\n         b): ...", "def sync(self, a,\n         b): ..."),
        *(NEWER if sys.version_info >= (3, 12) else []),
    ],
)
def test_self_comes_first(before, after):
    assert outline(f"{HEAD}{before}\n") == f"{HEAD}@shared_task(...)\n{after}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # One a line: one more line.
        (
            "(\n    a: int,  # the a\n    b=2,\n)",
            "(\n    self,\n    a: int,  # the a\n    b=2,\n)",
        ),
        ("(\n    a\n)", "(\n    self,\n    a\n)"),
        ("(\n\ta,\n\tb,\n)", "(\n\tself,\n\ta,\n\tb,\n)"),
        ("(\n    *,\n    a,\n)", "(\n    self,\n    *,\n    a,\n)"),
        ("(\na,\nb)", "(\nself,\na,\nb)"),
        # Together on a line of their own: together with it.
        ("(\n    a, b\n)", "(\n    self, a, b\n)"),
        # Comments stay where they belong.
        (
            "(  # noqa: PLR0913\n    a,\n    b,\n)",
            "(  # noqa: PLR0913\n    self,\n    a,\n    b,\n)",
        ),
        ("(  # noqa: PLR0913\n    a, b\n)", "(  # noqa: PLR0913\n    self, a, b\n)"),
        ("(\n    # about a\n    a,\n    b,\n)", "(\n    self,\n    # about a\n    a,\n    b,\n)"),
        ("(\n    # about both\n    a, b)", "(\n    self,\n    # about both\n    a, b)"),
        ("(\n  # about a\n    a,\n)", "(\n    self,\n  # about a\n    a,\n)"),
        ("(\n    # nothing yet\n)", "(self\n    # nothing yet\n)"),
        ("(  # nothing yet\n)", "(self  # nothing yet\n)"),
    ],
)
def test_parameters_on_several_lines_keep_their_layout(before, after):
    assert outline(f"{HEAD}def sync{before}:\n    pass\n") == (
        f"{HEAD}@shared_task(...)\ndef sync{after}:\n    pass\n"
    )


def test_decorators_stay_below_and_comments_above():
    before = f"""\
{HEAD}from typing import no_type_check
from django.db import transaction

# What this is for.
@transaction.atomic(  # all or nothing
    durable=True,
)
# Between.
@no_type_check
def sync(a):  # of the shop
    # Inside.
    return a
"""
    assert outline(before) == before.replace(
        "@transaction", "@shared_task(...)\n@transaction"
    ).replace("sync(a", "sync(self, a")


def test_a_decorator_in_parentheses_is_found_whole():
    function = "@(  # @home\n    no_type_check\n)\ndef sync({}): ...\n"
    head = f"{HEAD}from typing import no_type_check\n"
    assert outline(head + function.format("")) == (
        f"{head}@shared_task(...)\n{function.format('self')}"
    )


def test_a_body_that_begins_with_a_decorator():
    body = "    # Inside.\n    @print\n    def inner(): ...\n"
    before = f"{HEAD}def sync(a):\n{body}"
    assert outline(before) == f"{HEAD}@shared_task(...)\ndef sync(self, a):\n{body}"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_endings_are_the_file_s_own(newline):
    before = f"{HEAD}def sync(\n    a,\n    b,\n):\n    pass\n".replace("\n", newline)
    after, _ = converted(before)
    assert after.count(newline) == after.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert f"({newline}    self,{newline}    a,{newline}" in after


def test_mixed_line_endings_follow_the_function():
    after, _ = converted(HEAD + "def sync():\r\n    pass\r\n")
    assert after.startswith(HEAD + "@shared_task(\r\n    bind=True,\r\n")
    assert after.endswith(")\r\ndef sync(self):\r\n    pass\r\n")


@pytest.mark.parametrize("indent", ["\t", "  ", "    ", "        "])
def test_options_are_indented_as_the_file_is(indent):
    after, _ = converted(f"{HEAD}def sync():\n{indent}pass\n")
    assert f"@shared_task(\n{indent}bind=True,\n" in after


@pytest.mark.parametrize("block", ["if os.name:", "try:", "with os.scandir():"])
def test_inside_a_block_of_the_module(block):
    rest = "except OSError:\n  pass\n" if block == "try:" else ""
    after, _ = converted(f"{HEAD}{block}\n  def sync(a):\n    pass\n{rest}")
    assert f"\n{block}\n  @shared_task(\n    bind=True,\n" in after
    assert f"    time_limit=360,\n  )\n  def sync(self, a):\n    pass\n{rest}" in after


def test_form_feeds_stay():
    head = f"{HEAD}\f\ndef other(): ...\n\n\n\f"
    assert outline(f"{head}def sync(a,\f b):\n    '\f'\n") == (
        f"{head}@shared_task(...)\ndef sync(self, a,\f b):\n    '\f'\n"
    )


def test_a_file_that_begins_with_the_function():
    assert outline("def sync(): ...") == (
        "from celery import shared_task\n\n\n@shared_task(...)\ndef sync(self): ..."
    )


def test_untidy_code_stays_as_it_is():
    head = f"{HEAD}x  =  1 ;y = 2   \n\n"
    rest = "    b ) :\n  return  (a,b)\n\n\n\nz=[ 1,2 ]"
    assert outline(f"{head}def sync(\n    a, # c\n{rest}") == (
        f"{head}@shared_task(...)\ndef sync(\n    self,\n    a, # c\n{rest}"
    )


def test_edits_are_small():
    before = f"{HEAD}def sync(\n    a,\n    b,\n):\n    pass\n"
    _, conversion = converted(before)
    assert [edit.span.of(before) for edit in conversion.edits] == ["", ""]
    assert conversion.edits[1].new_text == "self,\n    "
    assert not overlaps(conversion.edits)


def test_a_conversion_is_the_same_whatever_order_its_edits_come_in():
    before = "def sync(a): ...\n"
    after, conversion = converted(before)
    assert apply_edits(before, reversed(conversion.edits)) == after


def test_a_file_that_python_would_not_read_is_left_alone():
    with pytest.raises(CannotConvert, match="sync can't be rewritten without breaking the file"):
        converted("x = '\0'\n\n\ndef sync(): ...\n")
