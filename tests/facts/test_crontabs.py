"""Where crontabs are made, and what schedule entries say."""

from celeryls.facts import extract
from celeryls.syntax.expr import UNKNOWN, Const, Imported, Name


def test_a_crontab_inside_a_function_has_its_names_replaced() -> None:
    text = (
        "def plan():\n"
        "    from celery.schedules import crontab\n"
        "    hour = 3\n"
        "    return crontab(0, hour=hour)\n"
    )
    (site,) = extract(text).body.crontabs
    assert site.target == Imported("celery.schedules", "crontab", 0)
    assert site.values == (Const(0),)
    assert site.keyword_values == (Const(3),)
    assert site.span.of(text) == "crontab(0, hour=hour)"
    assert [span.of(text) for span in site.args] == ["0"]
    assert [keyword.value_span.of(text) for keyword in site.keywords] == ["hour"]


def test_other_ways_to_call_it() -> None:
    text = (
        "a = schedules.crontab(\n    minute=0,\n)\n"
        "b = crontab.from_string('* * * * *')\n"
        "c = crontab\n"
        "d = crontabs()\n"
    )
    targets = [site.target for site in extract(text).body.crontabs]
    assert targets == [Name("schedules.crontab"), Name("crontab.from_string")]


def test_the_keys_of_an_entry() -> None:
    text = "S = {'a': {'task': 'x', \"schedule\": 60, 'args': (1,), KEY: 1, **more}}\n"
    (site,) = extract(text).body.schedules
    assert [item.key for item in site.items] == ["task", "schedule", "args"]
    assert [item.span.of(text) for item in site.items] == ["task", "schedule", "args"]
    assert [item.value_span.of(text) for item in site.items] == ["'x'", "60", "(1,)"]


def test_an_entry_with_a_key_that_is_misspelled_is_seen_beside_others() -> None:
    text = "S = {'a': {'task': 'x', 'schedul': 60}, 'b': dict(task='y', schedule=1), 'c': {}}\n"
    first, second = extract(text).body.schedules
    assert (first.task, first.schedule) == (Const("x"), UNKNOWN)
    assert (second.task, second.schedule) == (Const("y"), Const(1))
    assert extract("S = {'a': {'task': 'x', 'schedul': 60}}\n").body.schedules == ()
