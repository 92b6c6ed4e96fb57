"""Which rules run, and how severe they are."""

import pytest

from celeryls.config import Config
from celeryls.engine import Selection
from celeryls.rules.registry import all_rules

ON = [rule.code for rule in all_rules() if rule.enabled]
ALL = [rule.code for rule in all_rules()]


def codes(config: Config) -> list[str]:
    return [selected.rule.code for selected in Selection(config).rules]


SELECTED: dict[str, tuple[Config, list[str]]] = {
    "nothing said": (Config(), [rule.code for rule in all_rules() if rule.enabled]),
    "a code": (Config(select=("CEL101",)), ["CEL101"]),
    "a code in lower case": (Config(select=("cel101",)), ["CEL101"]),
    "a name": (Config(select=("missing-retry",)), ["CEL102"]),
    "a family": (Config(select=("CEL1",)), [code for code in ALL if code.startswith("CEL1")]),
    "all": (Config(select=("ALL",)), ALL),
    "two": (Config(select=("CEL104", "missing-retry")), ["CEL102", "CEL104"]),
    "ignored": (Config(select=("ALL",), ignore=("CEL101",)), [c for c in ALL if c != "CEL101"]),
    "ignore wins": (Config(select=("CEL101",), ignore=("missing-acks-late",)), []),
    "ignored family": (Config(select=("CEL101",), ignore=("CEL",)), []),
    "all ignored": (Config(ignore=("ALL",)), []),
    "off": (Config(select=("ALL",), severity={"CEL101": "off"}), [c for c in ALL if c != "CEL101"]),
    "off by name": (
        Config(select=("CEL101", "CEL102"), severity={"missing-retry": "off"}),
        ["CEL101"],
    ),
    "off by family": (Config(severity={"CEL1": "off"}), [c for c in ON if c[3] != "1"]),
    "off wins over select": (Config(select=("CEL101",), severity={"CEL101": "off"}), []),
    "a misspelt one does not turn all off": (
        Config(select=("missing",)),
        [rule.code for rule in all_rules() if rule.enabled],
    ),
    "a misspelt one beside another": (Config(select=("missing", "CEL101")), ["CEL101"]),
}


@pytest.mark.parametrize("how", SELECTED)
def test_selection(how: str) -> None:
    config, expected = SELECTED[how]
    assert codes(config) == expected


@pytest.mark.parametrize("severity", ["error", "warning", "info", "hint"])
@pytest.mark.parametrize("selector", ["CEL101", "missing-acks-late", "CEL1", "ALL"])
def test_another_severity(selector: str, severity: str) -> None:
    selected = Selection(Config(severity={selector: severity})).rules
    assert {s.severity for s in selected if s.rule.code == "CEL101"} == {severity}


def test_the_more_exact_selector_wins_whatever_the_order() -> None:
    for severity in ({"CEL101": "error", "CEL1": "hint"}, {"CEL1": "hint", "CEL101": "error"}):
        (selected,) = Selection(Config(select=("CEL101",), severity=severity)).rules
        assert selected.severity == "error"


UNKNOWN = ["CEL999", "missing-acks-lat", "E501", "", "cel1x", "CEL1011", "all-of-it"]


@pytest.mark.parametrize("selector", UNKNOWN)
def test_a_selector_that_means_no_rule_is_named(selector: str) -> None:
    for config in (
        Config(select=(selector,)),
        Config(ignore=(selector,)),
        Config(severity={selector: "off"}),
    ):
        (problem,) = Selection(config).problems
        assert f'"{selector}"' in problem.message


def test_a_misspelt_selector_comes_with_the_one_that_was_meant() -> None:
    (problem,) = Selection(Config(select=("missing-acks-lat",))).problems
    assert 'did you mean "missing-acks-late"' in problem.message


def test_every_rule_is_what_a_rule_must_be() -> None:
    assert len(set(ALL)) == len(ALL)
    for rule in all_rules():
        assert rule.code.startswith("CEL") and rule.code[3:].isdigit() and len(rule.code) == 6
        assert rule.name == rule.name.lower() and " " not in rule.name
        for heading in (
            "What it does",
            "Why it matters",
            "Example",
            "Known limits",
            "Fix safety",
        ):
            assert f"## {heading}\n" in (type(rule).__doc__ or "")


LEGACY = Config(per_file_ignores={"shop/legacy/": ("CEL1",), "*.gen.py": ("missing-retry",)})


@pytest.mark.parametrize(
    ("name", "silent"),
    [
        ("shop/tasks.py", set()),
        ("shop/legacy/tasks.py", {code for code in ON if code.startswith("CEL1")}),
        ("other/shop/legacy/tasks.py", set()),
        ("shop/x.gen.py", {"CEL102"}),
    ],
)
def test_rules_for_some_files(name: str, silent: set[str]) -> None:
    running = {item.rule.code for item in Selection(LEGACY).rules_for(name, is_test=False)}
    assert running == set(ON) - silent


def test_tests_are_quieter_unless_somebody_says_otherwise() -> None:
    def running(config: Config, *, is_test: bool = True) -> set[str]:
        found = Selection(config).rules_for("tests/test_x.py", is_test=is_test)
        return {item.rule.code for item in found}

    assert running(Config(), is_test=False) == set(ON)
    assert running(Config()) == set(ON) - set(Config().tests_ignore)
    assert {"CEL104", "CEL301"} <= running(Config())
    assert not {"CEL101", "CEL102"} & running(Config())
    assert running(Config(tests_ignore=())) == set(ON)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (
            Config(per_file_ignores={"x": ("CEL1o1",)}),
            'unknown rule "CEL1o1"; did you mean',
        ),
        (Config(tests_ignore=("mising-retry",)), 'did you mean "missing-retry"'),
        (Config(extend_select=("CEL",), require={"x": {"quee": "a"}}), 'did you mean "queue"'),
    ],
)
def test_what_is_misspelt_is_said(config: Config, says: str) -> None:
    (problem,) = Selection(config).problems
    assert says in problem.message
