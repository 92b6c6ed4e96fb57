"""Run the same tests in several environments beside each other, as many as there are processors."""

import os
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent


def install(python: str, *requirements: str) -> None:
    """Install celeryls from its source, and what its tests need, into an environment."""
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-e", ".", *requirements], cwd=ROOT, check=True)


def pytest(python: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run tests in an environment; what they print is kept, to be shown in one piece."""
    return subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def beside(names: Iterable[str], run: Callable[[str], subprocess.CompletedProcess[str]]) -> int:
    """Run each, print what it printed once it has ended; 0 if all passed, else 1."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        running = {name: threads.submit(run, name) for name in names}
        for name, future in running.items():
            done = future.result()
            print(f"\n{name}\n{done.stdout}", flush=True)
            if done.returncode != 0:
                failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else f"passed: {', '.join(running)}")
    return 1 if failed else 0
