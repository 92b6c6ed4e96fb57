"""The form of a new task: its questions, and the `TaskSpec` that the answers come to."""

from collections.abc import Mapping
from typing import Any

from celeryls.forms.form import Form, make_form
from celeryls.forms.spec import EXPONENTIAL, NO_RETRY, SIMPLE, Retry, RetryKind, TaskSpec
from celeryls.forms.task_questions import CUSTOM, CUSTOM_IDS, FormContext, questions

_RETRIES = {RetryKind.NONE: NO_RETRY, RetryKind.SIMPLE: SIMPLE, RetryKind.EXPONENTIAL: EXPONENTIAL}


def create_task_form(
    context: FormContext, answers: Mapping[str, object] | None = None
) -> Form[TaskSpec]:
    """The form after `answers`, by field id; `None` before anybody was asked."""
    if answers and "retry" not in answers and any(id_ in answers for id_ in CUSTOM_IDS):
        # Who says how often wants custom retry, unless they say something else.
        answers = {**answers, "retry": CUSTOM}
    return make_form(questions(context), answers, _spec)


def _spec(values: Mapping[str, Any]) -> TaskSpec:
    kind = values["retry"]
    if kind is RetryKind.CUSTOM:
        retry = Retry(
            kind,
            values["max_retries"],
            values["retry_delay"],
            values["backoff"],
            values["retry_on"],
        )
    else:
        retry = _RETRIES[kind]
    return TaskSpec(
        name=values["name"],
        purpose=values["purpose"],
        parameters=values["parameters"],
        retry=retry,
        soft_time_limit=values["soft_time_limit"],
        time_limit=values["time_limit"],
        queue=values["queue"],
        returns=values["returns"],
        file=values.get("file"),
        app=values.get("app"),
    )
