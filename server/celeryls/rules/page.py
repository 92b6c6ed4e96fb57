"""The documentation page of a rule, from the rule itself."""

import inspect

from celeryls.rules.base import Rule

_FIX = {
    "safe": "yes, safe",
    "unsafe": "yes, unsafe",
    "sometimes": "yes, some of them unsafe",
    "none": "no",
}


FAMILIES = {
    "0": "Comments",
    "1": "Declaring a task",
    "2": "Retrying and failing",
    "3": "Calling a task",
    "4": "Workflows",
    "5": "Schedules",
    "6": "Settings",
    "7": "Names and registration",
    "8": "Security",
    "9": "Versions of Celery",
}
"""What the hundreds of the codes are about."""


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
    """The index of all pages by family, as Markdown."""
    parts = [
        "# Rules\n\n"
        "A family is selected by the beginning of its codes: `CEL3` means all of calling a task.\n"
    ]
    for digit, title in FAMILIES.items():
        rows = "".join(map(_row, (rule for rule in rules if rule.code[3] == digit)))
        parts.append(
            f"\n## CEL{digit}xx {title}\n\n"
            "| Code | Name | What it finds | Severity | Fix | Status |\n"
            "|---|---|---|---|---|---|\n" + rows
        )
    return "".join(parts)


def _row(rule: Rule) -> str:
    return (
        f"| [{rule.code}]({rule.name}.md) | {rule.name} | {rule.summary} "
        f"| {rule.severity if rule.enabled else 'off'} | {_FIX[rule.fix]} | {rule.stability} |\n"
    )


def section(rule: Rule, heading: str) -> str:
    """One section of a rule's page, its lines joined to paragraphs."""
    text = inspect.cleandoc(rule.__doc__ or "")
    _, _, after = text.partition(f"## {heading}\n")
    paragraphs = after.partition("\n## ")[0].strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
