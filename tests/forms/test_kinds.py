"""Periodic and chained tasks in the form: what is asked further, what fits, what does not."""

import pytest

from celeryls.forms import (
    Choice,
    Crontab,
    FormContext,
    Interval,
    Neighbour,
    Taken,
    TaskKind,
    create_task_form,
)

FETCH = Neighbour("shop.fetch", "fetch", (Taken("order_id", "int", True),), "dict[str, int]")
TOUCH = Neighbour("shop.touch", "touch", (), "None")
NOTIFY = Neighbour("shop.notify", "notify", (Taken("text", "str", True),), None)
ANYTHING = Neighbour("shop.anything", "anything")
TASKS = {task.name: task for task in (FETCH, TOUCH, NOTIFY, ANYTHING)}
CONTEXT = FormContext(tasks=(Choice("shop.fetch", "shop.py"),), neighbour=TASKS.get)


def form(**answers: object):
    return create_task_form(CONTEXT, {"name": "sync", **answers})


def spec(**answers: object):
    found = form(**answers)
    assert not found.errors
    assert found.spec is not None
    return found.spec


def errors(**answers: object) -> dict[str, str]:
    found = form(**answers)
    assert found.spec is None
    return found.errors


def test_a_periodic_task_is_asked_for_its_schedule():
    (asked,) = (field for field in form(type="periodic").open)
    assert (asked.id, asked.required, asked.default) == ("schedule", True, None)
    assert spec(type="periodic", schedule="every 10 minutes").schedule == Interval(600)


def test_who_says_when_or_between_what_need_not_say_the_type():
    assert spec(schedule="daily at 3").schedule == Crontab("0", "3")
    assert spec(after="shop.fetch").after == FETCH
    assert spec().schedule is None
    only = "Only a periodic task has this; answer type: periodic."
    assert errors(type=TaskKind.ONE_TIME.value, schedule="hourly") == {"schedule": only}
    only = "Only a chained task has this; answer type: chained."
    assert errors(schedule="hourly", before="shop.touch") == {"before": only}


def test_a_schedule_is_asked_for_what_has_no_default():
    asked = form(schedule="hourly", parameters="shop_id: int, depth: int = 3")
    assert [field.id for field in asked.open] == ["arguments"]
    assert "shop_id=…" in asked.open[0].help
    assert "write shop_id=… here, or give shop_id a default" in asked.errors["arguments"]
    assert not form(schedule="hourly", parameters="depth: int = 3").open
    assert not form(schedule="hourly").open


@pytest.mark.parametrize(
    "given",
    ['shop_id=1, tags=["a"], where={"b": None}',
     {"shop_id": 1, "tags": ["a"], "where": {"b": None}},
     'shop_id = 1, tags = ("a",), where = {"b": None},'],
)  # fmt: skip
def test_values_are_written_or_come_from_a_file(given: object):
    parameters = "shop_id: int, tags: list[str], where: dict[str, Any]"
    found = spec(schedule="hourly", parameters=parameters, arguments=given)
    assert dict(found.arguments) == {"shop_id": 1, "tags": ["a"], "where": {"b": None}}


@pytest.mark.parametrize(
    ("parameters", "given", "told"),
    [
        ("a: int", "a='x'", "a is of the type int"),
        ("a: int", "a=True", "a is of the type int"),
        ("a: int", "b=1", "The task has no parameter 'b'; it takes a."),
        ("a: int", "1", "write name=value"),
        ("a: int", "a=1, a=2", "once, by its name"),
        ("a: int", "**x", "once, by its name"),
        ("a: int", "a=f()", "a has to be written out: a number, text in quotes"),
        ("a: int", "a=1); import os; f(", "can't be read"),
        ("a: float", "a=1e999", "can't be a value here"),
        ("a: Any", "a={1}", "can't be a value here"),
        ("a: Any", "a=b''", "can't be a value here"),
        ("a: UUID", "a='x'", "A schedule can't write a UUID out; give a a default"),
        ("a: int", "a=" + "1" * 3000, "3002 characters"),
        ("a: int", [1], "by its name"),
        ("a: int", {"a": object()}, "can't be a value here"),
    ],
)
def test_values_that_can_not_be_given(parameters: str, given: object, told: str):
    assert told in errors(schedule="hourly", parameters=parameters, arguments=given)["arguments"]


def test_the_first_parameter_takes_the_result_before_it():
    found = spec(after="shop.fetch")
    (first,) = found.parameters
    assert (first.name, first.annotation, first.description) == (
        "result", "dict[str, int]", "result of fetch",
    )  # fmt: skip
    assert spec(after="shop.fetch", parameters="").parameters == (first,)
    assert spec(after="shop.anything").parameters[0].annotation == "Any"
    # A task that returns nothing hands nothing on.
    assert spec(after="shop.touch").parameters == ()
    assert spec(after="shop.touch", parameters="a: int").parameters[0].name == "a"


def test_what_is_returned_fits_the_task_after_it():
    assert spec(before="shop.notify").returns == "str"
    (returns,) = (field for field in form(before="shop.notify").fields if field.id == "returns")
    assert returns.choices[0] == Choice("str", "what the task after it takes")
    assert spec(before="shop.touch").returns == "status"


@pytest.mark.parametrize(
    ("answers", "field", "told"),
    [
        ({}, "after", "Name the task that it comes after, or the one that it is before."),
        ({"after": "nowhere"}, "after", "no task of this project; name one, such as shop.fetch."),
        (
            {"after": "shop.fetch", "parameters": "a: str"},
            "parameters",
            "which a: str does not take; begin with a: dict[str, int].",
        ),
        (
            {"before": "shop.notify", "returns": "int"},
            "returns",
            "notify takes what this returns as text: str; return str, not int.",
        ),
        (
            {"before": "shop.notify", "returns": "status"},
            "returns",
            "return str, not dict[str, Any]",
        ),
        ({"before": "shop.notify", "returns": "nothing"}, "returns", "return str, not nothing"),
    ],
)
def test_contradictions_are_refused(answers: dict[str, object], field: str, told: str):
    assert told in errors(type="chained", **answers)[field]


@pytest.mark.parametrize(
    ("given", "taken"),
    [("int", "float"), ("dict[str, Any]", "Mapping[str, int]"), ("list[int]", "Sequence[str]"),
     ("Order", "int"), ("int", "Order"), ("str", "str | None"), ("str", "Any"),
     ("tuple[int]", "list")],
)  # fmt: skip
def test_what_may_fit_is_let_be(given: str, taken: str):
    before = Neighbour("shop.x", "x", (Taken("a", taken, True),))
    context = FormContext(neighbour={"shop.x": before}.get)
    answers = {"name": "sync", "before": "shop.x", "returns": given}
    assert not create_task_form(context, answers).errors


@pytest.mark.parametrize(
    ("answers", "field", "told"),
    [
        (
            {"parameters": "a: set[int]"},
            "parameters",
            "JSON does not carry set (a); take list[int].",
        ),
        ({"parameters": "a: list[Path]"}, "parameters", "take list[str]."),
        ({"parameters": "a: datetime.timedelta"}, "parameters", "take float of seconds."),
        ({"parameters": "a: Callable[[], int]"}, "parameters", "the name of the function"),
        ({"returns": "dict[str, frozenset[int]]"}, "returns", "take dict[str, list[int]]."),
        ({"returns": "Iterator[int]"}, "returns", "(the result); take list[int]."),
    ],
)
def test_what_json_does_not_carry_is_refused_with_a_proposal(
    answers: dict[str, object], field: str, told: str
):
    assert told in errors(**answers)[field]


def test_what_json_carries_is_not():
    types = "datetime, date, time, UUID, Decimal, bytes, Iterable[int], my.Path, None"
    parameters = ", ".join(f"p{at}: {type_}" for at, type_ in enumerate(types.split(", ")))
    assert len(spec(parameters=parameters, returns="datetime | None").parameters) == 9


def test_another_serializer_may_carry_anything():
    context = FormContext(json_arguments=False, json_results=False)
    answers = {"name": "sync", "parameters": "a: set[int]", "returns": "Path"}
    assert not create_task_form(context, answers).errors
