"""Real projects against Celery itself: what it registers, what is in force, and nothing else.

`registry/*.json` is made by `scripts/make_registry.py`, which starts each project as a worker
does.  Here celeryls reads the same wheels, unpacked, from source alone.  What it does not know is
absent from its answer: that is never wrong, but counted.
"""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.findings import run

REGISTRY = Path(__file__).parent / "registry"
PROJECTS = sorted(file.stem for file in REGISTRY.glob("*.json"))
MAIN = ("bind", "acks_late", "max_retries", "queue", "time_limit")
pytestmark = pytest.mark.corpus

# Tasks whose name no source spells, by the place of their function, with the reason.
BUILT_AT_RUN_TIME = {
    "pretix": {
        ("pretix/base/views/tasks.py", 252): (
            "AsyncFormView.__init_subclass__ makes a task for each subclass, and puts its name "
            "together from cls.__module__ and cls.__name__"
        ),
        ("pretix/base/views/tasks.py", 414): (
            "AsyncPostView.__init_subclass__ does the same as AsyncFormView's"
        ),
    }
}

# How many values are not known, by option, with the reason; `others` is the sum of the rest.
UNKNOWN = {
    "aa-memberaudit": (
        {"acks_late": 52, "queue": 52, "time_limit": 59, "others": 1300},
        "the base of 52 of the 59 tasks is QueueOnce of another package, whose attributes are not "
        "read; the time limit of all is read from the settings by a function",
    ),
    "allianceauth": (
        {"acks_late": 12, "max_retries": 7, "queue": 12, "time_limit": 12, "others": 300},
        "the base of 12 of the 44 tasks inherits from QueueOnce of celery_once, whose attributes "
        "are not read; 5 of them say max_retries themselves",
    ),
    "pretix": ({}, "everything is known"),
    "udata": (
        {"acks_late": 52, "queue": 52, "time_limit": 52, "others": 518},
        "init_app() puts the settings together at run time",
    ),
    "weblate": ({}, "everything is known"),
}


@cache
def _registry(project: str) -> dict[str, Any]:
    return json.loads((REGISTRY / f"{project}.json").read_text("utf-8"))


@cache
def _found(project: str) -> list[dict[str, Any]]:
    items = run("tasks", project, expected=(0,))
    return [{**item, "path": item["path"].removeprefix(f"{project}/")} for item in items]


def _named(project: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What Celery registered and what celeryls found, by name."""
    found = {item["name"]: item for item in _found(project) if "name" in item}
    for task in _registry(project)["tasks"]:
        if task["name"] in found:
            yield task, found[task["name"]]


def _values(project: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Name, option, Celery's value, and that of celeryls, or `...` if unknown."""
    for task, item in _named(project):
        options = _registry(project)["defaults"] | task["options"]
        for option, value in {"bind": task["bind"], **options}.items():
            told = item if option == "bind" else item["effective"]
            yield task["name"], option, value, told.get(option, ...)


def test_no_registry_is_missing() -> None:
    assert sorted(UNKNOWN) == PROJECTS


@pytest.mark.parametrize("project", PROJECTS)
def test_the_registry_is_that_of_the_locked_wheel(project: str) -> None:
    wheels = (Path(__file__).parent / "wheels.txt").read_text("utf-8")
    assert f"\n{project}=={_registry(project)['version']} " in wheels


@pytest.mark.parametrize("project", PROJECTS)
def test_every_task_is_found_by_its_name(project: str) -> None:
    names = {item.get("name") for item in _found(project)}
    missed = [
        (task["name"], (task["path"], task["line"]))
        for task in _registry(project)["tasks"]
        if task["name"] not in names
    ]
    listed = BUILT_AT_RUN_TIME.get(project, {})
    assert [item for item in missed if item[1] not in listed] == []
    assert {place for _, place in missed} == set(listed), "a place is listed for nothing"


@pytest.mark.parametrize("project", PROJECTS)
def test_every_task_is_found_where_it_stands(project: str) -> None:
    wrong = [
        (task["name"], task["path"], task["line"], item["path"], item["line"])
        for task, item in _named(project)
        if (task["path"], task["line"]) != (item["path"], item["line"])
    ]
    assert wrong == []


@pytest.mark.parametrize("project", PROJECTS)
def test_no_option_is_wrong(project: str) -> None:
    wrong = [value for value in _values(project) if value[3] not in (value[2], ...)]
    assert wrong == []


@pytest.mark.parametrize("project", PROJECTS)
def test_what_is_unknown_is_counted(project: str) -> None:
    unknown = Counter(
        option if option in MAIN else "others"
        for _, option, _, told in _values(project)
        if told is ...
    )
    counts, reason = UNKNOWN[project]
    assert dict(unknown) == counts, reason


@pytest.mark.parametrize("project", PROJECTS)
def test_nothing_is_invented_in_a_module_that_was_imported(project: str) -> None:
    registry = _registry(project)
    registered = {(task["path"], task["line"], task["name"]) for task in registry["tasks"]}
    places = {place[:2] for place in registered}
    imported = {
        f"{folder}/{name}.py"
        for folder, modules in registry["imported"].items()
        for name in modules.split()
    }
    assert {path for path, _ in places} <= imported, "a task's own module was imported"
    # By place and name: a second function under a registered name is invented too.
    invented = {
        f"{item['path']}:{item['line']} {item.get('name', item['function'])}"
        for item in _found(project)
        if item["path"] in imported
        and (
            (item["path"], item["line"], item["name"]) not in registered
            if "name" in item
            else (item["path"], item["line"]) not in places
        )
    }
    assert invented == set()
