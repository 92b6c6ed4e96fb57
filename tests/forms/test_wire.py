"""The form protocol, played through as a client does: it answers just what it was sent."""

import json

from celeryls.forms import FormContext, create_task_form, wire

ALL = ["string", "bool", "number", "enum", "file", "list"]


def play(answers, input_types=ALL, context=None):
    """Resolve until no field is asked any more; the rounds, and the params to execute."""
    context = context or FormContext()
    params = {"command": "celeryls.createTask", "arguments": [{"uri": "file:///x.py"}]}
    rounds = []
    while True:
        params = json.loads(
            json.dumps(
                wire.resolve(params, lambda given: create_task_form(context, given), input_types)
            )
        )
        fields = params.pop("formFields", None)
        if fields is None:
            return rounds, params
        rounds.append({field["id"]: field for field in fields})
        assert len(rounds) < 6
        params["formAnswers"] = [
            {"id": field["id"], "value": answer_to(field, answers)} for field in fields
        ]


def answer_to(field, answers):
    queue = answers.get(field["id"])
    if isinstance(queue, list):
        return queue.pop(0)
    return queue if field["id"] in answers else field.get("default", "")


def test_one_round_when_all_is_well():
    rounds, params = play({"name": "sync_product"})
    assert len(rounds) == 1
    assert params["command"] == "celeryls.createTask"
    assert params["arguments"][0]["uri"] == "file:///x.py"
    answers = wire.answers_of(params)
    form = create_task_form(FormContext(), answers)
    assert form.complete
    assert form.spec.name == "sync_product"


def test_further_rounds_ask_for_nothing_twice():
    rounds, params = play(
        {
            "name": ["class", "sync_product"],
            "retry": "custom",
            "max_retries": [0, 4],
            "queue": ["custom", "mail"],
        }
    )
    assert [sorted(fields) for fields in rounds[1:]] == [
        ["backoff", "max_retries", "name", "queue", "retry_delay", "retry_on"],
        ["max_retries"],
    ]
    assert "keyword" in rounds[1]["name"]["error"]
    assert "error" not in rounds[1]["queue"]
    spec = create_task_form(FormContext(), wire.answers_of(params)).spec
    assert (spec.name, spec.queue, spec.retry.max_retries) == ("sync_product", "mail", 4)


def test_executing_needs_only_the_answers_or_only_the_arguments():
    _, params = play({"name": "sync_product", "queue": "io_bound"})
    by_arguments = wire.answers_of({"arguments": params["arguments"]})
    by_answers = wire.answers_of({"formAnswers": params["formAnswers"]})
    assert by_arguments == by_answers == wire.answers_of(params)
    assert by_answers["queue"] == "io_bound"


def test_the_shapes_are_those_of_the_protocol():
    (fields,), _ = play({"name": "x"}, context=FormContext(file="file:///w/tasks.py"))
    assert fields["name"] == {
        "id": "name",
        "description": "What is the task called? In snake_case, such as sync_product.",
        "type": {"kind": "string"},
        "required": True,
    }
    assert fields["time_limit"]["type"] == {"kind": "number"}
    assert fields["time_limit"]["default"] == 360
    retry = fields["retry"]
    assert retry["type"]["kind"] == "enum"
    assert retry["type"]["entries"][0]["value"] == retry["default"] == "exponential"
    assert all(set(entry) == {"value", "description"} for entry in retry["type"]["entries"])
    assert fields["file"]["type"] == {
        "kind": "file", "existence": 3, "type": 1, "filters": ["py"],
    }  # fmt: skip


def test_a_client_that_knows_only_text_is_asked_in_text():
    rounds, params = play({"name": "x", "retry": "custom"}, input_types=["string"])
    for fields in rounds:
        assert all(field["type"] == {"kind": "string"} for field in fields.values())
        assert all(isinstance(field.get("default", ""), str) for field in fields.values())
    assert "(exponential, simple, none, custom)" in rounds[0]["retry"]["description"]
    assert rounds[1]["backoff"]["default"] == "yes"
    assert create_task_form(FormContext(), wire.answers_of(params)).complete


def test_whether_a_client_can_be_asked():
    assert wire.can_ask(["string", "enum"])
    assert not wire.can_ask(["enum"])
    assert not wire.can_ask(None)


def test_junk_from_a_client_is_no_crash():
    for junk in (None, 3, {}, [3], [{"id": 4}], [{"value": 1}]):
        assert wire.answers_from_wire(junk) == {}
    assert wire.answers_of({"arguments": ["x"], "formAnswers": []}) == {}
    assert wire.answers_of({"arguments": None}) is None
    form = wire.resolve(
        {"command": "c", "arguments": ["x"], "formAnswers": [{"id": "name", "value": {}}]},
        lambda given: create_task_form(FormContext(), given),
        ALL,
    )
    assert form["formFields"]
