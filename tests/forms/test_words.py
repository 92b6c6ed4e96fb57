"""Names, queues and sentences: what passes, and what people are told."""

import pytest

from celeryls.forms import AnswerError
from celeryls.forms.words import check_queue, check_task_name, one_line, snake_case


def refusal(check, text):
    with pytest.raises(AnswerError) as caught:
        check(text)
    return caught.value.message


@pytest.mark.parametrize("name", ["sync_product", "a", "send2", "_private", "x" * 64])
def test_good_names(name):
    assert check_task_name(name) == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Give the task a name, such as sync_product."),
        ("class", "class is a Python keyword"),
        ("None", "None is a Python keyword"),
        ("match", "keyword in some places"),
        ("print", "print is a Python builtin"),
        ("syncProduct", "snake_case: sync_product."),
        ("sync product", "such as sync_product."),
        ("sync-product", "such as sync_product."),
        ("2fast", "such as fast."),
        ("os; import sys", "is not a name in Python"),
        ("a\nb", "is not a name in Python"),
        ("../../x", "is not a name in Python"),
        ("x" * 10_000, "has 10000 characters; take at most 64."),
        ("__init__", "reserved by custom"),
        ("___", "reserved by custom"),
        ("c\u0430fe", "CYRILLIC SMALL LETTER A"),
        ("\uff53ync", "FULLWIDTH LATIN SMALL LETTER S"),
        ("sync\u200b", "ZERO WIDTH SPACE"),
    ],
)
def test_bad_names(name, told):
    message = refusal(check_task_name, name)
    assert told in message
    assert len(message) < 250


def test_a_name_that_a_call_uses_may_have_any_case():
    assert check_task_name("syncProduct", any_case=True) == "syncProduct"


@pytest.mark.parametrize("queue", ["default", "io_bound", "eu.mail-1:x", "9"])
def test_good_queues(queue):
    assert check_queue(queue) == queue


@pytest.mark.parametrize("queue", ["", "a b", 'a"', "a\n", "-x", "\u0430", "q" * 65, "amq.direct"])
def test_bad_queues(queue):
    assert refusal(check_queue, queue)


def test_white_space_of_all_kinds_is_one_blank():
    assert one_line(" a\n\tb\x0cc\u2028d ", "purpose") == "a b c d"


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\x1bb", "a\ud800b", "\ufeffa"])
def test_what_cannot_be_seen_is_refused(text):
    assert "can't be seen" in refusal(lambda text: one_line(text, "purpose"), text)


def test_long_sentences_are_refused():
    assert "at most 200" in refusal(lambda text: one_line(text, "purpose"), "x" * 10_000)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("syncProduct", "sync_product"),
        ("HTTPServer", "http_server"),
        ("café au lait", "cafe_au_lait"),
        ("  9 lives", "lives"),
        ("日本", ""),
    ],
)
def test_snake_case(text, name):
    assert snake_case(text) == name
