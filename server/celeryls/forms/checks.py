"""Numbers and exceptions of a task, checked.  Times are whole seconds."""

import builtins

from celeryls.forms.errors import AnswerError
from celeryls.forms.words import check_dotted

MAX_SECONDS = 7 * 24 * 3600
MAX_RETRIES = 100
MAX_EXCEPTIONS = 20

_OLD_EXCEPTIONS = {
    "EnvironmentError": "OSError",
    "IOError": "OSError",
    "socket.error": "OSError",
    "socket.timeout": "TimeoutError",
}


def check_range(value: int, least: int, most: int, unit: str) -> None:
    """Refuse a number outside of `least` to `most`."""
    if isinstance(value, bool) or not least <= value <= most:
        raise AnswerError(f"Give a whole number of {unit} from {least} to {most}.")


def check_limits(soft: int, hard: int) -> None:
    """Refuse a soft limit that would never fire."""
    if soft == hard:
        raise AnswerError(
            f"With both limits at {hard} s the soft one never fires, and the task is killed "
            f"before it can clean up; take less, such as {max(1, hard * 5 // 6)}."
        )
    if soft > hard:
        raise AnswerError(
            f"The soft limit, {soft} s, comes after the hard one, {hard} s, and Celery refuses "
            f"such a task; take less than {hard}."
        )


def check_exceptions(names: tuple[str, ...]) -> None:
    """Refuse what can't stand in `except`, and what must not be retried on."""
    if not names:
        raise AnswerError("Name an exception to retry on, such as ConnectionError.")
    if len(names) > MAX_EXCEPTIONS:
        raise AnswerError(f"{len(names)} exceptions are too many; name what they have in common.")
    if len(set(names)) < len(names):
        raise AnswerError("Name every exception once.")
    for name in names:
        check_dotted(name, "exception")
        if name in _OLD_EXCEPTIONS:
            raise AnswerError(f"{name} is {_OLD_EXCEPTIONS[name]} today; write that.")
        if name.rpartition(".")[2] == "SoftTimeLimitExceeded":
            raise AnswerError("The soft time limit is handled already; leave its exception out.")
        known = getattr(builtins, name, None)
        if known is None:
            continue
        if not (isinstance(known, type) and issubclass(known, BaseException)):
            raise AnswerError(f"{name} is not an exception.")
        if not issubclass(known, Exception):
            raise AnswerError(f"{name} ends the worker and must not be caught; name an error.")


def parse_exceptions(text: str) -> tuple[str, ...]:
    """The exceptions of a list such as `ConnectionError, requests.Timeout`."""
    names = [name.strip() for name in text.replace(";", ",").strip("()[] ").split(",")]
    known = [_OLD_EXCEPTIONS.get(name, name) for name in names if name]
    found = tuple(dict.fromkeys(known))
    check_exceptions(found)
    return found
