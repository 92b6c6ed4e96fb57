"""What is asked for a task that exists: when it runs; and which extras a new task gets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from celeryls.forms.answers import text_of, yes_or_no
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Field, FieldType
from celeryls.forms.form import Form, Question, make_form
from celeryls.forms.schedule_words import EXAMPLES, parse_schedule
from celeryls.forms.schedules import Schedule
from celeryls.forms.values import parse_arguments
from celeryls.forms.words import shown

SCHEDULE_FIELD_IDS = ("schedule", "arguments")
"""All ids that `schedule_form` may ask for."""
_QUESTIONS = {
    "endpoint": ("Does it get an API endpoint?", "A route that sends it, and one for its state."),
    "metrics": ("Does it get Prometheus metrics?", "How often it runs, how long, how it ends."),
    "test": ("Does it get a test?", "For pytest, without a broker."),
}


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """When a task runs, and what each run gets: values of JSON by name."""

    schedule: Schedule
    arguments: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleContext:
    """What the task takes: the names that a run `needs`, and all it `takes`; `None` for any."""

    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] | None = None


def schedule_form(
    context: ScheduleContext, answers: Mapping[str, object] | None = None
) -> Form[ScheduleSpec]:
    """The form after `answers`, by field id; `None` before anybody was asked."""

    def build(values: Mapping[str, Any]) -> ScheduleSpec:
        return ScheduleSpec(values["schedule"], tuple(values.get("arguments", {}).items()))

    return make_form(_schedule_questions(context), answers, build)


def _schedule_questions(context: ScheduleContext) -> Iterator[Question]:
    def read_arguments(raw: object) -> Mapping[str, object]:
        given = parse_arguments(raw)
        unknown = [name for name in given if name not in (context.takes or given)]
        if unknown or (given and context.takes == ()):
            name = unknown[0] if unknown else next(iter(given))
            takes = ", ".join(context.takes or ()) or "nothing"
            raise AnswerError(f"The task takes {takes}, and no {shown(name)}.")
        missing = [name for name in context.needs if name not in given]
        if missing:
            raise AnswerError(f"Each run needs a value for {missing[0]}: {missing[0]}=….")
        return given

    yield Question(
        Field(
            "schedule",
            "When does it run?",
            FieldType.STRING,
            required=True,
            help=f"Such as {EXAMPLES}, or a crontab line: */15 * * * *.",
        ),
        lambda raw: parse_schedule(text_of(raw)),
    )
    if context.takes != ():
        example = ", ".join(f"{name}=…" for name in context.needs)
        yield Question(
            Field(
                "arguments",
                "Which values does each run get?",
                FieldType.STRING,
                required=bool(context.needs),
                default=None if context.needs else "",
                help=f"By name: {example}" if example else "By name, such as shop_id=1.",
            ),
            read_arguments,
        )


def extra_questions(extras: Iterable[str]) -> Iterator[Question]:
    """A question with yes and no for each extra of a new task."""
    for extra in extras:
        question, help_ = _QUESTIONS[extra]
        yield Question(Field(extra, question, FieldType.BOOL, default=False, help=help_), yes_or_no)
