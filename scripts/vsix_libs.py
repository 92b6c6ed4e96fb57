"""The libraries that travel with the VS Code extension: which, from where, and what of them.

For one platform the wheels of every supported CPython are unpacked into one folder.  Native
modules carry the Python and the machine in their file names, so they live there side by side.

`vscode-client/requirements/PLATFORM.txt` locks them.  Its markers are about the Python that will
run the server, and pip evaluates markers for the Python that it runs in, so we do that here.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

import tomli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parent.parent
LOCKS = ROOT / "vscode-client/requirements"
WHEELS = ROOT / "build/wheels"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
"""Those that the server can be started with."""


@dataclass(frozen=True, slots=True)
class Target:
    """A platform as VS Code, pip and markers name it."""

    name: str
    pip: tuple[str, ...]
    sys_platform: str
    machine: str

    def environment(self, python: str) -> dict[str, str]:
        """What markers are evaluated with."""
        systems = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
        return {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "os_name": "nt" if self.sys_platform == "win32" else "posix",
            "sys_platform": self.sys_platform,
            "platform_system": systems[self.sys_platform],
            "platform_machine": self.machine,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "extra": "",
        }


def _manylinux(machine: str) -> tuple[str, ...]:
    return (*(f"manylinux_2_{minor}_{machine}" for minor in (28, 17)), f"manylinux2014_{machine}")


TARGETS = {
    target.name: target
    for target in (
        Target("linux-x64", _manylinux("x86_64"), "linux", "x86_64"),
        Target("linux-arm64", _manylinux("aarch64"), "linux", "aarch64"),
        Target("darwin-x64", ("macosx_11_0_x86_64",), "darwin", "x86_64"),
        Target("darwin-arm64", ("macosx_11_0_arm64",), "darwin", "arm64"),
        Target("win32-x64", ("win_amd64",), "win32", "AMD64"),
    )
}


# --- the lock -----------------------------------------------------------------------------


def lock(target: Target) -> str:
    """The text of the lock of one platform: what each Python needs, by walking metadata.

    Versions are those that development is pinned to, where there are wheels of them for the
    platform; else the newest that pyproject.toml allows and that has.
    """
    pins = _pins()
    found: dict[tuple[str, str], set[str]] = {}
    hashes: dict[tuple[str, str], set[str]] = {}
    for python in PYTHONS:
        with tempfile.TemporaryDirectory() as folder:
            for wheel in _walk(target, python, pins, Path(folder)):
                name, version, _, _ = parse_wheel_filename(wheel.name)
                key = (str(name), str(version))
                found.setdefault(key, set()).add(python)
                hashes.setdefault(key, set()).add(_sha256(wheel))
    lines = [f"# Made by: python scripts/build_vsix.py --lock --target {target.name}"]
    for key in sorted(found):
        lines.append(f"{key[0]}=={key[1]}{_marker(found[key])} \\")
        lines += [f"    --hash=sha256:{one} \\" for one in sorted(hashes[key])]
        lines[-1] = lines[-1].removesuffix(" \\")
    return "\n".join(lines) + "\n"


def _walk(target: Target, python: str, pins: dict[str, str], folder: Path) -> list[Path]:
    """Download what one Python needs on one platform into a folder."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    environment = target.environment(python)
    wanted = [Requirement(text) for text in project["dependencies"]]
    seen: set[str] = set()
    while wanted:
        new = {
            canonicalize_name(one.name): one
            for one in wanted
            if canonicalize_name(one.name) not in seen
            and (one.marker is None or one.marker.evaluate(environment))
        }
        seen.update(new)
        wanted = []
        for name, requirement in new.items():
            pinned = [f"{name}=={pins[name]}"] if name in pins else []
            wheel = _first(target, python, [*pinned, f"{name}{requirement.specifier}"], folder)
            wanted += _requires(wheel)
    return sorted(folder.glob("*.whl"))


def _first(target: Target, python: str, choices: list[str], folder: Path) -> Path:
    """The wheel of the first of some requirements that there is one of."""
    for choice in choices:
        before = set(folder.glob("*.whl"))
        done = _pip(target, python, [choice], folder)
        if done.returncode == 0:
            (wheel,) = set(folder.glob("*.whl")) - before
            return wheel
        print(f"no wheel of {choice} for {target.name} and Python {python}", file=sys.stderr)
    raise SystemExit(done.stderr)


def _pins() -> dict[str, str]:
    """The versions that development is pinned to."""
    lines = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    pinned = (line.split(";")[0].split("==") for line in lines if "==" in line.split(";")[0])
    return {canonicalize_name(name.strip()): version.strip() for name, version in pinned}


def _requires(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    return [Requirement(text) for text in headers.get_all("Requires-Dist") or ()]


def _marker(pythons: set[str]) -> str:
    """A marker for some of the Pythons, nothing for all of them."""
    if pythons == set(PYTHONS):
        return ""
    return " ; " + " or ".join(f'python_version == "{p}"' for p in PYTHONS if p in pythons)


# --- from the lock to a folder ------------------------------------------------------------


def locked(target: Target, python: str) -> list[str]:
    """What of the lock one Python needs: a requirement with its hashes a string."""
    text = (LOCKS / f"{target.name}.txt").read_text("utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        written, *hashes = line.split("--hash=")
        requirement = Requirement(written)
        if requirement.marker is None or requirement.marker.evaluate(target.environment(python)):
            options = " ".join(f"--hash={one.strip()}" for one in hashes)
            found.append(f"{requirement.name}{requirement.specifier} {options}")
    return found


def download(target: Target) -> list[Path]:
    """The wheels of the lock, each once; downloads what is not there yet."""
    wheels: dict[str, Path] = {}
    for python in PYTHONS:
        wanted = "\n".join(locked(target, python))
        folder = WHEELS / target.name / python
        stamp = folder / "lock"
        if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            listed = folder / "requirements.txt"
            listed.write_text(wanted, "utf-8")
            done = _pip(target, python, ["--require-hashes", "-r", str(listed)], folder)
            if done.returncode:
                raise SystemExit(done.stderr)
            stamp.write_text(wanted, "utf-8")
        wheels |= {wheel.name: wheel for wheel in folder.glob("*.whl")}
    return [wheels[name] for name in sorted(wheels)]


def unpack(wheels: Iterable[Path], folder: Path) -> None:
    """Unpack wheels into one folder, without what only a developer of theirs needs."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                if info.is_dir() or not _is_needed(info.filename):
                    continue
                path = folder / info.filename
                text = archive.read(info)
                if path.exists() and path.read_bytes() != text and ".dist-info/" not in str(path):
                    raise SystemExit(f"{wheel.name} brings another {info.filename}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)


def _is_needed(name: str) -> bool:
    """Whether a file of a wheel is of use when the server runs, or is owed to its authors."""
    parts = name.split("/")
    if parts[0].endswith(".dist-info"):
        licence = "license" in name.lower() or "copying" in name.lower() or "notice" in name.lower()
        return licence or "authors" in name.lower() or parts[1] == "METADATA"
    if parts[0].endswith(".data"):
        return False
    if {"tests", "test", "__pycache__"} & set(parts):
        return False
    return not name.endswith((".pyi", ".c", ".h", ".pyx", ".pxd", ".typed", ".md", ".rs"))


def packages(folder: Path) -> Iterator[tuple[str, str, str, list[Path]]]:
    """The name, version, licence and licence files of each package in a folder."""
    for info in sorted(folder.glob("*.dist-info")):
        headers = HeaderParser().parsestr((info / "METADATA").read_text("utf-8"))
        classified = [
            text.rpartition(" :: ")[2]
            for text in headers.get_all("Classifier") or ()
            if text.startswith("License ::")
        ]
        licence = headers["License-Expression"] or ", ".join(classified) or headers["License"] or ""
        files = [p for p in sorted(info.rglob("*")) if p.is_file() and p.name != "METADATA"]
        yield headers["Name"], headers["Version"], licence.splitlines()[0], files


def _pip(
    target: Target, python: str, wanted: list[str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    tag = python.replace(".", "")
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--implementation", "cp"]
    command += ["--python-version", tag, "--dest", str(folder)]
    for abi in (f"cp{tag}", "abi3", "none"):
        command += ["--abi", abi]
    for platform in target.pip:
        command += ["--platform", platform]
    return subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
