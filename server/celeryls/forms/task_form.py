"""The form of a new task: its questions, and the `TaskSpec` that the answers come to."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from celeryls.forms.answers import text_of
from celeryls.forms.carried import check_carried
from celeryls.forms.errors import AnswerError
from celeryls.forms.extras_form import extra_questions
from celeryls.forms.form import Form, make_form
from celeryls.forms.form_context import FormContext
from celeryls.forms.parameters import parse_parameters
from celeryls.forms.running_questions import implied_retry, retry_of
from celeryls.forms.spec import (
    NOTHING,
    STATUS,
    TaskKind,
    TaskSpec,
)
from celeryls.forms.task_questions import CHAIN_IDS, questions


def create_task_form(
    context: FormContext, answers: Mapping[str, object] | None = None
) -> Form[TaskSpec]:
    """The form after `answers`, by field id; `None` before anybody was asked."""
    if answers is not None:
        answers = {**_implied(answers), **answers}
        context = _fitted(context, answers)
        if not answers.get("parameters", True):
            # Who leaves them empty takes what fits.
            answers = {id_: answer for id_, answer in answers.items() if id_ != "parameters"}
    asked = chain(questions(context), extra_questions(context.extras))
    return make_form(asked, answers, partial(_spec, context))


def _implied(answers: Mapping[str, object]) -> dict[str, object]:
    """What other answers say of `retry` and `type`, where these are not given."""
    implied = implied_retry(answers)
    if "schedule" in answers:
        implied["type"] = TaskKind.PERIODIC.value
    elif any(id_ in answers for id_ in CHAIN_IDS):
        implied["type"] = TaskKind.CHAINED.value
    return implied


def _fitted(context: FormContext, answers: Mapping[str, object]) -> FormContext:
    """The context with what follows from answers: defaults that fit, values that are needed."""
    kind = answers.get("type")
    context = replace(context, answered=frozenset(answers))
    if kind == TaskKind.CHAINED:
        after, before = (context.find_task(answers.get(id_)) for id_ in CHAIN_IDS)
        if after is not None and after.hands_on:
            context = replace(context, parameters=after.as_parameter)
        if before is not None and before.takes:
            context = replace(context, returns=before.takes[0].annotation or context.returns)
    elif kind == TaskKind.PERIODIC:
        try:
            taken = parse_parameters(text_of(answers.get("parameters", context.parameters)))
        except AnswerError:
            return context
        needed = tuple(parameter.name for parameter in taken if parameter.default is None)
        context = replace(context, needed=needed)
    return context


def _spec(context: FormContext, values: Mapping[str, Any]) -> TaskSpec:
    after, before = values.get("after"), values.get("before")
    if values["type"] is TaskKind.CHAINED and after is None and before is None:
        raise AnswerError(
            "Name the task that it comes after, or the one that it is before.", "after"
        )
    _check_carried(context, values)
    return TaskSpec(
        name=values["name"],
        purpose=values["purpose"],
        parameters=values["parameters"],
        retry=retry_of(values),
        soft_time_limit=values["soft_time_limit"],
        time_limit=values["time_limit"],
        queue=values["queue"],
        returns=values["returns"],
        file=values.get("file"),
        app=values.get("app"),
        schedule=values.get("schedule"),
        arguments=tuple(values.get("arguments", {}).items()),
        after=after,
        before=before,
        extras=tuple(extra for extra in context.extras if values[extra]),
    )


def _check_carried(context: FormContext, values: Mapping[str, Any]) -> None:
    field = "parameters"
    try:
        if context.json_arguments:
            for parameter in values["parameters"]:
                check_carried(parameter.annotation, parameter.name)
        field = "returns"
        if context.json_results and values["returns"] not in (NOTHING, STATUS):
            check_carried(values["returns"], "the result", is_result=True)
    except AnswerError as error:
        raise AnswerError(error.message, field) from None
