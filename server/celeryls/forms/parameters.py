"""The `parameters` field: a signature as people write it, with a description behind each.

product_id: int (ID of product to sync), note: str = "" (free text)
"""

from dataclasses import dataclass

from celeryls.forms.annotations import parse_annotation
from celeryls.forms.errors import AnswerError
from celeryls.forms.expressions import literal, parse_expression
from celeryls.forms.spec import Parameter, check_parameters
from celeryls.forms.words import check_identifier, one_line, shown

MAX_TEXT = 4000
_OPEN = {"(": ")", "[": "]", "{": "}"}
_WHITE = " \t\r\n"


def parse_parameters(text: str) -> tuple[Parameter, ...]:
    """The parameters that `text` lists, `()` for none; else `AnswerError`."""
    if len(text) > MAX_TEXT:
        raise AnswerError(f"The parameters have {len(text)} characters; take at most {MAX_TEXT}.")
    scanner = _Scanner(text)
    found: list[Parameter] = []
    while not scanner.at_end():
        found.append(_parameter(scanner))
    parameters = tuple(found)
    check_parameters(parameters)
    return parameters


def written(parameters: tuple[Parameter, ...]) -> str:
    """The text that `parse_parameters` reads as `parameters`."""
    parts = []
    for parameter in parameters:
        part = f"{parameter.name}: {parameter.annotation}"
        if parameter.default is not None:
            part += f" = {parameter.default}"
        if parameter.description:
            part += f" ({parameter.description})"
        parts.append(part)
    return ", ".join(parts)


def _parameter(scanner: "_Scanner") -> Parameter:
    name, stop = scanner.until(":=,(")
    if name.startswith(("*", "/")):
        raise AnswerError(
            f"Leave {shown(name)} out: a task's arguments are sent by name or in order."
        )
    check_identifier(name, "parameter")
    if stop != ":":
        raise AnswerError(f"What type is {name}? Write it behind a colon: {name}: int.")
    annotation, stop = scanner.until("=,(")
    if not annotation:
        raise AnswerError(f"What type is {name}? Write it behind the colon: {name}: int.")
    source, default = parse_annotation(annotation), None
    if stop == "=":
        value, stop = scanner.until(",(", parenthesised_first=True)
        if not value:
            raise AnswerError(f"What is the default of {name}? Write it behind the =.")
        default = literal(parse_expression(value, "default"))
    description = ""
    if stop == "(":
        description = one_line(scanner.description(name), f"description of {name}")
    return Parameter(name, source, default, description)


@dataclass
class _Scanner:
    """Reads up to a delimiter that is inside of no bracket and no string."""

    text: str
    at: int = 0

    def at_end(self) -> bool:
        while self.at < len(self.text) and self.text[self.at] in _WHITE + ",":
            self.at += 1
        return self.at == len(self.text)

    def until(self, stops: str, *, parenthesised_first: bool = False) -> tuple[str, str]:
        """The text before the next of `stops`, and which it was, empty at the end.

        `(` stops only behind something: with `parenthesised_first` a tuple may begin there.
        """
        start = self.at
        closing: list[str] = []
        while self.at < len(self.text):
            character = self.text[self.at]
            if not closing and character in stops:
                behind = self.text[start : self.at].strip()
                if character != "(" or behind or not parenthesised_first:
                    self.at += 1
                    return behind, character
            if character in "\"'":
                self._string(character)
                continue
            if character in _OPEN:
                closing.append(_OPEN[character])
            elif closing and character == closing[-1]:
                closing.pop()
            self.at += 1
        if closing:
            raise AnswerError(f"{shown(self.text[start:].strip())} lacks a {closing[-1]}.")
        return self.text[start:].strip(), ""

    def _string(self, quote: str) -> None:
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != quote:
            self.at += 2 if self.text[self.at] == "\\" else 1
        if self.at >= len(self.text):
            raise AnswerError(f"A string lacks its closing {quote}.")
        self.at += 1

    def description(self, name: str) -> str:
        """The text up to the `)` that ends it; quotes in it are only quotes."""
        start = self.at
        depth = 1
        while self.at < len(self.text):
            character = self.text[self.at]
            depth += {"(": 1, ")": -1}.get(character, 0)
            self.at += 1
            if not depth:
                end = self.at - 1
                self._comma(name)
                return self.text[start:end]
        raise AnswerError(f"The description of {name} lacks its closing ).")

    def _comma(self, name: str) -> None:
        """What follows a description is the next parameter, or nothing."""
        rest = self.text[self.at :].lstrip(_WHITE)
        if rest and not rest.startswith(","):
            raise AnswerError(f"Put a comma behind the description of {name}.")
