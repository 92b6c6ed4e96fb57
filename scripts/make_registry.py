r"""Make `tests/corpus/registry/*.json`: what Celery itself registers for real projects.

    python scripts/make_registry.py [--envs FOLDER] [PROJECT ...]

Needs CPython 3.11, and what the projects need to be compiled and imported; on Debian 12

    apt-get install default-libmysqlclient-dev gir1.2-pango-1.0 gir1.2-rsvg-2.0 libacl1-dev \
        libcairo2-dev libgirepository1.0-dev liblz4-dev libssl-dev libxxhash-dev libzstd-dev \
        pkg-config

For each project an environment of its own is made under `.venvs/registry/` (or FOLDER), or taken
if it is there, with the versions of `tests/corpus/wheels.txt`.  In it Celery does what a worker
does when it starts: it imports the app and its default modules, without a broker.

One file per wheel: `defaults` are the options of a task that sets none, `tasks` the tasks whose
function stands in the wheel, with the options that differ from the defaults, and `imported` the
wheel's modules that were imported, by folder.  Celery's own tasks, and those that other packages
bring, are left out.
"""

import argparse
import importlib
import importlib.metadata
import inspect
import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "tests/corpus/wheels.txt"
TARGET = ROOT / "tests/corpus/registry"


@dataclass(frozen=True)
class Source:
    """An installation to ask.

    `app` is `module:attribute`; `also` is installed besides the `wheels`.  `files`, and a site
    made from Django's `template` if there is one, are put in the working folder, which is on the
    path.
    """

    wheels: tuple[str, ...]
    app: str
    also: tuple[str, ...] = ()
    environ: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    template: str = ""


# Every app of Alliance Auth that brings tasks is optional: a site lists those it wants.  The cache
# stays Redis, which Discord's module wants when it is imported; that none answers is ignored.
ALLIANCEAUTH_SETTINGS = """\
from site_of_tests.settings.local import *

INSTALLED_APPS += [
    "allianceauth.corputils",
    *(
        f"allianceauth.services.modules.{name}"
        for name in (
            "discord", "discourse", "ips4", "mumble", "openfire", "phpbb3", "smf", "teamspeak3",
            "xenforo",
        )
    ),
    "eveuniverse",
    "memberaudit",
]
BROKER_URL = "memory://"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
LOGGING = {}
DJANGO_REDIS_IGNORE_EXCEPTIONS = True
DISCORD_BOT_TOKEN = DISCORD_GUILD_ID = "none"
ESI_SSO_CLIENT_ID = ESI_SSO_CLIENT_SECRET = "none"
ESI_USER_CONTACT_EMAIL = "nobody@example.com"
IPS4_URL = JABBER_URL = MUMBLE_URL = PHPBB3_URL = SMF_URL = TEAMSPEAK3_PUBLIC_URL = "https://example.com"
"""

WEBLATE_SETTINGS = """\
from weblate.settings_example import *

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"
CELERY_RESULT_BACKEND = None
DATA_DIR = CACHE_DIR = "data"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS += ("weblate.billing",)
SITE_DOMAIN = "example.com"
"""

UDATA_SETTINGS = """\
API_TOKEN_SECRET = SECRET_KEY = SECURITY_PASSWORD_SALT = "a unique, random value"
"""

SOURCES = {
    "pretix": Source(
        wheels=("pretix",),
        app="pretix.celery_app:app",
        environ={"DJANGO_SETTINGS_MODULE": "pretix.testutils.settings"},
    ),
    "allianceauth": Source(
        wheels=("allianceauth", "aa-memberaudit"),
        app="site_of_tests.celery:app",
        # Later versions renamed the package that Openfire's module imports.
        also=("openfire-restapi<1",),
        # Its checks ask Redis for its version.
        environ={"DJANGO_SETTINGS_MODULE": "settings_of_tests", "CELERY_SKIP_CHECKS": "1"},
        files={"settings_of_tests.py": ALLIANCEAUTH_SETTINGS},
        template="allianceauth/project_template",
    ),
    "weblate": Source(
        wheels=("weblate",),
        app="weblate.utils.celery:app",
        # Later versions need a library that Debian 12 does not have.
        also=("PyGObject<3.51",),
        environ={"DJANGO_SETTINGS_MODULE": "settings_of_tests"},
        files={"settings_of_tests.py": WEBLATE_SETTINGS},
    ),
    "udata": Source(
        wheels=("udata",),
        app="udata.worker:celery",
        files={"udata.cfg": UDATA_SETTINGS},
    ),
}

# Options that are compared, and what holds if a task has no such attribute: these are the defaults
# with which Celery reads them (`Task._get_exec_options`, `add_autoretry_behaviour`).
OPTIONS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "acks_late",
            "acks_on_failure_or_timeout",
            "compression",
            "default_retry_delay",
            "delivery_mode",
            "exchange",
            "expires",
            "ignore_result",
            "max_retries",
            "queue",
            "rate_limit",
            "reject_on_worker_lost",
            "resultrepr_maxsize",
            "routing_key",
            "send_events",
            "serializer",
            "soft_time_limit",
            "store_eager_result",
            "store_errors_even_if_ignored",
            "throws",
            "time_limit",
            "track_started",
            "trail",
        )
    ),
    "autoretry_for": (),
    "dont_autoretry_for": (),
    "retry_backoff": False,
    "retry_backoff_max": 600,
    "retry_jitter": True,
    "retry_kwargs": {},
}


def plain(value: Any) -> Any:
    """A value as JSON: a class goes by its name, as in the answer of `celeryls tasks`."""
    if isinstance(value, type):
        return value.__qualname__
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return f"<{type(value).__name__}>"


def options_of(app: Any, task: Any) -> dict[str, Any]:
    options = {name: plain(getattr(task, name, absent)) for name, absent in OPTIONS.items()}
    if options["queue"] is None:
        # As `Router.route`: what a task says goes before `task_routes`.
        route = app.amqp.router.lookup_route(task.name, (), {}, {}, task) or {}
        options["queue"] = getattr(route.get("queue"), "name", route.get("queue"))
    return options


def registered(
    app: Any, task: Any, site_packages: Path, defaults: dict[str, Any]
) -> dict[str, Any]:
    """A task of Celery's registry: where its function stands, and what is in force for it."""
    # Not `task.run`: `autoretry_for` puts a plain function in its place.
    run = inspect.getattr_static(type(task), "run")
    function = inspect.unwrap(run.__func__ if isinstance(run, staticmethod) else run)
    path = Path(function.__code__.co_filename)
    options = options_of(app, task)
    return {
        "name": task.name,
        "path": path.relative_to(site_packages).as_posix()
        if path.is_relative_to(site_packages)
        else "",
        "line": function.__code__.co_firstlineno,
        "bind": not isinstance(run, staticmethod),
        "options": {name: value for name, value in options.items() if value != defaults[name]},
    }


def probe(source: Source) -> dict[str, Any]:
    """Ask the Celery of this environment; runs inside it."""
    module, _, attribute = source.app.partition(":")
    app = getattr(importlib.import_module(module), attribute)
    app.finalize()
    app.loader.import_default_modules()
    site_packages = Path(sysconfig.get_path("purelib"))
    found = [task for name, task in sorted(app.tasks.items()) if not name.startswith("celery.")]

    def bare() -> None: ...

    defaults = options_of(app, app.task(name="bare", shared=False)(bare))
    tasks = [registered(app, task, site_packages, defaults) for task in found]
    imported = {
        Path(file).relative_to(site_packages).as_posix()
        for file in (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        if file and Path(file).is_relative_to(site_packages)
    }
    answer: dict[str, Any] = {}
    for wheel in source.wheels:
        own = {str(file) for file in importlib.metadata.files(wheel) or ()}
        answer[wheel] = {
            "version": importlib.metadata.version(wheel),
            "celery": importlib.metadata.version("celery"),
            "defaults": defaults,
            "tasks": [task for task in tasks if task["path"] in own],
            "imported": by_folder(imported & own),
        }
    return answer


def by_folder(paths: set[str]) -> dict[str, str]:
    """Modules by folder, without what their paths repeat."""
    folders: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, []).append(name.removesuffix(".py"))
    return {folder: " ".join(names) for folder, names in folders.items()}


def write(name: str, answer: dict[str, Any]) -> None:
    """One line per task and per folder: a difference can be read."""
    lines = [f'  "{key}": {json.dumps(answer[key])},' for key in ("version", "celery", "defaults")]
    tasks = ",\n".join(f"    {json.dumps(task)}" for task in answer["tasks"])
    folders = ",\n".join(
        f"    {json.dumps(folder)}: {json.dumps(names)}"
        for folder, names in answer["imported"].items()
    )
    lines += [f'  "tasks": [\n{tasks}\n  ],', f'  "imported": {{\n{folders}\n  }}']
    TARGET.mkdir(exist_ok=True)
    (TARGET / f"{name}.json").write_text("{\n" + "\n".join(lines) + "\n}\n", "utf-8")
    print(f"{name}: {len(answer['tasks'])} tasks")


def environment(folder: Path, source: Source) -> Path:
    """The Python of an environment that has the source's wheels at their locked versions."""
    python = folder / "bin/python"
    stamp = folder / ".ready"
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE))
    wanted = [*(f"{wheel}=={locked[wheel]}" for wheel in source.wheels), *source.also]
    if not stamp.exists() or stamp.read_text("utf-8") != "\n".join(wanted):
        subprocess.run(["python3.11", "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *wanted], check=True)
        stamp.write_text("\n".join(wanted), "utf-8")
    return python


def ask(python: Path, name: str, source: Source) -> dict[str, Any]:
    """Run the probe in a folder of its own; nothing of this machine's environment counts."""
    with tempfile.TemporaryDirectory() as folder:
        for file, text in source.files.items():
            (Path(folder) / file).write_text(text, "utf-8")
        environ = {"PATH": os.environ["PATH"], "HOME": folder, "PYTHONPATH": folder}
        if source.template:
            purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
            packages = subprocess.check_output([python, "-c", purelib], text=True).strip()
            start = ["-m", "django", "startproject", "site_of_tests", ".", "--template"]
            subprocess.run(
                [python, *start, f"{packages}/{source.template}"],
                cwd=folder,
                env=environ,
                check=True,
            )
        output = Path(folder) / "registry.json"
        subprocess.run(
            [python, __file__, "--probe", name, str(output)],
            cwd=folder,
            env={**environ, **source.environ},
            check=True,
        )
        answer: dict[str, Any] = json.loads(output.read_text("utf-8"))
        return answer


def main() -> int:
    if sys.argv[1:2] == ["--probe"]:
        Path(sys.argv[3]).write_text(json.dumps(probe(SOURCES[sys.argv[2]])), "utf-8")
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("--envs", type=Path, default=ROOT / ".venvs/registry")
    # The empty list is what argparse looks up in the choices if no project is named.
    parser.add_argument("projects", nargs="*", choices=[[], *SOURCES], metavar="PROJECT")
    arguments = parser.parse_args()
    for name in arguments.projects or SOURCES:
        python = environment(arguments.envs.resolve() / name, SOURCES[name])
        for wheel, answer in ask(python, name, SOURCES[name]).items():
            write(wheel, answer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
