"""A task for a call of one that is nowhere defined."""

import pytest

from celeryls.forms import AnswerError, read_call, spec_from_call
from celeryls.forms.parameters import written


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("foo.delay()", ""),
        (
            'foo.delay(order_id, user.pk, note="x")',
            "order_id: int, user_pk: int, note: str",
        ),
        (
            "foo.delay(1, 2, True, 1.5, b'')",
            "value: int, value_2: int, value_3: bool, value_4: float, value_5: bytes",
        ),
        ("foo.delay(x, a.x, value=3, *[])", None),
        ("foo.delay(*args)", None),
        ("foo.delay(**kwargs)", None),
        ("foo.delay(self.order.id)", "order_id: int"),
        ("foo.delay(self.request.user.id)", "user_id: int"),
        ('foo.delay(data["id"])', "data_id: int"),
        ("foo.delay(str(order.pk), len(items))", "order_pk: str, items_count: int"),
        (
            "foo.delay(order.get_total(), [1], {})",
            "total: Any, value: list[Any], value_2: dict[str, Any]",
        ),
        (
            "foo.delay(f'{x}', x > 1, not y, -2)",
            "value: str, value_2: bool, value_3: bool, value_4: int",
        ),
        ("foo.delay(user, user=user)", "user_2: Any, user: Any"),
        ("foo.delay(class_, None)", "class_: Any, value: Any"),
        ("foo.delay(_x, self._y)", "x: Any, y: Any"),
        ("foo.delay(userId=1)", "userId: int"),
        (
            "foo.apply_async((order_id, 1), {'note': 'x'}, countdown=10)",
            "order_id: int, value: int, note: str",
        ),
        ("foo.apply_async(args=[order_id], kwargs=dict(note='x'))", "order_id: int, note: str"),
        ("foo.apply_async()", ""),
        ("foo.apply_async(args=args)", None),
        ("foo.apply_async(kwargs={key: 1})", None),
        ("foo.delay(self=1)", None),
        ("foo.bar.delay(1)", None),
        ("foo(1)", None),
        ("foo.delay(", None),
    ],
)
def test_parameters_come_from_the_arguments(call, parameters):
    def read():
        found = read_call(call)
        return spec_from_call(found.name, found.args, found.keywords)

    if parameters is None:
        with pytest.raises(AnswerError):
            read()
    else:
        spec = read()
        assert spec.name == "foo"
        assert written(spec.parameters) == parameters


def test_a_name_that_cannot_be_one_is_refused():
    with pytest.raises(AnswerError, match="builtin"):
        spec_from_call("print", ())
    assert spec_from_call("fooBar", ()).name == "fooBar"
