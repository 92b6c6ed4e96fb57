"""Quick fixes: what to do about the findings at the cursor."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from celeryls import DOCS_URL
from celeryls.engine import Diagnostic
from celeryls.engine.unused import CODE as UNUSED
from celeryls.ide.vocabulary import OPEN_COMMAND, QUICK_FIX, Action
from celeryls.text import Applicability, Edit, LineIndex, Span, lines_of


def quick_fixes(
    path: str, text: str, span: Span, found: tuple[Diagnostic, ...], *, opens: bool
) -> Iterator[Action]:
    """The actions for the findings that `span` touches, the most wanted first.

    `opens` says that the client can open a page of documentation.  A finding counts as touched
    anywhere on the lines that it is about, so that the fix of a decorator is offered on the
    decorator too; all else is offered for what is underlined there, if anything is.
    """
    lines = lines_of(text)
    touched = [item for item in found if _on_lines(lines, item.finding.scope, span)]
    near = [item for item in touched if _on_lines(lines, item.finding.span, span)] or touched
    for item in sorted(touched, key=lambda item: item not in near):
        for at, fix in enumerate(item.finding.fixes):
            if fix.applicability is not Applicability.DISPLAY_ONLY:
                yield Action(
                    title=fix.title,
                    kind=QUICK_FIX,
                    edits=fix.edits,
                    preferred=at == 0,
                    diagnostics=(item,),
                )
    for code, items in _by_rule(near).items():
        if sum(item.rule.code == code and _stays_in(path, item) for item in found) > 1:
            yield Action(
                title=f"Fix all {code} ({items[0].rule.name}) in this file",
                kind=QUICK_FIX,
                data={"action": "fixRule", "path": path, "rule": code},
                diagnostics=tuple(items),
            )
    for item in near:
        if item.rule.code == UNUSED:
            continue
        yield Action(
            title=f"Ignore {item.rule.code} ({item.rule.name}) here",
            kind=QUICK_FIX,
            edits={path: (ignore_here(text, lines, item),)},
            diagnostics=(item,),
        )
        if os.path.isabs(path):  # else it is no file: a new document, a notebook's cell
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

    for code, items in _by_rule(near).items() if opens else ():
        yield Action(
            title=f"Open the documentation of {code} ({items[0].rule.name})",
            kind=QUICK_FIX,
            data={"url": f"{DOCS_URL}/rules/{items[0].rule.name}/"},
            diagnostics=tuple(items),
            command=OPEN_COMMAND,
        )


def _by_rule(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    by_rule: dict[str, list[Diagnostic]] = {}
    for item in found:
        by_rule.setdefault(item.rule.code, []).append(item)
    return by_rule


def _stays_in(path: str, item: Diagnostic) -> bool:
    """Whether its first fix can be applied with others, in its file."""
    return any(
        set(fix.edits) == {path} and fix.applicability is not Applicability.DISPLAY_ONLY
        for fix in item.finding.fixes[:1]
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
