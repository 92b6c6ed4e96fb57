"""Generating into text, for the tests of this folder."""

from celeryls.forms import TaskSpec
from celeryls.forms.parameters import parse_parameters
from celeryls.generate import WrittenTask, write_task
from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.text import apply_edits

CURSOR = "│"
SHOP = Conventions(module="shop.tasks", celery_version=(5, 7))
SHOP_APP = Conventions(
    style=DecoratorStyle.APP_TASK,
    app_module="shop.celery_app",
    app_name="app",
    module="shop.tasks",
    celery_version=(5, 7),
)


def spec(name="sync", parameters="", **rest):
    return TaskSpec(name, parameters=parse_parameters(parameters), **rest)


def plan(text="", wanted=None, conventions=SHOP) -> tuple[str, WrittenTask]:
    """Text without its cursor mark, and the plan for it."""
    at = text.find(CURSOR)
    text = text.replace(CURSOR, "")
    return text, write_task(wanted or spec(), conventions, text=text, at=at if at >= 0 else None)


def write(text="", wanted=None, conventions=SHOP) -> str:
    """The file as it is afterwards."""
    text, made = plan(text, wanted, conventions)
    return apply_edits(text, made.edits)


def outline(text="", wanted=None, conventions=SHOP) -> str:
    """The file afterwards, with the new function as one line: what is around it counts."""
    text, made = plan(text, wanted, conventions)
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"
    code = made.code.rstrip("\n").replace("\n", newline)
    after = apply_edits(text, made.edits)
    assert after.count(code) == 1
    return after.replace(code, "<task>")
