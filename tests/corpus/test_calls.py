"""Every dispatch that grep finds in real projects is resolved, or has a reason that was read.

`calls.json` holds, per project, how many are resolved, and each that is not: where it is, the
reason that celeryls gives, and whether its target is a task that stands in the source of the
project after all (`task`), judged by eye.
"""

import io
import json
import re
import shutil
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from celeryls.config import load
from celeryls.project import Project, Workspace
from celeryls.text import LineIndex
from celeryls.text.files import read_source

CORPUS = Path(__file__).parent.parent.parent / ".corpus"
CALLS = json.loads((Path(__file__).parent / "calls.json").read_text("utf-8"))
METHODS = ("delay", "apply_async", "s", "si")
GREP = re.compile(r"\.(delay|apply_async|s|si)\(")
LEAST = 0.95
"""The share of the calls of the project's own tasks that has to be resolved."""
pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module", params=sorted(CALLS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def project(name: str, tmp_path_factory: pytest.TempPathFactory) -> Project:
    # A copy, since what is around the corpus ignores it.
    folder = tmp_path_factory.mktemp("corpus") / name
    shutil.copytree(CORPUS / name, folder, ignore=shutil.ignore_patterns("static", "locale"))
    workspace = Workspace(folder, load(folder))
    workspace.scan()
    return workspace.snapshot()


def _grep(project: Project) -> Counter[tuple[str, str]]:
    """The dispatches that grep finds in code: file and method of each."""
    found: Counter[tuple[str, str]] = Counter()
    for path in project.folder.rglob("*.py"):
        text = read_source(str(path)).text
        if GREP.search(text):
            for match in GREP.finditer(_code(text)):
                found[str(path.relative_to(project.folder)), match[1]] += 1
    return found


def _code(text: str) -> str:
    """A text without its comments, and without what is in its strings."""
    lines = [list(line) for line in text.splitlines(keepends=True)]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            (first, start), (last, end) = token.start, token.end
            for row in range(first, last + 1):
                line = lines[row - 1]
                stop = end if row == last else len(line)
                for column in range(start if row == first else 0, stop):
                    if line[column] != "\n":
                        line[column] = " "
    return "".join("".join(line) for line in lines)


def _seen(project: Project) -> tuple[Counter[tuple[str, str]], int, list[str]]:
    """What celeryls sees: all calls by file and method, how many it resolves, the others."""
    seen: Counter[tuple[str, str]] = Counter()
    resolved = 0
    others = []
    for path in sorted(project.files):
        lines = LineIndex(project.text(path) or "")
        shown = str(Path(path).relative_to(project.folder))
        for dispatch in project.dispatches(path):
            site = dispatch.site
            if site.method not in METHODS or not site.called:
                continue
            seen[shown, site.method] += 1
            resolved += bool(dispatch.tasks)
            if not dispatch.tasks:
                line = lines.line_at(site.span.start) + 1
                others.append(f"{shown}:{line} {site.method}: {dispatch.reason}")
    return seen, resolved, others


def test_grep_finds_no_more(project: Project) -> None:
    assert _seen(project)[0] == _grep(project)


def test_what_is_not_resolved_was_read(name: str, project: Project) -> None:
    _, resolved, others = _seen(project)
    expected = CALLS[name]
    assert others == [item["call"] for item in expected["unresolved"]]
    assert resolved == expected["resolved"]


def test_nearly_all_calls_of_tasks_are_resolved(name: str) -> None:
    resolved = CALLS[name]["resolved"]
    missed = sum(item["task"] for item in CALLS[name]["unresolved"])
    assert resolved / (resolved + missed) >= LEAST
