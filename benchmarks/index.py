"""What the cold index costs: reading a project and listing its tasks with options in force.

    python benchmarks/index.py

Compares it, in processes of their own and with imports done, with the least that it could cost:
reading all files and `ast.parse` of those with traces of Celery.  Once
for weblate, once for a million lines of several projects side by side.  Exits 1 above 2.5 times
that, or 150 MB.
"""

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from projects import copy

MILLION = ("aa-memberaudit", "allianceauth", "geonode", "nautobot", "pretix", "udata", "weblate")
LIMIT = 2.5
MEGABYTES = 150
ROUNDS = 5


def ours(folder: Path) -> int:
    from celeryls import catalog
    from celeryls.config import load
    from celeryls.project import Workspace

    began = time.perf_counter()
    workspace = Workspace(folder, load(folder))
    workspace.scan()
    project = workspace.snapshot()
    options = list(catalog.task_options(project.celery_version))
    listed = [[project.effective(task, name) for name in options] for task in project.tasks()]
    report(time.perf_counter() - began, len(listed))
    return 0


def least(folder: Path) -> int:
    from celeryls.facts import has_traces

    began = time.perf_counter()
    parsed = 0
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in files:
            if name.endswith(".py"):
                with open(os.path.join(where, name), "rb") as file:
                    data = file.read()
                if has_traces(data):
                    ast.parse(data)
                    parsed += 1
    report(time.perf_counter() - began, parsed)
    return 0


def report(seconds: float, count: int) -> None:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1_000_000 if sys.platform == "darwin" else 1_000)
    print(json.dumps([seconds, count, megabytes]))


MEASURED = {"least": least, "ours": ours}


def measured(what: str, folder: Path) -> tuple[float, int, float]:
    """Seconds, how many tasks or parsed files there were, and the peak in MB."""
    command = [sys.executable, __file__, "--measure", what, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, count, megabytes = json.loads(done.stdout)
    return seconds, count, megabytes


def compare(name: str, folder: Path) -> bool:
    sources = [path for path in folder.rglob("*.py") if path.is_file()]
    lines = sum(path.read_bytes().count(b"\n") for path in sources)
    rounds = [[measured(what, folder) for what in MEASURED] for _ in range(ROUNDS)]
    bare, index = (
        statistics.median(seconds for seconds, _, _ in column)
        for column in zip(*rounds, strict=True)
    )
    ratio = statistics.median(one[1][0] / one[0][0] for one in rounds)
    peak = max(one[1][2] for one in rounds)
    print(
        f"{name}: {len(sources)} files, {lines} lines, {rounds[0][0][1]} with traces of Celery, "
        f"{rounds[0][1][1]} tasks; index {index:.2f} s, read and parsed {bare:.2f} s, "
        f"ratio {ratio:.2f}; peak {peak:.0f} MB"
    )
    return ratio <= LIMIT and peak <= MEGABYTES


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "DIR"))
    given = parser.parse_args().measure
    if given:
        return MEASURED[given[0]](Path(given[1]))
    with tempfile.TemporaryDirectory() as temporary:
        side_by_side = Path(temporary, "projects")
        for project in MILLION:
            copy(project, side_by_side)
        good = compare("weblate", side_by_side / "weblate")
        return 0 if compare("side by side", side_by_side) and good else 1


if __name__ == "__main__":
    raise SystemExit(main())
