"""What is asked of a function that becomes a task: how it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from celeryls.forms.checks import check_limits
from celeryls.forms.errors import AnswerError
from celeryls.forms.form import Form, make_form
from celeryls.forms.running_questions import implied_retry, retry_of, running_questions
from celeryls.forms.spec import DEFAULT_QUEUE, EXPONENTIAL, Retry


@dataclass(frozen=True, slots=True)
class RunningSpec:
    """How a task runs.  Limits are in seconds."""

    retry: Retry = EXPONENTIAL
    soft_time_limit: int = 300
    time_limit: int = 360
    queue: str = DEFAULT_QUEUE


def running_form(
    queues: Sequence[str], answers: Mapping[str, object] | None = None
) -> Form[RunningSpec]:
    """The form after `answers`, by field id; `queues` are those in use."""
    if answers is not None:
        answers = {**implied_retry(answers), **answers}
    return make_form(running_questions(queues), answers, _spec)


def _spec(values: Mapping[str, Any]) -> RunningSpec:
    soft, hard = values["soft_time_limit"], values["time_limit"]
    try:
        check_limits(soft, hard)
    except AnswerError as error:
        raise AnswerError(error.message, "soft_time_limit") from None
    return RunningSpec(retry_of(values), soft, hard, values["queue"])
