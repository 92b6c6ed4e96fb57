"""The extension as it is installed: what is in it, and that its server starts from there."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BUDGET = 25_000_000
SCRIPTS = 500_000
"""Bytes that our JavaScript may have."""
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{36}|npm_\w{36}|pypi-AgE\w+|_authToken"
)

pytestmark = pytest.mark.vsix


@pytest.fixture(scope="module")
def vsix() -> Path:
    built = subprocess.run(
        [sys.executable, ROOT / "scripts/build_vsix.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "server")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (name,) = re.findall(r"^(dist/\S+\.vsix): ", built.stdout, re.MULTILINE)
    return ROOT / name


@pytest.fixture(scope="module")
def extension(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed here")
    with zipfile.ZipFile(vsix) as archive:
        archive.extractall(folder)
    return folder / "extension"


def _files(extension: Path) -> dict[str, Path]:
    found = (path for path in extension.rglob("*") if path.is_file())
    return {path.relative_to(extension).as_posix(): path for path in found}


# --- what is in it ------------------------------------------------------------------------


def test_it_is_small(vsix: Path, extension: Path) -> None:
    assert vsix.stat().st_size < BUDGET
    scripts = {path.name: path.stat().st_size for path in (extension / "dist").iterdir()}
    assert scripts.keys() == {"extension.js", "client.js", "graph.js"}
    # Of the page of the task graph, which is loaded when it is looked at.
    assert scripts.pop("graph.js") < 100_000
    assert sum(scripts.values()) < SCRIPTS
    # Loaded with every Python file, Celery or not.
    assert (extension / "dist/extension.js").stat().st_size < 100_000


def test_nothing_is_in_it_that_only_development_needs(extension: Path) -> None:
    unwanted = re.compile(
        r"(^|/)(tests?|cases|node_modules|__pycache__|src|\.git[^/]*|\.venv|\.env[^/]*|\.npmrc)(/|$)"
        r"|\.(map|ts|mts|pyc|pyi|c|whl|lock)$|package-lock\.json$|tsconfig|biome\.json|/RECORD$"
    )
    # celeryls asks what a test looks like, in modules of that name.
    assert not [name for name in _files(extension) if unwanted.search(name)]
    manifest = json.loads((extension / "package.json").read_text("utf-8"))
    assert not {"scripts", "devDependencies"} & set(manifest)


def test_no_secret_and_no_path_of_the_machine_it_was_built_on(extension: Path) -> None:
    home = str(Path.home()).encode()
    for name, path in _files(extension).items():
        content = path.read_bytes()
        assert not SECRETS.search(content), name
        if path.suffix in {".py", ".js", ".json", ".md", ".txt", ".toml", ""}:
            assert str(ROOT).encode() not in content, name
            assert home == b"/" or home + b"/" not in content, name


def test_it_has_the_licence_of_all_that_it_bundles(extension: Path) -> None:
    notices = (extension / "THIRD_PARTY_NOTICES.md").read_text("utf-8")
    titles = re.findall(r"^## (\S+) (\S+) \((.+)\)$", notices, re.MULTILINE)
    named = {re.sub(r"[-_.]+", "-", name).lower() for name, _, _ in titles}
    libraries = {
        re.sub(r"[-_.]+", "-", path.name.partition("-")[0]).lower()
        for path in (extension / "bundled/libs").glob("*.dist-info")
    }
    assert {"libcst", "pygls", "jinja2", "markupsafe", "tomlkit", "pyyaml"} <= libraries
    assert libraries <= named
    assert {"vscode-languageclient", "vscode-jsonrpc", "minimatch"} <= named
    assert all(licence for _, _, licence in titles)
    sections = re.split(r"^## \S+ \d\S+ \(.+\)$", notices, flags=re.MULTILINE)[1:]
    assert len(sections) == len(titles)
    assert all(len(section) > 500 for section in sections), "a licence without its text"
    assert "MIT" in (extension / "LICENSE.txt").read_text("utf-8")


def test_every_text_of_the_manifest_is_there(extension: Path) -> None:
    manifest = (extension / "package.json").read_text("utf-8")
    texts = json.loads((extension / "package.nls.json").read_text("utf-8"))
    assert set(re.findall(r'"%([\w.]+)%"', manifest)) == set(texts)


def test_its_other_texts_are_where_the_manifest_says(extension: Path) -> None:
    manifest = json.loads((extension / "package.json").read_text("utf-8"))
    texts = json.loads((extension / manifest["l10n"] / "bundle.l10n.json").read_text("utf-8"))
    assert texts["{0} callers"] == "{0} callers"


def test_a_workspace_that_nobody_trusts_names_no_program(extension: Path) -> None:
    manifest = json.loads((extension / "package.json").read_text("utf-8"))
    untrusted = manifest["capabilities"]["untrustedWorkspaces"]
    assert untrusted["supported"] == "limited"
    settings = {
        name: schema
        for section in manifest["contributes"]["configuration"]
        for name, schema in section["properties"].items()
    }
    machine = {name for name, schema in settings.items() if schema["scope"].startswith("machine")}
    assert {"celeryls.server.path", "celeryls.interpreter", "celeryls.python"} == machine
    assert set(untrusted["restrictedConfigurations"]) == machine
    assert manifest["capabilities"]["virtualWorkspaces"]["supported"] is False


# --- its server ---------------------------------------------------------------------------


def _pythons() -> dict[str, str]:
    """The supported Pythons of this machine, by version."""
    found = {f"{sys.version_info[0]}.{sys.version_info[1]}": sys.executable}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in VERSIONS:
        installed = sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
        on_path = shutil.which(f"python{version}")
        if version not in found and (installed or on_path):
            found[version] = str(installed[-1]) if installed else str(on_path)
    return found


PYTHONS = _pythons()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project whose modules have the names of those that the server needs."""
    for name in (
        "json",
        "click",
        "logging",
        "celeryls",
        "libcst",
        "sitecustomize",
        "usercustomize",
    ):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('the project\\'s {name} ran')\n")
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n\n@shared_task(max_retires=1)\ndef f(): ...\n"
    )
    return tmp_path


def _run(
    python: str, extension: Path, shop: Path, *arguments: str, given: bytes | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """As src/core/preflight.ts and src/server.ts do it, but in the worst of folders."""
    return subprocess.run(
        [python, "-I", "-S", extension / "bundled/launch.py", *arguments],
        cwd=shop,
        env={**os.environ, "PYTHONPATH": str(shop)},
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("version", PYTHONS)
def test_a_supported_python_says_that_it_is_good(version: str, extension: Path, shop: Path) -> None:
    done = _run(PYTHONS[version], extension, shop, "--preflight")
    said = json.loads(done.stdout)
    assert said["problem"] is None, said
    assert said["version"].startswith(f"{version}.")


@pytest.mark.parametrize("version", PYTHONS)
def test_it_needs_nothing_that_is_installed(version: str, extension: Path, shop: Path) -> None:
    done = _run(PYTHONS[version], extension, shop, "--version")
    assert done.stdout.startswith(b"celeryls, version "), done.stderr
    # Takes templates, libcst and what of the libraries is compiled.
    made = _run(PYTHONS[version], extension, shop, "new", "sync", "--yes", "--dry-run")
    assert b"def sync(" in made.stdout, made.stderr
    rewritten = _run(PYTHONS[version], extension, shop, "convert", "tasks.py::f", "--dry-run")
    assert b"already" in rewritten.stdout + rewritten.stderr


@pytest.mark.parametrize("version", PYTHONS)
def test_the_server_answers(version: str, extension: Path, shop: Path) -> None:
    text = (shop / "tasks.py").read_text("utf-8")
    document = {
        "uri": (shop / "tasks.py").as_uri(),
        "languageId": "python",
        "version": 1,
        "text": text,
    }
    arguments = [PYTHONS[version], "-I", "-S", extension / "bundled/launch.py", "server"]
    with subprocess.Popen(
        arguments,
        cwd=shop,
        env={**os.environ, "PYTHONPATH": str(shop)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None

        def say(**content: object) -> None:
            body = json.dumps({"jsonrpc": "2.0", **content}).encode()
            assert server.stdin is not None
            server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            server.stdin.flush()

        def hear() -> dict[str, object]:
            assert server.stdout is not None
            length = 0
            while line := server.stdout.readline().strip():
                name, _, value = line.partition(b": ")
                length = int(value) if name == b"Content-Length" else length
            heard: dict[str, object] = json.loads(server.stdout.read(length))
            return heard

        say(
            id=1,
            method="initialize",
            params={
                "capabilities": {},
                "processId": None,
                "workspaceFolders": [{"uri": shop.as_uri(), "name": "shop"}],
                "initializationOptions": {"celeryls": {}, "trusted": False, "commands": []},
            },
        )
        first = hear()
        assert first["id"] == 1
        assert "capabilities" in str(first["result"])
        say(method="initialized", params={})
        say(method="textDocument/didOpen", params={"textDocument": document})
        while (heard := hear()).get("method") != "textDocument/publishDiagnostics":
            pass
        assert "CEL106" in json.dumps(heard)
        say(id=2, method="shutdown")
        while hear().get("id") != 2:
            pass
        say(method="exit")
        assert server.wait(30) == 0
        assert server.stderr.read() == b""


def test_an_older_python_says_that_it_is_too_old(extension: Path, shop: Path) -> None:
    (python, *_) = Path.home().glob(".pyenv/versions/3.9.*/bin/python")
    said = json.loads(_run(str(python), extension, shop, "--preflight").stdout)
    assert said["problem"] == "is Python 3.9, and 3.10 or newer is needed"
    started = _run(str(python), extension, shop, "server")
    assert started.stderr.strip() == b"celeryls: this is Python 3.9, and 3.10 or newer is needed"
