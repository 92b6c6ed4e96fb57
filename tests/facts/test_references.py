"""Which texts need no reading for uses of a name."""

import pytest

from celeryls.facts.references import find_references, may_use
from celeryls.syntax import parse

SENT_ONLY = [
    "from shop import charge\ncharge.delay(1)\n",
    "from shop import (\n    charge,\n    refund,\n)\ncharge.apply_async((1,))\ncharge.s(1)\n",
    "@shared_task\ndef charge(): ...\n",
    "    import charge\n",
    "recharge(charged)\n",
]
USED = [
    "charge(1)",
    "call(charge)",
    "call(f=charge)",
    "x = [shop.charge]",
    "import shop; charge(1)",
    "from shop import charge; charge(1)",
    "from shop import (charge); charge(1)",
    "charge.delayed",
    "def f(): charge(1)",
    "x = lambda: charge",
    "async def charge():\n    charge()",
]


@pytest.mark.parametrize("text", SENT_ONLY)
def test_what_is_only_defined_imported_and_sent_need_not_be_parsed(text: str) -> None:
    assert not may_use(text, {"charge", "refund"})
    assert not find_references(parse(text), {"charge", "refund"})


@pytest.mark.parametrize("text", USED)
@pytest.mark.parametrize("more", [0, 100])
def test_any_other_use_is_seen(text: str, more: int) -> None:
    names = {"charge", *(f"other{number}" for number in range(more))}
    assert may_use(text, names)
    assert find_references(parse(text), names)
