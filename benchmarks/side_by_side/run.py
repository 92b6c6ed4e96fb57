"""celeryls beside flake8-pie, celery-audit, and mypy with celery-types, on one file.

    python benchmarks/side_by_side/run.py

Installs the others into an environment of their own, runs all on the file of `items.py`, and
writes what they found to `peers.json`, from which `make docs` makes docs/side-by-side.md.
celery-audit gets a file for each block, as what one sets would hide what another one does.

A tool sees a mistake if it says something in that block that it does not say of the right code;
it cries wolf if it says something of a look-alike that it does not say of the code beside it.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
from benchmarks.side_by_side.items import HEADER, LOOK_ALIKES, MISTAKES

HERE = Path(__file__).parent
PINS = ("flake8==7.5.0", "flake8-pie==0.16.0", "celery-audit==0.1.0", "mypy==2.4.1")
STUBS = ("celery-types==0.26.0", "celery==5.7.0")
PIE = "PIE783,PIE784,PIE785"
"""The rules of flake8-pie that are about Celery."""
Said = list[tuple[int, str]]
"""Lines and codes of what a tool said."""


def blocks() -> list[tuple[str, str, str]]:
    """The id, the code and the code to compare with, of every block."""
    mistakes = [(f"M{n:02}", i.code, i.other) for n, i in enumerate(MISTAKES, 1)]
    return mistakes + [(f"L{n:02}", i.code, i.other) for n, i in enumerate(LOOK_ALIKES, 1)]


def source(at: int, only: str = "") -> tuple[str, list[str]]:
    """The file of the first (0) or second (1) code of each block; the id of each of its lines.

    Of one block only, if it is named.
    """
    lines, ids = HEADER.splitlines(), [""] * len(HEADER.splitlines())
    for name, *codes in blocks():
        if only not in ("", name):
            continue
        block = ["", "", f"# {name}", *codes[at].rstrip("\n").splitlines()]
        lines += block
        ids += [name] * len(block)
    return "\n".join(lines) + "\n", ids


def digest() -> str:
    """What tells whether the record is about these blocks."""
    return hashlib.sha256((source(0)[0] + source(1)[0]).encode()).hexdigest()[:16]


def compared(tool: Callable[[Path], Said], only: str = "") -> list[str]:
    """The blocks of which a tool says more in the first file than in the second."""
    found: list[Counter[tuple[str, str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        for at in (0, 1):
            text, ids = source(at, only)
            place = Path(folder, str(at))
            place.mkdir()
            (place / "shop.py").write_text(text, "utf-8")
            said = tool(place / "shop.py")
            found.append(Counter((ids[line - 1], code) for line, code in said))
    return sorted({name for name, _ in found[0] - found[1] if name})


def compared_apart(tool: Callable[[Path], Said]) -> list[str]:
    """The same with a file for each block, for a tool that reads a configuration as a whole."""
    return [found for name, *_ in blocks() for found in compared(tool, name)]


def celeryls(path: Path) -> Said:
    run = [sys.executable, "-m", "celeryls", "check", "--no-cache", "--output-format", "json"]
    items = json.loads(_output([*run, str(path)], path.parent))
    return [(item["line"], item["code"]) for item in items]


def celeryls_fixes(path: Path) -> Said:
    """What can be mended with a key: the findings that have a fix."""
    run = [sys.executable, "-m", "celeryls", "check", "--no-cache", "--output-format", "json"]
    items = json.loads(_output([*run, str(path)], path.parent))
    return [(item["line"], item["code"]) for item in items if item["fix"]]


def peers(python: str) -> dict[str, Callable[[Path], Said]]:
    def lines(pattern: str, *command: str) -> Callable[[Path], Said]:
        def run(path: Path) -> Said:
            text = _output([python, "-m", *command, path.name], path.parent)
            return [(int(m[1]), m[2]) for m in re.finditer(pattern, text, re.MULTILINE)]

        return run

    def audit(path: Path) -> Said:
        command = [str(Path(python).with_name("celery-audit")), "--format", "json"]
        text = _output([*command, "--config", str(path), str(path.parent)], path.parent)
        found: Iterable[dict[str, Any]] = json.loads(text)["findings"]
        return [(item["line"] or 1, item["rule_id"]) for item in found]

    return {
        "flake8-pie": lines(
            r"^shop\.py:(\d+):\d+: (PIE\d+)", "flake8", "--isolated", "--select", PIE
        ),
        "celery-audit": audit,
        "mypy with celery-types": lines(
            r"^shop\.py:(\d+): error: .*\[([\w-]+)\]$", "mypy", "--strict", "--cache-dir=/dev/null"
        ),
    }


def _output(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(f"{' '.join(command)}: {done.stderr}{done.stdout}")
    return done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, *PINS, *STUBS], check=True)
        found = {
            name: (compared_apart if name == "celery-audit" else compared)(tool)
            for name, tool in peers(python).items()
        }
    record = {"versions": [*PINS, *STUBS], "digest": digest(), "found": found}
    (HERE / "peers.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    for name, ids in {**found, "celeryls": compared(celeryls)}.items():
        mistakes = sum(one.startswith("M") for one in ids)
        print(f"{name}: {mistakes} of {len(MISTAKES)}, {len(ids) - mistakes} false alarms")
        print("  " + " ".join(ids))


if __name__ == "__main__":
    main()
