"""The dialogue, as a front end has it."""

import pytest

from celeryls.forms import (
    EXPONENTIAL,
    FIELD_IDS,
    NO_RETRY,
    SIMPLE,
    AnswerError,
    FieldType,
    FormContext,
    Parameter,
    Retry,
    RetryKind,
    TaskSpec,
    create_task_form,
    presets,
)

HERE = FormContext()


def errors(answers, context=HERE):
    form = create_task_form(context, answers)
    assert form.spec is None
    assert {field.id for field in form.open} >= set(form.errors)
    return form.errors


def spec(answers, context=HERE):
    form = create_task_form(context, answers)
    assert not form.errors
    assert form.spec is not None
    return form.spec


def test_the_first_round_asks_everything_but_what_follows_from_answers():
    form = create_task_form(HERE)
    assert [field.id for field in form.open] == [
        "name", "purpose", "type", "parameters", "returns", "retry", "soft_time_limit",
        "time_limit", "queue",
    ]  # fmt: skip
    assert not form.complete
    assert form.spec is None
    defaults = {field.id: field.default for field in form.open}
    assert defaults["retry"] == "exponential"
    assert defaults["soft_time_limit"] == 300
    assert defaults["time_limit"] == 360
    assert defaults["queue"] == "default"
    assert defaults["returns"] == "status"
    assert [field.id for field in form.open if field.required] == ["name"]


def test_every_field_that_can_be_asked_is_listed():
    context = FormContext(file="tasks.py", apps=("a.app", "b.app"))
    asked = {field.id for field in create_task_form(context).fields}
    for answers in (
        {"retry": "custom"},
        {"type": "periodic", "parameters": "x: int"},
        {"type": "chained"},
    ):
        asked |= {field.id for field in create_task_form(context, answers).fields}
    assert asked == set(FIELD_IDS)


def test_a_name_is_enough():
    form = create_task_form(HERE, {"name": "sync_product"})
    assert form.complete
    assert form.spec == TaskSpec("sync_product")
    assert form.spec.retry == EXPONENTIAL


def test_all_answers():
    found = spec(
        {
            "name": "sync_product",
            "purpose": "Sync a product\nwith the shop",
            "parameters": "product_id: int (ID)",
            "returns": "Optional[dict]",
            "retry": "simple",
            "soft_time_limit": 10.0,
            "time_limit": "20",
            "queue": "mail",
            "file": "shop/tasks.py",
            "app": "b",
        },
        FormContext(file="tasks.py", apps=("a", "b")),
    )
    assert found == TaskSpec(
        "sync_product",
        "Sync a product with the shop",
        (Parameter("product_id", "int", None, "ID"),),
        SIMPLE,
        10,
        20,
        "mail",
        "dict[str, Any] | None",
        "shop/tasks.py",
        "b",
    )


def test_custom_retry_is_asked_for_in_a_further_round():
    answers = {"name": "x", "retry": "custom"}
    form = create_task_form(HERE, answers)
    assert [(field.id, field.type.value, field.default) for field in form.open] == [
        ("max_retries", "number", 3),
        ("retry_delay", "number", 60),
        ("backoff", "bool", True),
        ("retry_on", "string", "ConnectionError, TimeoutError"),
    ]
    answers |= {"max_retries": 5, "retry_delay": 1, "backoff": "no", "retry_on": "OSError, a.B"}
    form = create_task_form(HERE, answers)
    assert form.complete
    assert form.spec is not None
    assert form.spec.retry == Retry(RetryKind.CUSTOM, 5, 1, False, ("OSError", "a.B"))


def test_who_asks_for_nothing_gets_the_defaults_of_custom_retry_too():
    assert spec({"name": "x", "retry": "custom"}).retry.max_retries == 3


def test_details_of_retry_mean_custom_unless_another_was_chosen():
    assert spec({"name": "x", "max_retries": 7}).retry.kind is RetryKind.CUSTOM
    told = errors({"name": "x", "max_retries": 7, "retry": "simple"})
    assert told == {"max_retries": "Only custom retry has this; answer retry: custom."}


@pytest.mark.parametrize(
    ("field", "choice", "answer"), [("queue", "custom", "mail"), ("returns", "type", "int")]
)
def test_another_one_is_asked_under_the_same_id(field, choice, answer):
    form = create_task_form(HERE, {"name": "x", field: choice})
    (asked,) = form.open
    assert (asked.id, asked.type, asked.required) == (field, FieldType.STRING, True)
    assert form.spec is None
    assert getattr(spec({"name": "x", field: answer}), field) == answer


def test_wrong_answers_come_back_with_what_would_be_right():
    told = errors(
        {
            "name": "class",
            "purpose": "a\x00b",
            "parameters": "x",
            "returns": "integer",
            "retry": "sometimes",
            "soft_time_limit": "soon",
            "time_limit": 0,
            "queue": "a b",
        }
    )
    assert set(told) == {
        "name", "purpose", "parameters", "returns", "retry", "soft_time_limit", "time_limit",
        "queue",
    }  # fmt: skip
    assert told["retry"] == (
        "'sometimes' is not among the answers: exponential, simple, none, custom."
    )
    assert told["time_limit"] == "Give a whole number of seconds from 1 to 604800."


def test_only_wrong_answers_are_asked_again_with_the_answer_to_mend():
    form = create_task_form(HERE, {"name": "syncProduct", "queue": "a b"})
    assert [(field.id, field.default) for field in form.open] == [
        ("name", "syncProduct"),
        ("queue", "a b"),
    ]
    # What was typed is to be corrected, not picked from a list without it.
    assert form.open[1].type is FieldType.STRING


@pytest.mark.parametrize(
    ("soft", "hard", "told"),
    [
        (360, 360, "With both limits at 360 s the soft one never fires"),
        (400, 360, "comes after the hard one"),
        (1, 1, "never fires"),
    ],
)
def test_limits_are_validated_together(soft, hard, told):
    found = errors({"name": "x", "soft_time_limit": soft, "time_limit": hard})
    assert told in found["soft_time_limit"]


@pytest.mark.parametrize("value", [True, 1.5, "1e3", "", None, [], {}, -1, 10**30, float("nan")])
def test_what_is_no_number_of_seconds(value):
    assert "soft_time_limit" in errors({"name": "x", "soft_time_limit": value})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Name an exception"),
        ("KeyboardInterrupt", "must not be caught"),
        ("print", "print is not an exception."),
        ("a b", "is not the dotted name"),
        ("celery.exceptions.SoftTimeLimitExceeded", "is handled already"),
        ("x" * 10_000, "characters"),
        ("\u0430", "CYRILLIC"),
        ("a.class", "is not the dotted name"),
    ],
)
def test_what_cannot_be_retried_on(text, told):
    assert told in errors({"name": "x", "retry": "custom", "retry_on": text})["retry_on"]


def test_exceptions_get_the_names_they_have_today():
    found = spec({"name": "x", "retry_on": "(IOError, OSError, socket.timeout)"})
    assert found.retry.retry_on == ("OSError", "TimeoutError")


def test_names_in_use_are_refused():
    context = FormContext(taken=frozenset({"sync"}))
    assert errors({"name": "sync"}, context) == {
        "name": "sync is taken in this file; take another name."
    }


def test_the_name_of_a_call_is_offered_and_taken_as_it_is():
    context = FormContext(name="syncProduct", parameters="userId: int")
    form = create_task_form(context)
    defaults = {field.id: field.default for field in form.fields}
    assert (defaults["name"], defaults["parameters"]) == ("syncProduct", "userId: int")
    assert spec({"name": "syncProduct"}, context).parameters == (Parameter("userId", "int"),)


def test_queues_in_use_are_offered_if_they_can_be_written():
    context = FormContext(queues=("mail", "io_bound", "bad queue", "mail"))
    (queue,) = [field for field in create_task_form(context).fields if field.id == "queue"]
    assert [choice.value for choice in queue.choices] == [
        "default", "high_priority", "low_priority", "io_bound", "mail", "custom",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "file",
    ["", "tasks", "../tasks.py", "a/../../x.py", "a\nb.py", "x.py\x00", "my-tasks.py", "class.py",
     ".py", "a/" * 600 + "x.py", "..\\x.py"],
)  # fmt: skip
def test_files_that_could_not_be_imported_or_lead_elsewhere(file):
    assert "file" in errors({"name": "x", "file": file}, FormContext(file="tasks.py"))


@pytest.mark.parametrize("raw", [{"a": 1}, object(), [object()]])
def test_answers_of_no_sensible_kind_are_errors_not_crashes(raw):
    for field in FIELD_IDS:
        context = FormContext(file="tasks.py", apps=("a", "b"))
        form = create_task_form(context, {"name": "x", "retry": "custom", field: raw})
        assert form.spec is None


def test_presets_are_the_three_usual_answers():
    made = presets(TaskSpec("x"))
    assert [preset.spec.retry for preset in made] == [EXPONENTIAL, SIMPLE, NO_RETRY]
    assert len({preset.title for preset in made}) == 3


def test_a_spec_cannot_be_wrong_however_it_is_made():
    for make in (
        lambda: TaskSpec("class"),
        lambda: TaskSpec("x", purpose='a\n"""'),
        lambda: TaskSpec("x", queue='a"'),
        lambda: TaskSpec("x", returns="list"),
        lambda: TaskSpec("x", soft_time_limit=0),
        lambda: Parameter("x", "int\nimport os"),
        lambda: Parameter("x", "int", "f()"),
        lambda: Parameter("x", "int", "1", "a\nb"),
        lambda: Retry(RetryKind.CUSTOM, 0),
        lambda: Retry(RetryKind.CUSTOM, retry_on=("os; x",)),
    ):
        with pytest.raises(AnswerError) as caught:
            make()
        assert caught.value.field
