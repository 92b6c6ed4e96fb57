"""What is found in the real projects, and the record of what somebody has read of it.

    python -m tests.corpus.findings [PROJECT...]

writes `findings.json` anew (`make findings`).  It keeps the reasons, and prints every finding that
is new, with its line of code, for somebody to read, and every one that is gone.  Exits with 1 as
long as an error has no reason.

The record holds, per project, the number of its tasks; of each rule the places of its findings, as
the lines of each file; and the `reasons` why a finding is true.  One that claims a fault (severity
`error`) has to have a reason.
"""

import argparse
import json
import linecache
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / ".corpus"
NOTHING = CORPUS / ".environment"
RECORD = Path(__file__).with_name("findings.json")

Item = dict[str, Any]
"""A finding or a task, as `--output-format json` prints it."""


def recorded() -> dict[str, Item]:
    """What is on record, by project."""
    record: dict[str, Item] = json.loads(RECORD.read_text("utf-8"))
    return record


def projects() -> list[str]:
    """The projects that `scripts/corpus.py` has unpacked."""
    return sorted(path.name for path in CORPUS.glob("[!.]*"))


def run(*arguments: str, expected: tuple[int, ...]) -> list[Item]:
    """What a command of celeryls prints, run above the projects.

    They have an environment of their own, and nothing in it: what our tests happen to need must
    not say what is known of them.
    """
    (NOTHING / "lib/python3/site-packages").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "celeryls", *arguments, "--output-format", "json"],
        cwd=CORPUS,
        env={**os.environ, "VIRTUAL_ENV": str(NOTHING)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in expected, done.stderr
    assert "error" not in done.stderr, done.stderr
    items: list[Item] = json.loads(done.stdout)
    return items


def check(project: str) -> list[Item]:
    """All findings in a project, in the order of their places."""
    found = run("check", project, expected=(0, 1))
    return sorted(found, key=lambda item: (item["path"], item["line"], item["column"]))


def place(item: Item) -> str:
    """A finding as `reasons` name it."""
    return f"{item['code']} {item['path']}:{item['line']}"


def described(project: str, found: list[Item], reasons: dict[str, str]) -> Item:
    """A project as it is recorded; reasons for what is no longer found are dropped."""
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item in found:
        lines[item["code"]][item["path"]].append(str(item["line"]))
    kept = {
        place(item): reasons.get(place(item), "")
        for item in found
        if item["severity"] == "error" or place(item) in reasons
    }
    return {
        "tasks": len(run("tasks", project, expected=(0,))),
        "findings": {
            code: {path: " ".join(numbers) for path, numbers in lines[code].items()}
            for code in sorted(lines)
        },
        "reasons": kept,
    }


def _places(entry: Item) -> Iterator[str]:
    for code, files in entry.get("findings", {}).items():
        for path, numbers in files.items():
            for number in numbers.split():
                yield f"{code} {path}:{number}"


def _report(project: str, before: Item, after: Item, found: list[Item]) -> None:
    """Print what differs, and what has no reason."""
    if before.get("tasks") != after["tasks"]:
        print(f"{project}: {after['tasks']} tasks, {before.get('tasks', 'none')} on record")
    known = set(_places(before))
    for item in found:
        unread = after["reasons"].get(place(item)) == ""
        if place(item) not in known or unread:
            source = linecache.getline(str(CORPUS / item["path"]), item["line"]).strip()
            print(f"new {item['severity']} {place(item)}: {item['message']}\n    {source}")
            if unread:
                print('    needs a reason in "reasons": why is it true?')
    for gone in sorted(known - set(_places(after))):
        reason = before["reasons"].get(gone)
        print(f"gone {gone}" + (f" (reason: {reason})" if reason else ""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("projects", nargs="*", metavar="PROJECT")
    given = parser.parse_args()
    before = recorded()
    after = {name: entry for name, entry in before.items() if name in projects()}
    for project in given.projects or projects():
        found = check(project)
        entry = before.get(project, {"reasons": {}})
        after[project] = described(project, found, entry["reasons"])
        _report(project, entry, after[project], found)
    text = json.dumps(after, indent=2, sort_keys=True, ensure_ascii=False)
    RECORD.write_text(text + "\n", "utf-8", newline="\n")
    return int(any(not reason for entry in after.values() for reason in entry["reasons"].values()))


if __name__ == "__main__":
    raise SystemExit(main())
