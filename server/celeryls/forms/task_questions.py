"""The questions that lead to a task, each with what its answer means."""

from collections.abc import Iterator

from celeryls.forms.answers import (
    check_file,
    choice_of,
    returns_of,
    text_of,
)
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Choice, Field, FieldType
from celeryls.forms.form import Follows, Further, Question
from celeryls.forms.form_context import NO_TASK, FormContext
from celeryls.forms.neighbours import Neighbour
from celeryls.forms.parameters import parse_parameters
from celeryls.forms.running_questions import RUNNING_IDS, running_questions
from celeryls.forms.schedule_words import EXAMPLES, parse_schedule
from celeryls.forms.schedules import Schedule
from celeryls.forms.spec import NOTHING, STATUS, TaskKind
from celeryls.forms.values import parse_arguments
from celeryls.forms.words import check_task_name, one_line, shown

A_TYPE = "type"

KIND_CHOICES = (
    Choice(TaskKind.ONE_TIME.value, "when your code sends it"),
    Choice(TaskKind.PERIODIC.value, "by the clock; when is asked next"),
    Choice(TaskKind.CHAINED.value, "after or before another task; which is asked next"),
)
RETURN_CHOICES = (
    Choice(STATUS, "a dict that says how it went"),
    Choice(NOTHING, "nothing"),
    Choice(A_TYPE, "data; its type is asked next"),
)
CHAIN_IDS = ("after", "before")
_IF_PERIODIC = Follows(
    "type", (TaskKind.PERIODIC,), "Only a periodic task has this; answer type: periodic."
)
_IF_CHAINED = Follows(
    "type", (TaskKind.CHAINED,), "Only a chained task has this; answer type: chained."
)
_FURTHER_TYPE = Further(A_TYPE, "What type does it return?", "Such as int or dict[str, int].")


def questions(context: FormContext) -> Iterator[Question]:
    """All questions, in the order they are asked."""

    def read_name(raw: object) -> str:
        # A name that a call already uses is offered, and can't be argued with.
        given = context.name
        name = check_task_name(text_of(raw), any_case=bool(given) and text_of(raw) == given)
        if name in context.taken:
            raise AnswerError(f"{name} is taken in this file; take another name.")
        context.check_name(name)
        return name

    def read_file(raw: object) -> str:
        path = check_file(text_of(raw))
        context.check_file(path)
        return path

    yield Question(
        Field(
            "name",
            "What is the task called?",
            FieldType.STRING,
            required=True,
            default=context.name or None,
            help="In snake_case, such as sync_product.",
        ),
        read_name,
    )
    yield Question(
        Field(
            "purpose",
            "What does it do?",
            FieldType.STRING,
            default=context.purpose,
            help="One sentence, the beginning of its docstring.",
        ),
        lambda raw: one_line(text_of(raw), "purpose"),
    )
    yield Question(
        Field(
            "type",
            "What has it run?",
            FieldType.ENUM,
            default=TaskKind.ONE_TIME.value,
            choices=KIND_CHOICES,
        ),
        lambda raw: TaskKind(choice_of(raw, KIND_CHOICES)),
    )
    yield _SCHEDULE
    yield _neighbour(
        context, "after", "Which task does it come after?", "It gets that one's result."
    )
    yield _neighbour(context, "before", "Which task comes after it?", "That one gets its result.")
    yield Question(
        Field(
            "parameters",
            "What does it take?",
            FieldType.STRING,
            default=context.parameters,
            help='Such as: product_id: int (ID of product to sync), note: str = "" (free text)',
        ),
        lambda raw: parse_parameters(text_of(raw)),
    )
    if context.needed or "arguments" in context.answered:
        yield _arguments(context)
    yield Question(
        Field(
            "returns",
            "What does it return?",
            FieldType.ENUM,
            default=context.returns,
            choices=_return_choices(context.returns),
            other=True,
        ),
        lambda raw: returns_of(text_of(raw)),
        further=_FURTHER_TYPE,
    )
    yield from running_questions(context.queues)
    if context.file is not None:
        yield Question(
            Field(
                "file",
                "Which file does it go to?",
                FieldType.FILE,
                default=context.file,
                help="A Python file, which may be new.",
            ),
            read_file,
        )
    if len(context.apps) > 1 or (context.apps and "app" in context.answered):
        apps = tuple(Choice(app, f"the app {app}") for app in context.apps)
        yield Question(
            Field(
                "app",
                "Which app does it belong to?",
                FieldType.ENUM,
                default=context.apps[0],
                choices=apps,
            ),
            lambda raw: choice_of(raw, apps),
        )


def _read_schedule(raw: object) -> Schedule:
    return parse_schedule(text_of(raw))


_SCHEDULE = Question(
    Field(
        "schedule",
        "When does it run?",
        FieldType.STRING,
        required=True,
        help=f"Such as {EXAMPLES}, or a crontab line: */15 * * * *.",
    ),
    _read_schedule,
    follows=_IF_PERIODIC,
)


def _arguments(context: FormContext) -> Question:
    example = ", ".join(f"{name}=…" for name in context.needed)
    return Question(
        Field(
            "arguments",
            "Which values does each run get?",
            FieldType.STRING,
            required=bool(context.needed),
            default=None if context.needed else "",
            help=f"By name: {example}" if example else "By name, such as shop_id=1.",
        ),
        parse_arguments,
        follows=_IF_PERIODIC,
    )


def _neighbour(context: FormContext, id_: str, question: str, help_: str) -> Question:
    def read(raw: object) -> Neighbour | None:
        name = text_of(raw)
        if name in ("", NO_TASK):
            return None
        found = context.neighbour(name)
        if found is None:
            known = ", ".join(choice.value for choice in context.tasks[:3])
            such_as = f", such as {known}" if known else "; this project has none yet"
            raise AnswerError(f"{shown(name)} is no task of this project; name one{such_as}.")
        return found

    return Question(
        Field(
            id_,
            question,
            FieldType.ENUM,
            default=NO_TASK,
            choices=(Choice(NO_TASK, "none"), *context.tasks),
            help=help_,
            other=True,
        ),
        read,
        follows=_IF_CHAINED,
    )


FIELD_IDS = (
    "name",
    "purpose",
    "type",
    "schedule",
    *CHAIN_IDS,
    "parameters",
    "arguments",
    "returns",
    *RUNNING_IDS,
    "file",
    "app",
)
"""All ids that `create_task_form` may ask for."""


def _return_choices(fits: str) -> tuple[Choice, ...]:
    if any(choice.value == fits for choice in RETURN_CHOICES):
        return RETURN_CHOICES
    return (Choice(fits, "what the task after it takes"), *RETURN_CHOICES)
