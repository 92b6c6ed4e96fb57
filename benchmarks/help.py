"""How long `celeryls --help` takes, next to a Python that does nothing.

    python benchmarks/help.py

Exits 1 above 0.15 seconds.
"""

import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

LIMIT = 0.15
COMMAND = str(Path(sysconfig.get_path("scripts")) / "celeryls")


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    ours, bare = [], []
    for _ in range(11):
        ours.append(seconds([COMMAND, "--help"]))
        bare.append(seconds([sys.executable, "-c", ""]))
    median = statistics.median(ours)
    print(f"celeryls --help {median:.3f} s; python -c '' {statistics.median(bare):.3f} s")
    return 0 if median <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
