"""The scanner against Python's own tokenizer, and on text that one refuses."""

import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.syntax.scan import Token, TokenKind, comments, in_code, open_brackets, scan
from celeryls.text import LineIndex, Span

from . import broken, samples

_BRACKETS = {"(": TokenKind.OPEN, "[": TokenKind.OPEN, "{": TokenKind.OPEN} | {
    ")": TokenKind.CLOSE,
    "]": TokenKind.CLOSE,
    "}": TokenKind.CLOSE,
}


def by_python(text: str) -> list[tuple[TokenKind, str]]:
    """Strings, comments and brackets according to the standard library."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.ERRORTOKEN:
            raise SyntaxError(token.string)
        if token.type == tokenize.STRING:
            found.append((TokenKind.STRING, token.string.lstrip("rRbBu")))
        elif token.type == tokenize.COMMENT:
            found.append((TokenKind.COMMENT, token.string))
        elif token.type == tokenize.OP and token.string in _BRACKETS:
            found.append((_BRACKETS[token.string], token.string))
    return found


def by_us(text: str) -> list[tuple[TokenKind, str]]:
    return [
        (kind, span.of(text).lstrip("rRbBu") if kind is TokenKind.STRING else span.of(text))
        for kind, span in scan(text)
    ]


@st.composite
def _strings(draw: st.DrawFn) -> str:
    quote = draw(st.sampled_from(['"', "'", '"""', "'''"]))
    inside = ["a", "#", "(", "]", "\\\\", "\\'", '\\"', "\\\n", "'" if '"' in quote else '"']
    if len(quote) == 3:
        inside += ["\n", f"b{quote[:2]} ", f"b{quote[0]}c", f"\\{quote}d"]
    body = "".join(draw(st.lists(st.sampled_from(inside), max_size=6)))
    return draw(st.sampled_from(["", "r", "b", "Rb", "u"])) + quote + body + quote


@given(st.lists(_strings() | st.sampled_from(["(", "{", "#'(\n", "a", "\n", ", "]), max_size=10))
def test_what_python_takes_is_seen_alike(pieces: list[str]) -> None:
    opened = [piece for piece in pieces if piece in "({"]
    closing = "".join({"(": ")", "{": "}"}[piece] for piece in reversed(opened))
    text = "[" + " ".join(pieces) + closing + "]\n"
    assert by_us(text) == by_python(text)


def test_samples_are_seen_alike() -> None:
    for text in samples.SAMPLES[:2]:
        plain = text.replace("f'''", "'''").replace('f"', '"')
        assert by_us(plain) == by_python(plain)


@given(broken.texts)
def test_any_text_is_scanned(text: str) -> None:
    at = 0
    for kind, span in scan(text):
        assert at <= span.start < span.end <= len(text)
        assert kind in TokenKind
        at = span.end
    assert [s.of(text)[0] for s in comments(text)] == ["#"] * len(list(comments(text)))
    lines = LineIndex(text)
    for line in range(len(lines)):
        offset = lines.line_start(line)
        assert all(text[at] in "([{" for at in open_brackets(text, offset))
        assert in_code(text, offset) in (True, False)


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("x = «'a#('»  «# 'b'»", "string comment"),
        ("«r'\\'»", "string"),
        ("«rb'''a'b\"\"\" \\''' '''»«(»", "string open"),
        ("«'it\\'s ('»«(»", "string open"),
        ("«Rb'x'»«u'y'»«f'{z}'»«t'{z}'»", "string string string string"),
        ("in«'x'» xf«'y'»", "string string"),
        ("«''»a«''»", "string string"),
        # Not finished: one line, or, with three quotes, all that is left.
        ("x = «'abc(»\n«(»", "string open"),
        ("x = «'abc(»\r«(»", "string open"),
        ("x = «'abc\\\n(»\n«(»", "string open"),
        ("x = «'abc\\\r\n(»\r\n«(»", "string open"),
        ("x = «'abc\\»", "string"),
        ("x = «'''abc\n(\\»", "string"),
        ("x = «'''abc\n# ''( '\\'''»", "string"),
        ('x = «"""a""»', "string"),
        # Quotes of its own inside an f-string, as Python takes from 3.12 on: several strings.
        ("«f'{x['»a«']}'»", "string string"),
        ("«(»«[»«'{'»«]»«)»", "open open string close close"),
        ("«# \\»\n«(»", "comment open"),
        ("«# a»\r«(»", "comment open"),
        ("«# a\u2028\f(»", "comment"),
    ],
)
def test_scan(code: str, kinds: str) -> None:
    text = code.replace("«", "").replace("»", "")
    found = list(scan(text))
    assert [span.of(text) for _, span in found] == [p.split("»")[0] for p in code.split("«")[1:]]
    assert " ".join(kind.value for kind, _ in found) == kinds


def test_only_a_part_is_scanned() -> None:
    text = "('a' # b\n)"
    assert list(scan(text, 1, 3)) == [Token(TokenKind.STRING, Span(1, 3))]
    assert list(scan(text, 5)) == [
        Token(TokenKind.COMMENT, Span(5, 8)),
        Token(TokenKind.CLOSE, Span(9, 10)),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f(|", "("),
        ("f(|)", "("),
        ("f(a, [b, {'c': (|", "([{("),
        ("f(a)|", ""),
        ("f(')', |", "("),
        ("f( # )\n|", "("),
        (")))(|", "("),
        ("f(a]|", ""),
        ("f('''(|", "("),
        ("f('(\n(|", "(("),
    ],
)
def test_open_brackets(code: str, expected: str) -> None:
    offset = code.index("|")
    text = code.replace("|", "")
    assert "".join(text[at] for at in open_brackets(text, offset)) == expected


@pytest.mark.parametrize(
    "code",
    [
        "|",
        "f|(",
        "|'a'",
        "'a'|",
        "'a'|'b'",
        "'''a'''|",
        "'a\n|",
        "x = f(|'a', b",
        "x = 1  |# c",
        "# c\n|",
        "x = 1|",
        "'\\\\'|",
    ],
)
def test_in_code(code: str) -> None:
    assert in_code(code.replace("|", ""), code.index("|"))


@pytest.mark.parametrize(
    "code",
    [
        "'|'",
        "r'|a'",
        "r|'a'",
        "'a|",
        "'a\n'|",
        "'a\\'|",
        "'a\\|",
        "'''a|'''",
        "''''|''",
        "'''a\n|",
        "'''a''|",
        "'''a\\'''|",
        "f'{x|}'",
        "# |c",
        "# c|",
        "# c|\nd",
        "x = 'a\\\n|b'",
    ],
)
def test_not_in_code(code: str) -> None:
    assert not in_code(code.replace("|", ""), code.index("|"))


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("'''" + "word " * (MEGABYTE // 5) + "'''", 1),
        ('"""' + '"a' * (MEGABYTE // 2) + '"""', 1),
        ("'''" + "\\a" * (MEGABYTE // 2), 1),
        ("'" + "\\'" * (MEGABYTE // 2), 1),
        ("'" + "a" * MEGABYTE + "\\", 1),
        ("r" * MEGABYTE, 0),
        ('"' * 999_999, 166_667),
        ("#" * MEGABYTE, 1),
        ("'\n" * 100_000, 100_000),
        ("(" * 100_000, 100_000),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_megabyte(text: str, tokens: int) -> None:
    assert sum(1 for _ in scan(text)) == tokens
    assert len(open_brackets(text, len(text))) == text.count("(")
