"""Quick fixes: what to do about the findings at the cursor."""

from collections.abc import Iterator
from pathlib import Path

from celeryls.engine import Diagnostic
from celeryls.ide.vocabulary import QUICK_FIX, Action
from celeryls.project import Project
from celeryls.text import Applicability, Edit, LineIndex, Span, lines_of


def quick_fixes(
    project: Project, path: str, text: str, span: Span, found: tuple[Diagnostic, ...]
) -> Iterator[Action]:
    """The actions for the findings that `span` touches, the most wanted first.

    A finding counts as touched anywhere on the lines that it is about, so that the fix of a
    decorator is offered on the decorator too.
    """
    lines = lines_of(text)
    touched = [item for item in found if _on_lines(lines, item.finding.scope, span)]
    for item in touched:
        for at, fix in enumerate(item.finding.fixes):
            if fix.applicability is not Applicability.DISPLAY_ONLY:
                yield Action(
                    title=fix.title,
                    kind=QUICK_FIX,
                    edits=fix.edits,
                    preferred=at == 0,
                    diagnostics=(item,),
                )
    for item in touched:
        yield Action(
            title=f"Ignore {item.rule.code} ({item.rule.name}) here",
            kind=QUICK_FIX,
            edits={path: (ignore_here(text, lines, item),)},
            diagnostics=(item,),
        )
        if not path.startswith(("untitled:", "git:")):
            yield Action(
                title=f"Ignore {item.rule.code} ({item.rule.name}) in this project",
                kind=QUICK_FIX,
                data={
                    "action": "ignoreInProject",
                    "path": path,
                    "rule": item.rule.code,
                },
                diagnostics=(item,),
            )


def _on_lines(lines: LineIndex, scope: Span, span: Span) -> bool:
    return lines.line_at(scope.start) <= lines.line_at(span.end) and lines.line_at(
        span.start
    ) <= lines.line_at(scope.end)


def ignore_here(text: str, lines: LineIndex, item: Diagnostic) -> Edit:
    """A suppression comment at the end of the line that is underlined."""
    line = lines.line_at(item.finding.span.start)
    span = lines.line_span(line)
    existing = text.find("# celeryls: ignore[", span.start, span.end)
    if existing >= 0:
        at = text.find("]", existing, span.end)
        if at >= 0:
            return Edit(Span(at, at), f", {item.rule.code}")
    return Edit(Span(span.end, span.end), f"  # celeryls: ignore[{item.rule.code}]")


def ignore_in_project(config_path: Path, text: str, rule: str) -> str:
    """The configuration file's text with `rule` added to `ignore`; comments stay.

    Raises `ValueError` if the text is not valid TOML.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        if config_path.name == "celeryls.toml":
            table = document
        else:
            tool = document.setdefault("tool", tomlkit.table(is_super_table=True))
            table = tool.setdefault("celeryls", tomlkit.table())
        ignored = table.setdefault("ignore", tomlkit.array())
        if rule not in ignored:
            ignored.append(rule)
    except (TOMLKitError, AttributeError, TypeError) as error:
        raise ValueError(f"{config_path} can't be edited: {error}") from error
    return tomlkit.dumps(document)
