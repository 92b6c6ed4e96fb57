"""Every rule there is, found by looking: adding a rule is adding a file."""

import importlib
import pkgutil
from functools import cache

from celeryls import rules
from celeryls.rules.base import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of every rule, by code."""
    for module in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        if not _is_cases(module.name):
            importlib.import_module(module.name)
    found = {rule.code: rule() for rule in _subclasses(Rule) if hasattr(rule, "code")}
    return tuple(found[code] for code in sorted(found))


def find_rule(code_or_name: str) -> Rule | None:
    """A rule by its code (any case) or its name."""
    for rule in all_rules():
        if code_or_name.upper() == rule.code or code_or_name == rule.name:
            return rule
    return None


def _is_cases(module: str) -> bool:
    return ".cases" in module


def _subclasses(parent: type[Rule]) -> list[type[Rule]]:
    found: list[type[Rule]] = []
    for child in parent.__subclasses__():
        found += [child, *_subclasses(child)]
    return found
