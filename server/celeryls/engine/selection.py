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
    """What a configuration says about rules.

    `problems` name selectors that match none; those are left out, so that a misspelt `select`
    does not turn everything off.
    """

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


def _exactness(selector: str) -> int:
    if selector.upper() == "ALL":
        return 0
    return len(selector) if selector.upper().startswith("CEL") else 100  # a name


def _any(rule: Rule, selectors: Iterable[str]) -> bool:
    return any(matches(rule, selector) for selector in selectors)


def _any_rule(selector: str) -> bool:
    return any(matches(rule, selector) for rule in all_rules())


def _severity(rule: Rule, config: Config) -> Severity | None:
    """The severity of a rule, `None` where it does not run."""
    # The most exact selector counts, whatever the order: a table has none.
    named = [selector for selector in config.severity if matches(rule, selector)]
    raised = bool(named)
    chosen: str = config.severity[max(named, key=_exactness)] if named else rule.severity
    select = [selector for selector in config.select if _any_rule(selector)]
    on = _any(rule, select) if select else rule.enabled or raised
    on = on or _any(rule, config.extend_select)
    if not on or _any(rule, config.ignore) or chosen == "off":
        return None
    return chosen  # type: ignore[return-value]


def _unknown(config: Config) -> Iterable[Problem]:
    names = [item for rule in all_rules() for item in (rule.code, rule.name)]
    for selector in (*config.select, *config.extend_select, *config.ignore, *config.severity):
        if not _any_rule(selector):
            near = difflib.get_close_matches(selector, names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            yield Problem(f'unknown rule "{selector}"{hint}')
