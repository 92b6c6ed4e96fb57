"""Names and sentences that people type, checked before they reach code.

Whatever passes here can stand in source as an identifier, a queue name or the text of a
docstring, and cannot break out of it.
"""

import builtins
import keyword
import re
import unicodedata

from celeryls.forms.errors import AnswerError

MAX_NAME = 64
MAX_SENTENCE = 200
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*\Z")
_QUEUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*\Z")
_ZERO_WIDTH_JOINER = "\u200d"


def shown(text: str) -> str:
    """`text` as a message can show it: quoted, escaped, and not too long."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


def snake_case(text: str) -> str:
    """The nearest snake_case identifier, empty where nothing of `text` can be kept."""
    plain = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode()
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    words = re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").lower()
    return words.lstrip("0123456789_")[:MAX_NAME]


def _refuse_foreign_letters(text: str) -> None:
    for character in text:
        if ord(character) > 126:
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise AnswerError(
                f"{character!r} ({name}) is not an ASCII character; it may look like one. "
                "Use the letters a to z, digits and _."
            )


def check_identifier(text: str, what: str) -> str:
    """`text` if it is an ASCII identifier that Python lets one bind, else `AnswerError`."""
    if not text:
        raise AnswerError(f"The {what} is empty.")
    if len(text) > MAX_NAME:
        raise AnswerError(f"The {what} has {len(text)} characters; take at most {MAX_NAME}.")
    _refuse_foreign_letters(text)
    if not _IDENTIFIER.match(text):
        proposal = snake_case(text)
        hint = f", such as {proposal}" if _can_bind(proposal) else ""
        raise AnswerError(
            f"{shown(text)} is not a name in Python; use letters, digits and _{hint}."
        )
    if keyword.iskeyword(text):
        raise AnswerError(f"{text} is a Python keyword; take another {what}, such as {text}_.")
    if text.startswith("__") or not text.strip("_"):
        raise AnswerError(f"{text} is reserved by custom; begin the {what} with a letter.")
    return text


def _can_bind(text: str) -> bool:
    return bool(_IDENTIFIER.match(text)) and not keyword.iskeyword(text) and bool(text.strip("_"))


def check_task_name(text: str, *, any_case: bool = False) -> str:
    """The name of a task's function.  `any_case` allows what isn't snake_case."""
    if not text:
        raise AnswerError("Give the task a name, such as sync_product.")
    check_identifier(text, "name")
    if text in keyword.softkwlist:
        raise AnswerError(f"{text} is a keyword in some places; take a longer name.")
    if hasattr(builtins, text):
        raise AnswerError(
            f"{text} is a Python builtin, which the task would hide; add a word to it."
        )
    if not any_case and text != text.lower():
        raise AnswerError(f"Tasks are functions, which are in snake_case: {snake_case(text)}.")
    return text


def check_dotted(text: str, what: str) -> str:
    """A dotted name such as `requests.ConnectionError`."""
    if len(text) > 2 * MAX_NAME:
        raise AnswerError(f"The {what} has {len(text)} characters; take at most {2 * MAX_NAME}.")
    _refuse_foreign_letters(text)
    if not _DOTTED.match(text) or any(keyword.iskeyword(part) for part in text.split(".")):
        raise AnswerError(
            f"{shown(text)} is not the dotted name of an {what}, such as requests.ConnectionError."
        )
    return text


def check_queue(text: str) -> str:
    """The name of a queue, of characters that every broker takes."""
    if not text:
        raise AnswerError("Name the queue, such as io_bound.")
    if len(text) > MAX_NAME:
        raise AnswerError(f"The queue's name has {len(text)} characters; take at most {MAX_NAME}.")
    if not _QUEUE.match(text):
        raise AnswerError(
            f"{shown(text)} is no name for a queue; "
            "use letters, digits and . _ - : and begin with a letter or digit."
        )
    if text.startswith("amq."):
        raise AnswerError("Names that begin with amq. belong to RabbitMQ; take another.")
    return text


def one_line(text: str, what: str, limit: int = MAX_SENTENCE) -> str:
    """A sentence: white space of all kinds is one blank; what can't be seen is refused."""
    if len(text) > limit + 1000:
        raise AnswerError(f"The {what} has {len(text)} characters; take at most {limit}.")
    text = " ".join(text.split())
    if len(text) > limit:
        raise AnswerError(f"The {what} has {len(text)} characters; take at most {limit}.")
    for character in text:
        if unicodedata.category(character)[0] == "C" and character != _ZERO_WIDTH_JOINER:
            raise AnswerError(
                f"The {what} has a character that can't be seen, {character!r}; leave it out."
            )
    return text


def humanised(name: str) -> str:
    """`sync_product` as the beginning of a sentence: `Sync product`."""
    words = snake_case(name).replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]
