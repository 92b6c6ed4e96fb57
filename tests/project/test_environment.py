"""What surrounds a project: its Celery version and its installed packages, from files alone."""

import sys
from pathlib import Path

import pytest

from celeryls.config import Config
from celeryls.project.environment import Environment, find_environment
from tests.rules.harness import write

# Files of the folder, the version that follows.
DECLARED: dict[str, tuple[dict[str, str], tuple[int, int] | None]] = {
    "nothing": ({}, None),
    "requirements": ({"requirements.txt": "celery==5.4.0\n"}, (5, 4)),
    "with extras": ({"requirements.txt": "celery[redis,msgpack]==5.3.6\n"}, (5, 3)),
    "with space and comment": ({"requirements.txt": "Celery >= 5.3  # worker\n"}, (5, 3)),
    "with a marker": ({"requirements.txt": "celery>=5.5; python_version > '3.8'\n"}, (5, 5)),
    "with hashes": ({"requirements.txt": "celery==5.4.0 \\\n  --hash=sha256:00\n"}, (5, 4)),
    "a range": ({"requirements.txt": "celery<6,>=5.3\n"}, (5, 3)),
    "only a ceiling": ({"requirements.txt": "celery<5.5\n"}, None),
    "no version": ({"requirements.txt": "celery\n"}, None),
    "another package": ({"requirements.txt": "celery-types==0.22.0\ndjango-celery==3.3\n"}, None),
    "commented out": ({"requirements.txt": "# celery==5.4.0\n"}, None),
    "file of its own": ({"requirements-worker.txt": "celery==5.4.0\n"}, (5, 4)),
    "setup.cfg": (
        {"setup.cfg": "[options]\ninstall_requires =\n    django\n    celery[redis]==5.6.3\n"},
        (5, 6),
    ),
    "Pipfile": ({"Pipfile": '[packages]\ncelery = "~=5.4"\n'}, (5, 4)),
    "Pipfile, a table": (
        {"Pipfile": '[dev-packages]\ncelery = {version = ">=5.5", extras = ["redis"]}\n'},
        (5, 5),
    ),
    "Pipfile, any": ({"Pipfile": '[packages]\ncelery = "*"\n'}, None),
    "folder": ({"requirements/base.txt": "celery==5.4.0\n"}, (5, 4)),
    "not UTF-8": ({"requirements.txt": "# é\ncelery==5.4\n"}, (5, 4)),
    "project": ({"pyproject.toml": '[project]\ndependencies = ["celery>=5.3"]\n'}, (5, 3)),
    "project, extras": (
        {"pyproject.toml": '[project.optional-dependencies]\nw = ["celery[redis]~=5.4"]\n'},
        (5, 4),
    ),
    "dependency group": (
        {"pyproject.toml": '[dependency-groups]\nw = [{include-group = "x"}, "celery==5.6.2"]\n'},
        (5, 6),
    ),
    "poetry": ({"pyproject.toml": '[tool.poetry.dependencies]\ncelery = "^5.3.1"\n'}, (5, 3)),
    "poetry, plain": ({"pyproject.toml": '[tool.poetry.dependencies]\ncelery = "5.4.0"\n'}, (5, 4)),
    "poetry, any": ({"pyproject.toml": '[tool.poetry.dependencies]\ncelery = "*"\n'}, None),
    "poetry, table": (
        {
            "pyproject.toml": (
                '[tool.poetry.dependencies]\ncelery = {version = "~5.4", extras = ["redis"]}\n'
            )
        },
        (5, 4),
    ),
    "poetry, group": (
        {"pyproject.toml": '[tool.poetry.group.worker.dependencies]\ncelery = "^5.4"\n'},
        (5, 4),
    ),
    "uv.lock": ({"uv.lock": '[[package]]\nname = "celery"\nversion = "5.5.3"\n'}, (5, 5)),
    "uv.lock, others too": (
        {
            "uv.lock": (
                '[[package]]\nname = "celery-types"\nversion = "0.1"\n\n'
                '[[package]]\nname = "celery"\nversion = "5.5.3"\n'
            )
        },
        (5, 5),
    ),
    "poetry.lock": ({"poetry.lock": '[[package]]\nname = "celery"\nversion = "5.4.0"\n'}, (5, 4)),
    "pdm.lock": ({"pdm.lock": '[[package]]\nname = "celery"\nversion = "5.3.4"\n'}, (5, 3)),
    "Pipfile.lock": ({"Pipfile.lock": '{"default": {"celery": {"version": "==5.4.0"}}}'}, (5, 4)),
    "lock with Windows line ends": (
        {"poetry.lock": '[[package]]\r\nname = "celery"\r\nversion = "5.4.0"\r\n'},
        (5, 4),
    ),
    "the lock is exact": (
        {
            "uv.lock": 'name = "celery"\nversion = "5.5.3"\n',
            "pyproject.toml": '[project]\ndependencies = ["celery>=5.3"]\n',
        },
        (5, 5),
    ),
    "broken pyproject": ({"pyproject.toml": "[[[", "requirements.txt": "celery==5.4\n"}, (5, 4)),
    "strange pyproject": (
        {"pyproject.toml": 'project = 1\ntool = 2\ndependency-groups = 3\n"x" = 1\n'},
        None,
    ),
    "strange tables": (
        {"pyproject.toml": "[project]\ndependencies = 1\n[tool]\npoetry = [1]\n"},
        None,
    ),
    "constraints": ({"constraints.txt": "celery==5.4.0\n"}, (5, 4)),
    "a part of the project": ({"backend/requirements/base.txt": "celery[redis]==5.4.0\n"}, (5, 4)),
    "the oldest of its parts": (
        {
            "apps/api/requirements.txt": "celery==5.6.1\n",
            "apps/worker/pyproject.toml": '[project]\ndependencies = ["celery>=5.3"]\n',
            "apps/web/package.json": "{}\n",
        },
        (5, 3),
    ),
    "the project itself before its parts": (
        {"requirements.txt": "celery==5.6.1\n", "plugin/requirements.txt": "celery==5.2\n"},
        (5, 6),
    ),
    "what is no part of it": (
        {
            "docs/requirements.txt": "celery==5.1\n",
            ".hidden/requirements.txt": "celery==5.1\n",
            "a/deep/down/requirements.txt": "celery==5.1\n",
        },
        None,
    ),
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


def look(root: Path, files: dict[str, str] | None = None, **settings: object) -> Environment:
    write(root, files or {})
    return find_environment(root, Config(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("how", DECLARED)
def test_the_version_is_the_oldest_that_is_promised(how: str, tmp_path: Path) -> None:
    files, version = DECLARED[how]
    assert look(tmp_path, files).celery_version == version


def test_latin_1_requirements_are_read(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes("# caf\xe9\ncelery==5.4\n".encode("latin-1"))
    assert look(tmp_path).celery_version == (5, 4)


def _site(root: Path, *names: str) -> Path:
    folder = root / (
        "Lib/site-packages" if sys.platform == "win32" else "lib/python3.12/site-packages"
    )
    for name in names or ("celery-5.5.1.dist-info",):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_the_installed_version_counts_where_none_is_declared(name: str, tmp_path: Path) -> None:
    folder = _site(tmp_path / name)
    found = look(tmp_path)
    assert (found.site_packages, found.celery_version) == ((folder,), (5, 5))


def test_what_is_declared_wins_over_what_is_installed(tmp_path: Path) -> None:
    _site(tmp_path / ".venv")
    assert look(tmp_path, {"requirements.txt": "celery>=5.3"}).celery_version == (5, 3)


def test_what_the_user_set_wins_over_all(tmp_path: Path) -> None:
    _site(tmp_path / ".venv")
    found = look(tmp_path, {"requirements.txt": "celery>=5.3"}, celery_version=(5, 6))
    assert found.celery_version == (5, 6)


def test_other_packages_beside_celery_are_not_celery(tmp_path: Path) -> None:
    _site(tmp_path / ".venv", "celery_types-0.2.dist-info", "celery-5.4.0.dist-info", "celery")
    assert look(tmp_path).celery_version == (5, 4)


def test_the_active_environment_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _site(tmp_path / "elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "elsewhere"))
    assert look(tmp_path / "project").site_packages == (folder,)


def test_an_active_environment_that_is_gone_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _site(tmp_path / ".venv")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "gone"))
    assert look(tmp_path).site_packages == (folder,)


def test_python_may_be_an_environment(tmp_path: Path) -> None:
    folder = _site(tmp_path / "envs/a")
    _site(tmp_path / ".venv")
    assert look(tmp_path, python="envs/a").site_packages == (folder,)


def test_python_may_be_an_interpreter_and_a_link(tmp_path: Path) -> None:
    folder = _site(tmp_path / "envs/a")
    (tmp_path / "envs/a/bin").mkdir()
    (tmp_path / "envs/a/bin/python").symlink_to(sys.executable)
    assert look(tmp_path, python="envs/a/bin/python").site_packages == (folder,)


@pytest.mark.parametrize("python", ["nowhere", "~nobody-here/x", "\0", "a" * 5000])
def test_a_python_that_is_not_there_is_no_error(python: str, tmp_path: Path) -> None:
    folder = _site(tmp_path / ".venv")
    assert look(tmp_path, python=python).site_packages == (folder,)


@pytest.mark.parametrize(
    ("specifier", "newest"),
    [
        ("==5.4.0", (5, 4)),
        ("==5.4.*", (5, 4)),
        ("~=5.4.1", (5, 4)),
        ("~=5.4", None),
        (">=5.3", None),
        (">=5.3,<5.6", (5, 5)),
        ("<5.6.1", (5, 6)),
        ("<=5.4", (5, 4)),
        (">=5.3,<6", None),
        ("<6.0", None),
        ("!=5.4.0", None),
    ],
)
def test_the_newest_version_that_it_may_run_with(
    specifier: str, newest: tuple[int, int] | None, tmp_path: Path
) -> None:
    write(tmp_path, {"requirements.txt": f"celery{specifier}\n"})
    assert find_environment(tmp_path, Config()).newest_celery == newest


def test_of_several_pins_the_newest_counts(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"requirements-old.txt": "celery==5.3.6\n", "requirements-new.txt": "celery==5.7.0\n"},
    )
    assert find_environment(tmp_path, Config()).newest_celery == (5, 7)
