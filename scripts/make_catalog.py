"""Make `server/celeryls/catalog/data/celery.json` from Celery's own sources.

    python scripts/make_catalog.py [--check]

Installs the newest patch of each supported minor version into an environment of its own and
asks it. `--check` writes nothing and exits 1 if the file is stale.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

MINORS = ("5.3", "5.4", "5.5", "5.6", "5.7")
TARGET = Path(__file__).parent.parent / "server/celeryls/catalog/data/celery.json"

UNDECLARED = (
    # Documented in userguide/configuration, or read by a worker, beat or a result backend, and
    # not in celery/app/defaults.py.  Kept by hand: no source lists them.
    *(f"beat_{name}" for name in ("executable", "gid", "logfile", "pidfile", "uid", "umask")),
    *(f"events_{name}" for name in ("executable", "gid", "logfile", "pidfile", "uid", "umask")),
    *(f"worker_{name}" for name in ("executable", "gid", "logfile", "pidfile", "uid", "umask")),
    "cassandra_secure_bundle_path",
    "override_backends",
    "redis_backend_credential_provider",
    "redis_backend_health_check_interval",
    "redis_client_name",
    "result_backend_thread_safe",
    # celery/backends/gcs.py
    "firestore_project",
    "gcs_threadpool_maxsize",
)
THIRD_PARTY = (
    # What other packages read from an app's settings: names, and beginnings of names, which
    # end in `_`.
    *("result_backend_db", "results_"),  # django-celery-results
    "redbeat_",
    *("once", "once_"),  # celery-once
    *("singleton_", "raise_on_duplicate"),  # celery-singleton
    "task_tenant_",  # tenant-schemas-celery
    *("email_", "haystack_", "monitor_", "flower_", "progress_", "prometheus_"),
)

# Runs inside each environment; prints JSON.
PROBE = r"""
import ast, inspect, json
import celery, celery.exceptions, celery.signals
from celery.app import autoretry, base, defaults
from celery.app.task import Task


def plain(value):
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, (tuple, list, set, frozenset)) and not value:
        return []
    if isinstance(value, dict) and not value:
        return {}
    return ...


def entry(kind, value=..., **more):
    result = {"kind": kind, **more}
    if plain(value) is not ...:
        result["default"] = plain(value)
    return result


options = {}
from_config = dict((attribute, setting) for attribute, setting in Task.from_config)
# Attributes that Celery keeps for itself; as options they would break the task.
INTERNAL = {"from_config", "request", "request_stack", "app"}
HANDLERS = {"before_start", "on_success", "on_retry", "on_failure", "after_return",
            "on_replace", "on_bound", "shadow_name"}
for name in dir(Task):
    if name.startswith("_") or name in INTERNAL:
        continue
    value = getattr(Task, name)
    if name in HANDLERS:
        options[name] = entry("handler")
    elif name in ("Request", "Strategy", "backend", "abstract"):
        options[name] = entry("attribute")  # overridable, though a class or a property
    elif isinstance(inspect.getattr_static(Task, name), property) or callable(value):
        continue
    else:
        options[name] = entry("attribute", value)
for name, setting in from_config.items():
    known = defaults.DEFAULTS.get(setting, ...)
    options.setdefault(name, entry("attribute"))
    options[name]["setting"] = setting
    if plain(known) is not ...:
        options[name]["default"] = plain(known)
# What the decorator takes besides attributes: the parameters of the two functions it goes through.
for function in (base.Celery.task, base.Celery._task_from_fun):
    for name, parameter in inspect.signature(function).parameters.items():
        if name in ("self", "fun") or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        options[name] = entry("decorator")
# Celery.task(*args, **opts) hands these to an inner function of its own.
inner = inspect.getsource(base.Celery.task)
for name in ("base", "shared", "filter", "lazy", "serializer"):
    if name == "base" or f"{name}=" in inner:
        options.setdefault(name, entry("decorator"))
# Task.bind reads the routing attributes, one more than extract_exec_options.
options.setdefault("exchange_type", entry("execution", None))
# add_autoretry_behaviour reads its options with a default: options.get(name, default).
tree = ast.parse(inspect.getsource(autoretry))
for node in ast.walk(tree):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" \
            and node.args and isinstance(node.args[0], ast.Constant):
        source = ast.unparse(node.args[1])
        found = source.rpartition(", ")[2].rstrip(")") if source.startswith("getattr") else source
        try:
            value = ast.literal_eval(ast.unparse(node.args[1].args[2]) if source.startswith("getattr") else found)
        except Exception:
            value = ...
        if node.args[0].value == "dont_autoretry_for" or value is ...:
            value = ()
        options[node.args[0].value] = entry("autoretry", value)
# Task.apply_async hands these attributes to publishing (extract_exec_options in celery/app/task.py).
from celery.app import task as task_module
exec_source = inspect.getsource(task_module)
tree = ast.parse(exec_source)
for node in ast.walk(tree):
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "extract_exec_options":
        for name in ast.literal_eval(node.value.args[0]) if isinstance(node.value.args[0], (ast.Tuple, ast.List)) \
                else [ast.literal_eval(a) for a in node.value.args]:
            options.setdefault(name, entry("execution", None))
            options[name]["kind"] = "execution"
settings = {}
for name, option in defaults.flatten(defaults.NAMESPACES):
    record = {"type": getattr(option, "typemap", {}) and option.type if isinstance(option.type, str) else option.type.__name__}
    if plain(option.default) is not ...:
        record["default"] = plain(option.default)
    # Option.old has names that Celery does not read (celery_acks_late), and templates of some.
    record["old_names"] = [defaults._TO_OLD_KEY[name]] if name in defaults._TO_OLD_KEY else []
    if getattr(option, "deprecate_by", None):
        record["deprecated"] = str(option.deprecate_by)
    settings[name] = record


def parameters(function):
    return [
        name for name, p in inspect.signature(function).parameters.items()
        if name not in ("self", "args", "kwargs", "options") or (name in ("args", "kwargs") and p.kind is p.POSITIONAL_OR_KEYWORD)
    ]


from kombu import Producer
from celery.app.amqp import AMQP
calls = {*parameters(Task.apply_async), *parameters(base.Celery.send_task), *parameters(Producer.publish)}
calls |= {"argsrepr", "kwargsrepr", "origin", "ignore_result", "stamped_headers"} & set(inspect.signature(AMQP.as_task_v2).parameters)
calls |= {"queue", "exchange_type"}  # taken by the router (celery/app/routes.py)
calls -= {"self", "name", "body", "properties", "options", "args_", "router"}
print(json.dumps({
    "version": celery.__version__,
    "task_options": options,
    "settings": settings,
    "call_options": sorted(calls),
    "retry_policy": ["interval_max", "interval_start", "interval_step", "max_retries", "retry_errors"],
    "signals": sorted(celery.signals.__all__),
    "exceptions": sorted(celery.exceptions.__all__),
}))
"""


def ask(minor: str, folder: Path) -> dict:
    """What one version says, after installing it."""
    builder = venv.EnvBuilder(with_pip=True)
    builder.create(folder)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = [python, "-m", "pip", "install", "-q", f"celery=={minor}.*", "setuptools<81"]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    asked = subprocess.run([python, "-c", PROBE], check=True, capture_output=True, text=True)
    return json.loads(asked.stdout)


def merge(by_minor: dict[str, dict]) -> dict:
    """One table: an item that not every version has says since when, or until when."""
    merged: dict = {
        "versions": {minor: found["version"] for minor, found in by_minor.items()},
        "retry_policy": by_minor[MINORS[-1]]["retry_policy"],
    }
    for section in ("task_options", "settings"):
        table: dict[str, dict] = {}
        for minor in MINORS:
            for name, record in by_minor[minor][section].items():
                table[name] = dict(record)
        for name, record in table.items():
            record.update(_span(name, [by_minor[m][section] for m in MINORS]))
        merged[section] = dict(sorted(table.items()))
    for section in ("call_options", "signals", "exceptions"):
        names = sorted({name for minor in MINORS for name in by_minor[minor][section]})
        merged[section] = {
            name: _span(name, [by_minor[m][section] for m in MINORS]) for name in names
        }
    for name in (
        *("queue", "exchange", "exchange_type", "routing_key", "delivery_mode", "priority"),
        "acks_on_failure_or_timeout",
    ):
        # celery/app/task.py, `Task.bind` warns for the routing attributes from 5.7 on;
        # the last one is split in two there.
        if name in merged["task_options"]:
            merged["task_options"][name]["deprecated"] = "5.7"
    add_by_hand(merged)
    return merged


def add_by_hand(merged: dict) -> None:
    """Add the settings that Celery has and does not declare, and those of other packages."""
    for name in UNDECLARED:
        merged["settings"].setdefault(name, {"declared": False, "old_names": []})
    merged["third_party_settings"] = sorted(THIRD_PARTY)


def _span(name: str, holders: list) -> dict[str, str]:
    present = [name in holder for holder in holders]
    first, last = present.index(True), len(present) - 1 - present[::-1].index(True)
    result = {}
    if first > 0:
        result["since"] = MINORS[first]
    if last < len(MINORS) - 1:
        result["removed"] = MINORS[last + 1]
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        by_minor = {minor: ask(minor, Path(folder) / minor) for minor in MINORS}
    text = json.dumps(merge(by_minor), indent=1, sort_keys=True) + "\n"
    if options.check:
        if TARGET.read_text("utf-8") != text:
            print(f"{TARGET} is stale: run scripts/make_catalog.py", file=sys.stderr)
            return 1
        return 0
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
