"""The documentation page of a rule, from the rule itself."""

import inspect

from celeryls.rules.base import Rule

_FIX = {
    "safe": "yes, safe",
    "unsafe": "yes, unsafe",
    "sometimes": "yes, some of them unsafe",
    "none": "no",
}


def page(rule: Rule) -> str:
    """The page as Markdown: what `docs/rules/` holds and `celeryls rule` prints."""
    return (
        f"# {rule.code} {rule.name}\n\n"
        f"{rule.summary}\n\n"
        f"| Severity | Fix | Since | Status |\n"
        f"|---|---|---|---|\n"
        f"| {rule.severity if rule.enabled else 'off'} | {_FIX[rule.fix]} "
        f"| {rule.since} | {rule.stability} |\n\n"
        f"{inspect.cleandoc(rule.__doc__ or '')}\n"
    )


def index(rules: tuple[Rule, ...]) -> str:
    """The index of all pages, as Markdown."""
    rows = "".join(
        f"| [{rule.code}]({rule.name}.md) | {rule.name} | {rule.summary} "
        f"| {rule.severity if rule.enabled else 'off'} | {_FIX[rule.fix]} | {rule.stability} |\n"
        for rule in rules
    )
    return (
        "# Rules\n\n"
        "| Code | Name | What it finds | Severity | Fix | Status |\n"
        "|---|---|---|---|---|---|\n" + rows
    )


def section(rule: Rule, heading: str) -> str:
    """One section of a rule's page, its lines joined to paragraphs."""
    text = inspect.cleandoc(rule.__doc__ or "")
    _, _, after = text.partition(f"## {heading}\n")
    paragraphs = after.partition("\n## ")[0].strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
