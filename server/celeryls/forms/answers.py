"""Answers as they come from a form, a command line or a file, read as what they mean."""

from celeryls.forms.annotations import parse_annotation
from celeryls.forms.checks import check_range
from celeryls.forms.errors import AnswerError
from celeryls.forms.fields import Answer, Choice
from celeryls.forms.spec import NOTHING, STATUS
from celeryls.forms.words import check_identifier, shown

MAX_PATH = 1000


def text_of(raw: object) -> str:
    """An answer as text; a list of texts is joined by commas."""
    if raw is None:
        return ""
    if isinstance(raw, (list, tuple)):
        return ", ".join(text_of(item) for item in raw)
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, (str, int, float)):
        return str(raw).strip()
    raise AnswerError("Answer with text.")


def as_default(raw: object) -> Answer:
    """An answer as the default that a field can offer again."""
    if raw is None or isinstance(raw, (str, bool, int, float)):
        return raw
    try:
        return text_of(raw)
    except AnswerError:
        return None


def whole_number(raw: object, least: int, most: int, unit: str) -> int:
    """A whole number, also one that comes as text or as `3.0`."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, str) and len(raw) < 20 and raw.strip().isascii() and raw.strip().isdigit():
        raw = int(raw)
    if not isinstance(raw, int):
        raise AnswerError(f"Give a whole number of {unit} from {least} to {most}.")
    check_range(raw, least, most, unit)
    return raw


def yes_or_no(raw: object) -> bool:
    """A boolean, also one that comes as text."""
    answer = text_of(raw).lower()
    if answer in ("true", "yes", "y", "on", "1"):
        return True
    if answer in ("false", "no", "n", "off", "0"):
        return False
    raise AnswerError("Answer yes or no.")


def choice_of(raw: object, choices: tuple[Choice, ...]) -> str:
    """One of the choices' values."""
    answer = text_of(raw)
    values = [choice.value for choice in choices]
    if answer not in values:
        raise AnswerError(f"{shown(answer)} is not among the answers: {', '.join(values)}.")
    return answer


def returns_of(answer: str) -> str:
    """`status`, `nothing` or an annotation."""
    if answer in (STATUS, NOTHING):
        return answer
    found = parse_annotation(answer)
    return NOTHING if found == "None" else found


def check_file(text: str) -> str:
    """A path or `file:` URI of a Python file that can be imported.

    Whether it lies in the workspace is for those to check who know the disk.
    """
    if not text:
        raise AnswerError("Name a file, such as tasks.py.")
    if len(text) > MAX_PATH or not text.isprintable():
        raise AnswerError("That is no path of a file; give one such as shop/tasks.py.")
    parts = text.replace("\\", "/").split("/")
    if ".." in parts:
        raise AnswerError("Give a path inside of the project, without .. in it.")
    stem, dot, suffix = parts[-1].rpartition(".")
    if suffix != "py" or not dot:
        raise AnswerError(f"{shown(parts[-1])} is not a Python file; its name has to end in .py.")
    try:
        check_identifier(stem, "file's name")
    except AnswerError as error:
        raise AnswerError(f"The file could not be imported: {error.message}") from None
    return text
