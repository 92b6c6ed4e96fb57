"""Questions as data, and the task that the answers describe.

Knows what a task may be called, take and return, and how to ask for it; knows no front end,
no file system and no template.  `wire` restates the form protocol as plain dicts.
"""

from celeryls.forms.calls import read_call, spec_from_call
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Choice, Field, FieldType
from celeryls.forms.form import Form, Question, make_form
from celeryls.forms.form_context import FormContext
from celeryls.forms.neighbours import Neighbour, Taken
from celeryls.forms.schedule_words import parse_schedule
from celeryls.forms.schedules import Crontab, Interval, Schedule
from celeryls.forms.spec import (
    EXPONENTIAL,
    NO_RETRY,
    SIMPLE,
    Parameter,
    Preset,
    Retry,
    RetryKind,
    TaskKind,
    TaskSpec,
    presets,
)
from celeryls.forms.task_form import create_task_form
from celeryls.forms.task_questions import FIELD_IDS

__all__ = [
    "EXPONENTIAL",
    "FIELD_IDS",
    "NO_RETRY",
    "SIMPLE",
    "AnswerError",
    "Choice",
    "Crontab",
    "Field",
    "FieldType",
    "Form",
    "FormContext",
    "Interval",
    "Neighbour",
    "Parameter",
    "Preset",
    "Question",
    "Retry",
    "RetryKind",
    "Schedule",
    "Taken",
    "TaskKind",
    "TaskSpec",
    "create_task_form",
    "make_form",
    "parse_schedule",
    "presets",
    "read_call",
    "spec_from_call",
]
