"""The text of the parameters field, and types and defaults in it."""

import pytest

from celeryls.forms import AnswerError, Parameter
from celeryls.forms.annotations import parse_annotation
from celeryls.forms.parameters import parse_parameters, written


def refusal(text):
    with pytest.raises(AnswerError) as caught:
        parse_parameters(text)
    return caught.value.message


def test_the_example_of_the_form():
    assert parse_parameters(
        'product_id: int (ID of product to sync), note: str = "" (free text)'
    ) == (
        Parameter("product_id", "int", None, "ID of product to sync"),
        Parameter("note", "str", '""', "free text"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("  \n ", ()),
        ("a: int,", (Parameter("a", "int"),)),
        ("a: int\n,\nb: str", (Parameter("a", "int"), Parameter("b", "str"))),
        ("a:int=1", (Parameter("a", "int", "1"),)),
        ("a: tuple[int, ...] = (1, 2)", (Parameter("a", "tuple[int, ...]", "(1, 2)"),)),
        ("a: tuple[int, ...] = (1,) (x)", (Parameter("a", "tuple[int, ...]", "(1,)", "x"),)),
        ("a: dict[str, int] (x, y)", (Parameter("a", "dict[str, int]", None, "x, y"),)),
        ("a: int (the customer's, (own))", (Parameter("a", "int", None, "the customer's, (own)"),)),
        ("a: str = 'it, (is)'", (Parameter("a", "str", '"it, (is)"'),)),
        ("a: str = 'say \"hi\"'", (Parameter("a", "str", "'say \"hi\"'"),)),
        ('a: Literal["x,y", 1] = "x,y"', (Parameter("a", 'Literal["x,y", 1]', '"x,y"'),)),
        ("a: int = -1", (Parameter("a", "int", "-1"),)),
        ("a: float = 1e30", (Parameter("a", "float", "1e30"),)),
        ("a: bytes = b'\\x00\"'", (Parameter("a", "bytes", "b'\\x00\"'"),)),
        ("a: Optional[int] = None", (Parameter("a", "int | None", "None"),)),
    ],
)
def test_reads(text, expected):
    found = parse_parameters(text)
    assert found == expected
    assert parse_parameters(written(found)) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("order_id", "What type is order_id? Write it behind a colon: order_id: int."),
        ("order_id (an id)", "What type is order_id?"),
        ("a:", "What type is a?"),
        ("a: int =", "What is the default of a?"),
        ("a: int = x", "A default is a literal"),
        ("a: int = f", "A default is a literal"),
        ("a: int = __import__('os')", "A default is a literal"),
        ("a: list[int] = []", "A list as a default is shared between calls; take None"),
        ("a: dict = {}", "A dict as a default is shared between calls"),
        ("a: int = None", "asks for the annotation int | None."),
        ('a: int = "x"', 'The default "x" is not of the type int.'),
        ("a: int = True", "The default True is not of the type int."),
        ("a: float = 1e999", "can't be a default"),
        ("a: int, a: str", "two parameters called a"),
        ("a: int = 1, b: int", "put b first."),
        ("self: int", "Leave self out"),
        ("*args: int", "Leave '*args' out"),
        ("a: int (unclosed", "lacks its closing )."),
        ("a: int (x) b: int", "Put a comma behind the description of a."),
        ("a: list[int", "lacks a ]."),
        ('a: str = "x', "lacks its closing"),
        ("class: int", "class is a Python keyword"),
        ("\u0430: int", "CYRILLIC"),
        ("a: int (x\x00)", "can't be seen"),
        ("a: int, " * 5000, "characters; take at most 4000."),
        (", ".join(f"a{n}: int" for n in range(31)), "31 parameters are too many"),
    ],
)
def test_refuses(text, told):
    assert told in refusal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int", "int"),
        ("list", "list[Any]"),
        ("dict", "dict[str, Any]"),
        ("List[int]", "list[int]"),
        ("typing.Dict[str, typing.Any]", "dict[str, Any]"),
        ("Optional[Union[int, List[str]]]", "int | list[str] | None"),
        ("None | int", "int | None"),
        ("int | int", "int"),
        ("'Order'", "Order"),
        ("shop.models.Order", "shop.models.Order"),
        ("Literal['a', -1, None]", 'Literal["a", -1, None]'),
        ("Callable[[int, str], None]", "Callable[[int, str], None]"),
        ("tuple[()]", "tuple[()]"),
        (" dict [ str , int ] # x", "dict[str, int]"),
    ],
)
def test_types_become_what_a_careful_person_writes(text, expected):
    assert parse_annotation(text) == expected
    assert parse_annotation(expected) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("string", "write str."),
        ("integer", "write int."),
        ("any", "write Any."),
        ("print", "builtin function"),
        ("5", "is not a type"),
        ("int()", "is not a type"),
        ("lambda: 1", "is not a type"),
        ("a if b else c", "is not a type"),
        ("int; import os", "is not the type in Python"),
        ("int\nimport os", "in one line of Python"),
        ("[int]", "is not a type"),
        ("int[", "is not the type in Python"),
        ("Annotated[int, 5]", "is not a type"),
        ("f(x).y", "is not a type"),
        ("Literal[f(x)]", "Literal takes"),
        ("Literal[(1, 2), 3]", "Literal takes"),
        ("\U0001d422nt", "not ASCII"),
        ("", "Write a type"),
        ("list[" * 2000, "characters; take at most"),
    ],
)
def test_what_is_no_type(text, told):
    with pytest.raises(AnswerError) as caught:
        parse_annotation(text)
    assert told in caught.value.message
