"""The built wheel, in a fresh environment elsewhere: it starts, and finds its templates."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    subprocess.run([*build, ROOT], check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    bin_folder = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [bin_folder / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, wheel], check=True)
    return bin_folder


def _run(scripts: Path, cwd: Path, *command: str) -> str:
    done = subprocess.run(
        [scripts / "celeryls", *command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_installing_it_brings_no_celery(scripts: Path) -> None:
    listed = [scripts / "python", "-m", "pip", "list", "--format=json"]
    found = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    names = {item["name"] for item in json.loads(found)}
    assert "celery-language-server" in names
    assert not names & {"celery", "kombu"}


def test_it_finds_its_templates_and_its_catalog(scripts: Path, tmp_path: Path) -> None:
    _run(scripts, tmp_path, "new", "sync", "--yes")
    assert "def sync(" in (tmp_path / "tasks.py").read_text()
    assert _run(scripts, tmp_path, "check") == "No problems found.\n"
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n\n@shared_task(max_retires=1)\ndef f(): ...\n\n\n"
        "def g(): ...\n"
    )
    found = json.loads(_run(scripts, tmp_path, "check", "--output-format", "json"))
    assert {item["code"] for item in found} == {"CEL101", "CEL102", "CEL106"}
    _run(scripts, tmp_path, "convert", "tasks.py::g")
    assert "def g(self)" in (tmp_path / "tasks.py").read_text()
    assert "acks_late" in _run(scripts, tmp_path, "rule", "CEL101")


def test_it_renders_a_projects_own_templates(scripts: Path, tmp_path: Path) -> None:
    _run(scripts, tmp_path, "templates", "eject", "task/docstring")
    (tmp_path / "celeryls.toml").write_text('templates = "celeryls-templates"\n')
    path = tmp_path / "celeryls-templates/task/docstring.py.j2"
    path.write_text(f"{path.read_text()}    # ours\n")
    _run(scripts, tmp_path, "new", "sync", "--yes")
    assert '    """\n    # ours\n' in (tmp_path / "tasks.py").read_text()


def test_its_server_starts_and_ends(scripts: Path, tmp_path: Path) -> None:
    def message(**content: object) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    session = (
        message(id=1, method="initialize", params={"capabilities": {}, "processId": None})
        + message(method="initialized", params={})
        + message(id=2, method="shutdown")
        + message(method="exit")
    )
    done = subprocess.run(
        [scripts / "celeryls", "server"],
        cwd=tmp_path,
        input=session,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert b'"codeActionProvider"' in done.stdout
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
