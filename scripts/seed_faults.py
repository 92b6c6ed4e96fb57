"""Plant known faults in real projects, one at a time, and see whether celeryls finds them.

    python scripts/seed_faults.py .corpus/* [--most 3] [--seed 0] [--only KIND] [--json]

Nothing is written: a fault is put into the text of one file in memory, and all files of the
project are checked.  The rule that a fault is for must speak where it is, and nothing else may be
said that was not said before.  Which places are fit for a fault is found with `ast` (see `faults/`).
Exits 1 where less than 97 % is found, or anything else is said.
"""

import argparse
import ast
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import faults.calling
import faults.declaring
import faults.retrying
import faults.scheduling
import faults.workflows  # noqa: F401  each registers its kinds
from celeryls.config import Config, Loaded
from celeryls.engine import Selection, check_file
from celeryls.project import Project, Workspace
from celeryls.project.walk import python_files
from faults.plant import KINDS, Fault, Kind
from faults.source import Code

LEAST = 0.97
MOST = 20
"""Faults of a kind, in all projects together."""

Said = Counter[tuple[str, str, int, int]]
"""Findings: path, code, and their span in the text before the fault."""


@dataclass(frozen=True)
class Planted:
    """A fault that was planted, and what came of it."""

    project: str
    kind: str
    code: str
    place: str
    found: bool
    extra: tuple[str, ...]
    before: str
    after: str


def opened(folder: Path) -> Project:
    """A project as it is checked without a configuration of whatever lies around it."""
    workspace = Workspace(folder, Loaded(Config(), folder))
    workspace.scan(python_files(folder, rules_above=False))
    return workspace.snapshot()


def said(project: Project, selection: Selection, fault: Fault | None = None) -> Said:
    """All that is said about a project, in places of the text before the fault."""
    found: Said = Counter()
    for path in project.files:
        text = project.text(path)
        for item in (check_file(project, path, text, selection) if text else None) or ():
            span = (item.finding.span.start, item.finding.span.end)
            if fault is not None and path == fault.module.path:
                span = (fault.before(span[0]), fault.before(span[1], ends=True))
            found[path, item.rule.code, *span] += 1
    return found


def fits(fault: Fault) -> bool:
    """Whether the file still parses, so that the fault is what it is meant to be."""
    try:
        ast.parse(fault.text)
    except SyntaxError:
        return False
    return fault.text != fault.module.text


def chosen(kind: Kind, code: Code, seed: int, most: int) -> list[Fault]:
    """Some of the places that are fit for a kind, the same ones each time."""
    fit = list(kind.make(code))
    random.Random(f"{seed} {code.folder.name} {kind.name}").shuffle(fit)
    taken: list[Fault] = []
    for fault in fit:
        if len(taken) == most:
            break
        if fits(fault):
            taken.append(fault)
    return taken


def judged(kind: Kind, fault: Fault, new: Said) -> tuple[bool, tuple[str, ...]]:
    """Whether a fault was found, and what was said beside."""
    found, extra = False, []
    for path, code, start, end in new:
        here = any(path == p and start <= to and at <= end for p, (at, to) in fault.places)
        if here and code == kind.code:
            found = True
        elif not (here and code in kind.follows):
            extra.append(f"{code} {path} {start}")
    return found, tuple(sorted(extra))


def shown(fault: Fault) -> tuple[str, str, str]:
    """The line of a fault, and the text around its first edit before and after."""
    start = min(edit[0] for edit in fault.edits)
    last = max(edit[1] for edit in fault.edits)
    grown = len(fault.text) - len(fault.module.text)
    line = fault.module.text.count("\n", 0, start) + 1
    begin = fault.module.line_start(start)
    before, after = fault.module.text[begin : last + 60], fault.text[begin : last + grown + 60]
    return f"{fault.module.path}:{line}", before[-600:], after[-600:]


def planted_in(folder: Path, seed: int, most: int, only: str | None) -> list[Planted]:
    """Plant faults of every kind in one project."""
    folder = folder.resolve()
    project = opened(folder)
    code = Code(folder, python_files(folder, rules_above=False))
    selection = Selection(project.config)
    before = said(project, selection)
    results = []
    for kind in KINDS:
        if only not in (None, kind.name, kind.code):
            continue
        for fault in chosen(kind, code, seed, most):
            after = project.with_text(fault.module.path, fault.text)
            found, extra = judged(kind, fault, said(after, selection, fault) - before)
            place, *texts = shown(fault)
            results.append(
                Planted(folder.name, kind.name, kind.code, place, found, extra, *texts)
            )
    return results


def table(results: Iterable[Planted]) -> Iterator[str]:
    """One line per kind: planted, found, and other new findings."""
    by_kind: dict[str, list[Planted]] = defaultdict(list)
    for item in results:
        by_kind[item.kind].append(item)
    yield f"{'kind':38} {'rule':7} {'planted':>7} {'found':>7} {'extra':>7}  projects"
    for kind in KINDS:
        items = by_kind[kind.name]
        found, extra = sum(i.found for i in items), sum(len(i.extra) for i in items)
        projects = len({item.project for item in items})
        yield f"{kind.name:38} {kind.code:7} {len(items):7} {found:7} {extra:7}  {projects:8}"
    every = [item for items in by_kind.values() for item in items]
    found, extra = sum(item.found for item in every), sum(len(item.extra) for item in every)
    kinds, projects = sum(map(bool, by_kind.values())), len({item.project for item in every})
    yield f"{f'{kinds} kinds':38} {'':7} {len(every):7} {found:7} {extra:7}  {projects:8}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, help="faults per kind and project")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="a kind, or the code of a rule")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="show the text of each failure")
    given = parser.parse_args()
    folders = [folder for folder in given.folders if folder.is_dir()]
    most = given.most or max(1, MOST // max(1, len(folders)))
    with ProcessPoolExecutor(2) as pool:
        jobs = [
            pool.submit(planted_in, folder, given.seed, most, given.only) for folder in folders
        ]
        results = [item for job in jobs for item in job.result()]
    if given.json:
        print(json.dumps([asdict(item) for item in results], indent=1))
    else:
        for item in results:
            if item.extra or not item.found:
                what = "" if item.found else "not found "
                print(f"{item.kind} ({item.code}) in {item.place}: {what}{', '.join(item.extra)}")
                if given.verbose:
                    print(f"--- before\n{item.before}\n--- after\n{item.after}\n")
        print(*table(results), sep="\n")
    good = bool(results) and not any(item.extra for item in results)
    return 0 if good and sum(item.found for item in results) >= LEAST * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
