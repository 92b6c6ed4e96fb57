"""The libraries that are bundled are those that everything else is tested with."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = sorted((ROOT / "vscode-client/requirements").glob("*.txt"))
OLDER = {("darwin-x64", "libcst")}
"""There are no wheels of the newest for Macs with Intel processors."""


def _versions(path: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([\w.]+)", path.read_text("utf-8"), re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in found}


def test_there_is_a_lock_for_every_platform() -> None:
    names = {path.stem for path in LOCKS}
    assert names == {"linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_versions_are_those_of_development(path: Path) -> None:
    pinned = _versions(ROOT / "requirements-dev.txt")
    locked = _versions(path)
    assert {"click", "jinja2", "libcst", "lsprotocol", "pathspec", "pygls", "tomlkit"} <= set(
        locked
    )
    for name, version in locked.items():
        if name in pinned and (path.stem, name) not in OLDER:
            assert version == pinned[name], f"{name}: python scripts/build_vsix.py --lock --all"


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_each_has_its_hashes(path: Path) -> None:
    text = path.read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://", text)


def test_the_lock_of_the_javascript_names_no_registry() -> None:
    text = (ROOT / "vscode-client/package-lock.json").read_text("utf-8")
    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text
