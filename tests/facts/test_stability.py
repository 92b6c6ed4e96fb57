"""What may change in a file without anybody else having to look at it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.facts import extract, has_traces

from ..syntax.samples import APP, DJANGO

SAMPLES = [APP, DJANGO]


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize(
    "shift",
    [
        lambda text: "# a comment 😀\n\n\n" + text,
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "  # noqa\n", 3) if text is DJANGO else text + "# end",
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\f\n",
        lambda text: text.replace("'", '"') if text is APP else text,
        lambda text: text.replace("=", "  =  ").replace("  =    =  ", "==").replace(":  =", ":="),
        lambda text: text.replace(", ", " ,  "),
    ],
)
def test_white_space_comments_and_quotes_do_not_matter(text: str, shift: object) -> None:
    changed = shift(text)  # type: ignore[operator]
    before, after = extract(text), extract(changed)
    assert not after.body.holes
    assert after.interface == before.interface
    assert repr(after.interface) == repr(before.interface)


BODY = '''\
from celery import shared_task

@shared_task
def send(order, *, retry=True):
    """Docs."""
    «total = 0»
    for line in order.lines:
        «total += line.price»
    «notify.delay(total)»
    return total

class Report:
    limit = 1
    def build(self, x):
        «self.x = x»

def factory(name):
    «log(name)»
    app = Celery(name)
    @app.task
    def inner():
        «pass»
    return app
'''
PARTS = BODY.replace("»", "«").split("«")
STATEMENTS = [
    "pass",
    "x = [y for y in z]",
    "total = 1",
    "send.apply_async(args=[1], countdown=2)",
    "raise send.retry()",
    "if a: print('x')",
    "'''a\n'''",
    "(total := 1)",
    "assert (lambda: 1)()",
    "from x import y",
    "self = 1",
    "del x",
]


@given(st.lists(st.sampled_from(STATEMENTS), min_size=6, max_size=6))
def test_typing_in_a_body_changes_no_interface(statements: list[str]) -> None:
    parts = list(PARTS)
    parts[1::2] = statements
    before, after = extract("".join(PARTS)), extract("".join(parts))
    assert not after.body.holes
    assert after.interface.functions == before.interface.functions
    for name, bound in before.interface.names.items():
        if name != "Report":  # a class says whether one of its methods retries
            assert after.interface.names[name] == bound


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bind=True", "bind=False"),
        ("soft_time_limit", "time_limit_"),
        ("order_id: int", "order_id: str"),
        ("retry: bool = True", "retry: bool"),
        ("def charge", "async def charge"),
        ("year, /", "year"),
        ("from .models", "from models"),
        ("class Reports:", "class Reports(Base):"),
        ("def later(order)", "def later(order, x)"),
        ('return {"status"', 'yield {"status"'),
    ],
)
def test_what_others_see_does_matter(old: str, new: str) -> None:
    assert old in DJANGO
    assert extract(DJANGO.replace(old, new)).interface != extract(DJANGO).interface


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import celery", True),
        ("from celery import shared_task", True),
        ("CELERY_TASK_ACKS_LATE = True", True),
        ("add.delay(1)", True),
        ("x.apply_async()", True),
        ("transaction_on_commit(f)", True),
        ("@app.task\ndef f(): ...", True),
        ("schedule = crontab()", True),
        ("import os\n# delayed\n", False),
        ("\ud83d é", False),
        ("", False),
    ],
)
def test_traces(text: str, expected: bool) -> None:
    assert has_traces(text) is expected
    assert has_traces(text.encode("utf-8", "surrogatepass")) is expected
