"""Download and unpack the real projects that the analysis is tried on, into `.corpus/`.

    python scripts/corpus.py

The wheels are locked by hash in `tests/corpus/wheels.txt`; they are unpacked, never installed.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "tests/corpus/wheels.txt"
TARGET = ROOT / ".corpus"


def main() -> int:
    stamp = TARGET / ".locked"
    locked = LOCK.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == locked:
        return 0
    with tempfile.TemporaryDirectory(prefix=".corpus-", dir=ROOT) as folder:
        download = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-d", folder]
        subprocess.run([*download, *options, "-r", str(LOCK)], check=True)
        unpacked = Path(folder, "unpacked")
        for wheel in sorted(Path(folder).glob("*.whl")):
            name = wheel.name.partition("-")[0].lower().replace("_", "-")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked / name)
            print(f"unpacked {wheel.name}")
        (unpacked / stamp.name).write_text(locked, "utf-8")
        if TARGET.exists():  # another lock's projects would be analysed with the rest
            shutil.rmtree(TARGET)
        unpacked.rename(TARGET)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
