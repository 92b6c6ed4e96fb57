"""`celeryls graph`: what is drawn, in three languages."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.running import Run
from tests.rules.harness import write

_FILES = {
    "shop/__init__.py": "",
    "shop/app.py": "from celery import Celery\napp = Celery('x')\n",
    "shop/tasks.py": """\
from celery import chain, chord, group, shared_task
from .app import app

@app.task
def first(): second.delay()
@shared_task
def second():
    def inner(): third.apply_async()
    inner()
@shared_task(name='the "third"')
def third(): ...
@shared_task
def alone(): ...
""",
    "shop/views.py": """\
from shop.tasks import *
def view(task):
    first.delay()
    first.delay()
    third()
    task.delay()
""",
    "tests/test_shop.py": "from shop.tasks import alone\ndef test(): alone.delay()\n",
}


def _edges(run: Run, files: Mapping[str, str], *options: str) -> set[tuple[str, str, str]]:
    write(run.folder, files)
    graph = run("graph", "--output-format", "json", *options).json
    labels = {node["id"]: node["label"].removeprefix("shop.tasks.") for node in graph["nodes"]}
    edges = [(labels[e["source"]], e["kind"], labels[e["target"]]) for e in graph["edges"]]
    assert len(edges) == len(set(edges))
    return set(edges)


def test_who_sends_what(run: Run) -> None:
    assert _edges(run, _FILES) == {
        ("first", "sends", "second"),
        ("second", "sends", 'the "third"'),
        ("shop.views", "sends", "first"),
        ("shop.views", "calls", 'the "third"'),
    }


def test_tests_are_left_out_unless_asked_for(run: Run) -> None:
    assert ("tests.test_shop", "sends", "alone") in _edges(run, _FILES, "--tests")


WORKFLOWS = {
    "chain": ("chain(a.s(), b.s(), c.s())()", {"f sends a", "a then b", "b then c"}),
    "list": ("chain([a.s(), b.s()])()", {"f sends a", "a then b"}),
    "pipe": (
        "(a.s() | b.si().set(queue='x') | c.s()).delay()",
        {"f sends a", "a then b", "b then c"},
    ),
    "group": ("group(a.s(), b.s())()", {"f sends a", "f sends b"}),
    "group of a generator": ("group(a.s(i) for i in x)()", {"f sends a"}),
    "chord": ("chord([a.s(), b.s()], c.s())()", {"f sends a", "f sends b", "a then c", "b then c"}),
    "chord that is called": (
        "chord([a.s(), b.s()])(c.s())",
        {"f sends a", "f sends b", "a then c", "b then c"},
    ),
    "chain that ends with a chord": (
        "chain(a.s(), chord([b.s(), c.s()], d.s()))()",
        {"f sends a", "a then b", "a then c", "b then d", "c then d"},
    ),
    "chain with a group": (
        "chain(a.s(), group(b.s(), c.s()), d.s())()",
        {"f sends a", "a then b", "a then c", "b then d", "c then d"},
    ),
    "chain in a chain": (
        "chain(a.s(), chain(b.s(), c.s()), d.s())()",
        {"f sends a", "a then b", "b then c", "c then d"},
    ),
    "not a workflow": ("x = flags(a) | flags(b)", set()),
}


@pytest.mark.parametrize(("code", "expected"), WORKFLOWS.values(), ids=WORKFLOWS)
def test_workflows(run: Run, code: str, expected: set[str]) -> None:
    tasks = "".join(f"@shared_task\ndef {name}(): ...\n" for name in "abcd")
    text = f"from celery import chain, chord, group, shared_task\n{tasks}"
    text += f"@shared_task\ndef f(x):\n    {code}\n"
    found = _edges(run, {"tasks.py": text})
    assert {" ".join(edge).replace("tasks.", "") for edge in found} == expected


def test_schedules(run: Run) -> None:
    text = (
        "from celery import Celery\nfrom celery.schedules import crontab\napp = Celery('x')\n"
        "@app.task\ndef a(): ...\n@app.task\ndef b(): ...\n"
        "app.add_periodic_task(crontab(hour=1), a.s())\n"
        "app.conf.beat_schedule = {'b': {'task': 'tasks.b', 'schedule': crontab(hour=1)}}\n"
    )
    assert _edges(run, {"tasks.py": text}) == {
        ("crontab(hour=1)", "runs", "tasks.a"),
        ("crontab(hour=1)", "runs", "tasks.b"),
    }


def test_what_is_not_resolved_has_a_reason(run: Run) -> None:
    write(run.folder, _FILES)
    graph = run("graph", "--output-format", "json").json
    assert graph["unresolved"] == [
        {
            "path": "shop/views.py",
            "line": 6,
            "method": "delay",
            "reason": "task is a local variable (parameter)",
        }
    ]
    schema = Path(__file__).parent.parent.parent / "docs/schemas/graph.json"
    Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(graph)


def test_around_a_task(run: Run) -> None:
    assert _edges(run, _FILES, "--around", "first") == {
        ("first", "sends", "second"),
        ("shop.views", "sends", "first"),
    }
    assert _edges(run, _FILES, "--around", "shop.tasks.fi*", "--steps", "0") == set()
    run("graph", "--around", "gone").says('no task is named "gone"')


def test_groups(run: Run) -> None:
    write(run.folder, _FILES)
    for by, groups in (("module", {"shop.tasks"}), ("app", {"app", "shared"}), ("none", set())):
        graph = run("graph", "--group-by", by, "--output-format", "json").json
        assert {node["group"] for node in graph["nodes"] if "group" in node} == groups


def test_mermaid(run: Run) -> None:
    write(run.folder, _FILES)
    lines = run("graph").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert '    n0_2["the #quot;third#quot;"]' in lines
    named = set(re.findall(r"^ +(n\d+_\d+)\W", "\n".join(lines), re.M))
    used = {name for line in lines for name in re.findall(r"\bn\d+_\d+\b", line)}
    assert used == named
    assert sum(line.lstrip().startswith("subgraph") for line in lines) == lines.count("  end")


def test_dot(run: Run) -> None:
    write(run.folder, _FILES)
    out = run("graph", "--output-format", "dot").out
    assert out.startswith("digraph celery {\n") and out.endswith("}\n")
    assert 'label="the \\"third\\""' in out
    assert out.count("{") == out.count("}")
    assert " -> " in out and "style=dashed label=calls" in out


def test_a_project_without_tasks(run: Run) -> None:
    write(run.folder, {"x.py": "x = 1\n"})
    assert run("graph").out == "flowchart LR\n"
