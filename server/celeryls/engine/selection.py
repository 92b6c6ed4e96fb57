"""Which rules run, and how severe they are."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from celeryls.config import Config, Problem
from celeryls.rules.base import Rule, Severity
from celeryls.rules.registry import all_rules


@dataclass(frozen=True, slots=True)
class Selected:
    """A rule that runs, with the severity it has here."""

    rule: Rule
    severity: Severity


class Selection:
    """What a configuration says about rules.  `problems` name selectors that match none."""

    def __init__(self, config: Config) -> None:
        self.problems = tuple(_unknown(config))
        self.rules: tuple[Selected, ...] = tuple(
            Selected(rule, severity)
            for rule in all_rules()
            if (severity := _severity(rule, config)) is not None
        )


def matches(rule: Rule, selector: str) -> bool:
    """Whether a selector (`CEL101`, `CEL1`, `missing-acks-late`, `ALL`) means this rule."""
    upper = selector.upper()
    if upper == "ALL":
        return True
    return selector == rule.name or (upper.startswith("CEL") and rule.code.startswith(upper))


def _any(rule: Rule, selectors: Iterable[str]) -> bool:
    return any(matches(rule, selector) for selector in selectors)


def _severity(rule: Rule, config: Config) -> Severity | None:
    """The severity of a rule, `None` where it does not run."""
    chosen: str = rule.severity
    for selector, severity in config.severity.items():
        if matches(rule, selector):
            chosen = severity
    raised = any(matches(rule, selector) for selector in config.severity)
    on = _any(rule, config.select) if config.select else rule.enabled or raised
    if not on or _any(rule, config.ignore) or chosen == "off":
        return None
    return chosen  # type: ignore[return-value]


def _unknown(config: Config) -> Iterable[Problem]:
    names = [item for rule in all_rules() for item in (rule.code, rule.name)]
    for selector in (*config.select, *config.ignore, *config.severity):
        if not any(matches(rule, selector) for rule in all_rules()):
            near = difflib.get_close_matches(selector, names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            yield Problem(f'unknown rule "{selector}"{hint}')
