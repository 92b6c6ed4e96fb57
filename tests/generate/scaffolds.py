"""Projects without an app, and the app that they get, for the tests of this folder."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from celeryls.config.load import load
from celeryls.engine import check_file
from celeryls.engine.selection import Selection
from celeryls.forms.scaffold_form import ScaffoldSpec
from celeryls.generate import Plan
from celeryls.generate.scaffold import plan_scaffold
from celeryls.ide import set_up
from celeryls.ide.dialogue import Place
from celeryls.project import Project
from celeryls.text import Source, apply_edits
from celeryls.text.files import read_source, write_source
from tests.generate.projects import project
from tests.worker.running import Worker, wait_for

DJANGO = {
    "manage.py": """\
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
""",
    "mysite/__init__.py": "",
    "mysite/settings.py": """\
\"\"\"Django's settings.\"\"\"

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "for tests"
DEBUG = True
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["orders"]
ROOT_URLCONF = "mysite.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
TIME_ZONE = "Europe/Vienna"
USE_TZ = True
""",
    "mysite/urls.py": "urlpatterns = []\n",
    "orders/__init__.py": "",
}
FLASK = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask"]\n',
    "shop/__init__.py": """\
\"\"\"A shop.\"\"\"

from flask import Flask


def create_app(config: dict[str, object] | None = None) -> Flask:
    \"\"\"Make the web app.\"\"\"
    app = Flask(__name__)
    app.config.from_mapping(config or {"GREETING": "hello"})
    return app
""",
}
FLASK_AT_ONCE = {
    "web.py": """\
\"\"\"A shop.\"\"\"

import flask

server = flask.Flask("shop")
server.config["GREETING"] = "hello"
""",
}
FASTAPI = {
    "requirements.txt": "fastapi==0.115\nuvicorn\n",
    "src/shop/__init__.py": "",
    "src/shop/api.py": """\
\"\"\"The API.\"\"\"

from fastapi import FastAPI

api = FastAPI()
""",
}
KINDS: Mapping[str, dict[str, str]] = {
    "plain": {},
    "package": {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
        "shop/__init__.py": "",
        "shop/core.py": "x = 1\n",
    },
    "django": DJANGO,
    "flask": FLASK,
    "flask_at_once": FLASK_AT_ONCE,
    "flask_without_web": {"requirements.txt": "flask\n"},
    "fastapi": FASTAPI,
    "fastapi_without_web": {"requirements.txt": "fastapi\n"},
}


def answered(snapshot: Project, **answers: object) -> ScaffoldSpec:
    """What the form comes to with some answers, and all others as they are by default."""
    asked = set_up.form(snapshot, Place(str(snapshot.folder / "x.py")), answers)
    assert asked.spec is not None, asked.errors
    assert isinstance(asked.spec, ScaffoldSpec)
    return asked.spec


def planned(root: Path, files: dict[str, str], **answers: object) -> tuple[Project, Plan]:
    """A project of these files, and the plan of its app."""
    snapshot = project(root, files)
    return snapshot, plan_scaffold(snapshot, answered(snapshot, **answers))


def scaffolded(root: Path, files: dict[str, str], **answers: object) -> Plan:
    """Write these files and carry the plan of their app out."""
    _, plan = planned(root, files, **answers)
    for change in plan.changes:
        path = Path(change.path)
        before = Source("")
        if not change.is_new:
            before = read_source(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        text = apply_edits(before.text, change.edits)
        write_source(str(path), Source(text, before.encoding, before.bom))
    return plan


def findings(root: Path) -> list[str]:
    """What our own rules, those that are on by default, say of all files."""
    snapshot = project(root, {})
    selection = Selection(load(root).config)
    return [
        f"{os.path.relpath(path, root)}: {item.rule.code}"
        for path in sorted(snapshot.files)
        for item in check_file(snapshot, path, snapshot.text(path) or "", selection) or ()
    ]


def environment(root: Path, path: str = "") -> dict[str, str]:
    """What processes of the project run with: no broker is named."""
    named = {k: v for k, v in os.environ.items() if not k.startswith(("CELERY_", "DJANGO_"))}
    return {**named, "PYTHONPATH": str(root / path)}


def python(root: Path, code: str, path: str = "") -> str:
    """Run code as the web part would; what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env=environment(root, path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def worker(root: Path, app: str, path: str = "", *options: str) -> Iterator[Worker]:
    """A real worker of an app, started as the next steps say: its folder is not on the path."""
    log = root / f"worker-{time.monotonic_ns()}.log"
    script = str(Path(sys.executable).with_name("celery"))
    command = [script, "-A", app, "worker", "-l", "info", "-c", "1"]
    variables = environment(root, path)
    if not path:
        del variables["PYTHONPATH"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", *options],
            cwd=root,
            env=variables,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Worker(process, log)
    try:
        wait_for(running.started, "the worker's start")
        yield running
    except BaseException:
        print(f"--- {log.name}\n{running.log}")  # pytest shows it beside the failure
        raise
    finally:
        running.kill()
