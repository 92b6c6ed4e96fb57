"""Which rules run, and how severe they are."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from celeryls import catalog
from celeryls.config import Config, Problem
from celeryls.config.baseline import Baseline
from celeryls.rules.base import Rule, Severity
from celeryls.rules.registry import all_rules

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Selected:
    """A rule that runs, with the severity it has here."""

    rule: Rule
    severity: Severity


class Selection:
    """What a configuration says about rules, and the findings that are known already.

    `problems` name selectors that match none; those are left out, so that a misspelt `select`
    does not turn everything off.
    """

    def __init__(self, config: Config, baseline: Baseline | None = None) -> None:
        self.baseline: Baseline = baseline or {}
        self.problems = tuple(_unknown(config))
        self.rules: tuple[Selected, ...] = tuple(
            Selected(rule, severity)
            for rule in all_rules()
            if (severity := _severity(rule, config)) is not None
        )
        self._config = config
        self._by_ignored: dict[tuple[str, ...], tuple[Selected, ...]] = {}

    def rules_for(self, name: str, *, is_test: bool) -> tuple[Selected, ...]:
        """The rules that run on one file.

        `name` is its path relative to the configuration, with `/`.
        """
        ignored = self._config.tests_ignore if is_test else ()
        for spec, selectors in self._per_file:
            if spec.match_file(name):
                ignored = (*ignored, *selectors)
        if not ignored:
            return self.rules
        if ignored not in self._by_ignored:
            left = (item for item in self.rules if not _any(item.rule, ignored))
            self._by_ignored[ignored] = tuple(left)
        return self._by_ignored[ignored]

    def runs(self, entry: str) -> bool:
        """Whether the rule of an entry of a baseline runs at all."""
        code = entry.partition(" ")[0]
        return any(item.rule.code == code for item in self.rules)

    @cached_property
    def _per_file(self) -> "list[tuple[GitIgnoreSpec, tuple[str, ...]]]":
        patterns: Mapping[str, tuple[str, ...]] = self._config.per_file_ignores
        if not patterns:
            return []
        from pathspec import GitIgnoreSpec

        return [(GitIgnoreSpec.from_lines([p]), rules) for p, rules in patterns.items()]


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
    per_file = (rule for rules in config.per_file_ignores.values() for rule in rules)
    listed = (*config.select, *config.extend_select, *config.ignore, *config.severity)
    for selector in (*listed, *config.tests_ignore, *per_file):
        if not _any_rule(selector):
            near = difflib.get_close_matches(selector, names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            yield Problem(f'unknown rule "{selector}"{hint}')
    options = catalog.task_options()
    for name in (name for required in config.require.values() for name in required):
        if name not in options:
            near = difflib.get_close_matches(name, options, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            yield Problem(f'"{name}" in require is no option of a task{hint}')
