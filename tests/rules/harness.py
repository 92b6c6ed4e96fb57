"""Puts a rule's cases into a real folder and runs the rule as the product would."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from celeryls.config import Loaded, load
from celeryls.engine import Diagnostic, Selection, check_file
from celeryls.project import Workspace
from celeryls.text import Source, Span
from celeryls.text.files import write_source


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_source(path, Source(text))


def unmark(code: str) -> tuple[str, list[Span]]:
    """The code without its marks, and what was marked."""
    spans, text = [], ""
    for part in code.split("«"):
        marked, separator, rest = part.partition("»")
        if separator:
            spans.append(Span(len(text), len(text) + len(marked)))
        text += marked + rest
    return text, spans


def check(
    root: Path,
    files: Mapping[str, str],
    path: str,
    rule: str | None = None,
    beside: tuple[str, ...] = (),
) -> tuple[Diagnostic, ...]:
    """What a rule reports in one file of a folder while others run beside it, or what all do."""
    write(root, files)
    config = replace(load(root).config, select=(rule, *beside) if rule else ())
    workspace = Workspace(root, Loaded(config, root))
    workspace.scan()
    target = str(root / path)
    text = files[path]
    found = check_file(workspace.snapshot(), target, text, Selection(config))
    assert found is not None
    return tuple(item for item in found if rule in (item.rule.code, None))
