"""Source in, facts out."""

from textwrap import dedent

from celeryls.facts import Body, FileFacts, FunctionDecl, Interface, extract
from celeryls.syntax import parse
from celeryls.text import Span


def facts(code: str) -> FileFacts:
    """The facts of a test's source, which has to parse."""
    text = dedent(code)
    parsed = parse(text)
    assert not parsed.broken, text
    return extract(text, parsed)


def interface(code: str) -> Interface:
    return facts(code).interface


def body(code: str) -> Body:
    return facts(code).body


def function(code: str) -> FunctionDecl:
    """The only decorated function."""
    (found,) = interface(code).functions
    return found


def unmark(code: str) -> tuple[str, list[Span]]:
    """The text without its `«»`, and the spans they mark, by where they begin."""
    text, opened, spans = "", [], []
    for character in code:
        if character == "«":
            opened.append(len(text))
        elif character == "»":
            spans.append(Span(opened.pop(), len(text)))
        else:
            text += character
    return text, sorted(spans)
