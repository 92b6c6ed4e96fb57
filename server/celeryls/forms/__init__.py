"""Questions as data, and the task that the answers describe.

Knows what a task may be called, take and return, and how to ask for it; knows no front end,
no file system and no template.  `wire` restates the form protocol as plain dicts.
"""

from celeryls.forms.calls import read_call, spec_from_call
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Choice, Field, FieldType
from celeryls.forms.form import Form, Question, make_form
from celeryls.forms.spec import (
    EXPONENTIAL,
    NO_RETRY,
    SIMPLE,
    Parameter,
    Preset,
    Retry,
    RetryKind,
    TaskSpec,
    presets,
)
from celeryls.forms.task_form import create_task_form
from celeryls.forms.task_questions import FIELD_IDS, FormContext

__all__ = [
    "EXPONENTIAL",
    "FIELD_IDS",
    "NO_RETRY",
    "SIMPLE",
    "AnswerError",
    "Choice",
    "Field",
    "FieldType",
    "Form",
    "FormContext",
    "Parameter",
    "Preset",
    "Question",
    "Retry",
    "RetryKind",
    "TaskSpec",
    "create_task_form",
    "make_form",
    "presets",
    "read_call",
    "spec_from_call",
]
