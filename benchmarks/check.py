"""How long `celeryls check` takes on weblate, next to ruff and to flake8 with flake8-pie.

    python benchmarks/check.py

Whole processes, one after the other, in rounds.  Exits 1 if it takes more than 12 times as long
as `ruff check --no-cache --select F`, or more than a tenth of flake8; and where the cache is
warm, more than 5 times, or more than a 25th.  flake8 gets an environment of its own.
"""

import os
import statistics
import subprocess
import sysconfig
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEBLATE = ROOT / ".corpus/weblate/weblate"
SCRIPTS = Path(sysconfig.get_path("scripts"))
FLAKE8 = ROOT / ".venvs/flake8"
PINNED = ("flake8==7.5.0", "flake8-pie==0.16.0")
ROUNDS = 4
"""Before, between and after flake8's: a machine that gets busier must not favour anybody."""
FLAKE8_ROUNDS = 2  # it takes most of a minute
RUFF_COLD, RUFF_WARM = 12, 5
FLAKE8_COLD, FLAKE8_WARM = 10, 25

RUFF = [str(SCRIPTS / "ruff"), "check", "--no-cache", "--select", "F", "--quiet", str(WEBLATE)]
OURS = [str(SCRIPTS / "celeryls"), "check", str(WEBLATE)]
COLD = [*OURS, "--no-cache"]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, check=False, env=environment, capture_output=True)
    took = time.perf_counter() - began
    if done.returncode not in (0, 1):  # 1: something was found
        raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return took


def flake8() -> list[str]:
    """The command, installed where nothing else is."""
    python = FLAKE8 / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = FLAKE8 / ".pinned"
    if not stamp.exists() or stamp.read_text("utf-8") != "\n".join(PINNED):
        venv.create(FLAKE8, with_pip=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *PINNED], check=True)
        stamp.write_text("\n".join(PINNED), "utf-8")
    return [str(python), "-m", "flake8", "--isolated", "--select", "PIE", str(WEBLATE)]


def main() -> int:
    with tempfile.TemporaryDirectory() as cache:
        # Bytecode is written, as an installer does.
        environment = {**os.environ, "CELERYLS_CACHE_DIR": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in (RUFF, COLD, OURS):
            seconds(command, environment)  # nobody's first start counts
        rounds: list[list[float]] = []
        slow_runs: list[float] = []
        slow_command = flake8()
        for number in range(FLAKE8_ROUNDS + 1):
            if number:
                slow_runs.append(seconds(slow_command, environment))
            rounds += [
                [seconds(command, environment) for command in (RUFF, COLD, OURS)]
                for _ in range(ROUNDS)
            ]
        slow = statistics.median(slow_runs)
    ruff, cold, warm = (statistics.median(column) for column in zip(*rounds, strict=True))
    to_ruff = [statistics.median(r[n] / r[0] for r in rounds) for n in (1, 2)]
    print(f"ruff {ruff:.3f} s; flake8 with flake8-pie {slow:.1f} s")
    for name, took, ratio in (("without", cold, to_ruff[0]), ("with", warm, to_ruff[1])):
        print(
            f"celeryls check {name} its cache {took:.3f} s: "
            f"{ratio:.1f} times ruff, {slow / took:.0f} times as fast as flake8"
        )
    good = to_ruff[0] <= RUFF_COLD and to_ruff[1] <= RUFF_WARM
    return 0 if good and slow / cold >= FLAKE8_COLD and slow / warm >= FLAKE8_WARM else 1


if __name__ == "__main__":
    raise SystemExit(main())
