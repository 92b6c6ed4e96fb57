"""Download and unpack the real projects that the analysis is tried on, into `.corpus/`.

    python scripts/corpus.py [LOCK TARGET]

The wheels are locked by hash in `tests/corpus/wheels.txt`, or in another LOCK whose wheels go to
another folder; they are unpacked, never installed.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "tests/corpus/wheels.txt"
TARGET = ROOT / ".corpus"


def main() -> int:
    lock, target = map(Path, sys.argv[1:]) if len(sys.argv) == 3 else (LOCK, TARGET)
    stamp = target / ".locked"
    locked = lock.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == locked:
        return 0
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-d", folder]
        subprocess.run([*download, *options, "-r", str(lock)], check=True)
        for wheel in sorted(Path(folder).glob("*.whl")):
            name = wheel.name.partition("-")[0].lower().replace("_", "-")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(target / name)
            print(f"unpacked {wheel.name}")
    stamp.write_text(locked, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
