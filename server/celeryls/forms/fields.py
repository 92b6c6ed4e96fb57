"""A question as data.  Knows neither which questions there are nor who asks them."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Answer: TypeAlias = str | bool | int | float | None
"""What a field can hold by default; answers come in as anything and are checked."""


class FieldType(str, Enum):
    """The kinds of answer, under the names that the form protocol has for them."""

    STRING = "string"
    BOOL = "bool"
    NUMBER = "number"
    ENUM = "enum"
    LIST = "list"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to pick: the value, and what it means in a few words."""

    value: str
    description: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `error` is what was wrong with the answer so far.  `other` says that answers beside the
    `choices` are fine too, so a front end that can should let people type.
    """

    id: str
    question: str
    type: FieldType
    required: bool = False
    default: Answer = None
    choices: tuple[Choice, ...] = ()
    help: str = ""
    error: str | None = None
    other: bool = False
