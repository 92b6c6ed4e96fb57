"""Write the documentation that follows from the code.

    python scripts/make_docs.py [--check]

Makes the pages of the rules, and fills the blocks between `<!-- generated: NAME -->` and
`<!-- end of NAME -->` in README.md and docs/, and what the VS Code extension's manifest takes from
the server (scripts/client_files.py).  With `--check` nothing is written, and the exit
code is 1 if something is stale.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from client_files import client_files
from doc_examples import (
    SHOWN_FOLDER,
    TASKS,
    WORKFLOW,
    compact,
    conversation,
    output,
    project,
    views,
)
from first_minute import transcript

from celeryls.config.schema import markdown
from celeryls.forms import FormContext, Question
from celeryls.forms.extras_form import extra_questions
from celeryls.forms.scaffold_form import ScaffoldContext
from celeryls.forms.scaffold_form import questions as scaffold_questions
from celeryls.forms.task_questions import questions
from celeryls.generate.extras import EXTRAS
from celeryls.rules.page import FAMILIES, index, page
from celeryls.rules.registry import all_rules

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.side_by_side.items import LOOK_ALIKES, MISTAKES  # noqa: E402
from benchmarks.side_by_side.run import (  # noqa: E402
    celeryls,
    celeryls_fixes,
    compared,
)

SIDE_BY_SIDE = ROOT / "benchmarks/side_by_side"
RULES = ROOT / "docs/rules"
WITH_BLOCKS = (
    "README.md",
    *(
        f"docs/{name}.md"
        for name in (
            "configuration",
            "output",
            "lsp-extensions",
            "side-by-side",
            "templates",
            "writing-tasks",
        )
    ),
)
BLOCK = re.compile(
    r"<!-- generated: (?P<name>[\w-]+) -->\n(?P<body>.*?)<!-- end of (?P=name) -->", re.DOTALL
)
SHOWN_FIELDS = ("name", "retry")
SHOWN_OPTIONS = ("acks_late", "autoretry_for", "max_retries", "queue")
ANSWERS_FILE = """\
name = "prune_carts"
purpose = "Delete carts that nobody came back for"
type = "periodic"
schedule = "daily at 03:00"
parameters = "days: int = 30 (how long a cart is kept)"
retry = "simple"
queue = "low_priority"
"""
NEW = ("new", "refresh_prices", "--set", "parameters=shop_id: int", "--yes", "--dry-run")


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = []
    for path, text in outputs():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(path)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    for path in left_over():
        stale.append(path)
        if not check:
            path.unlink()
    for path in stale:
        print(f"{'stale' if check else 'wrote'} {path.relative_to(ROOT)}")
    return 1 if check and stale else 0


def outputs() -> Iterator[tuple[Path, str]]:
    """Every file that is made or has something made in it, with the text it should have."""
    for rule in all_rules():
        yield RULES / f"{rule.name}.md", page(rule)
    yield RULES / "README.md", index(all_rules())
    made = dict(blocks())
    used: set[str] = set()
    for name in WITH_BLOCKS:
        text = (ROOT / name).read_text("utf-8")
        used.update(found["name"] for found in BLOCK.finditer(text))
        yield ROOT / name, BLOCK.sub(lambda found: _block(found["name"], made), text)
    yield from client_files()
    if used != set(made):
        raise SystemExit(f"blocks without a place or a content: {sorted(used ^ set(made))}")


def left_over() -> list[Path]:
    """Pages of rules that are no more."""
    known = {f"{rule.name}.md" for rule in all_rules()} | {"README.md"}
    return [path for path in sorted(RULES.glob("*.md")) if path.name not in known]


def _block(name: str, made: dict[str, str]) -> str:
    return f"<!-- generated: {name} -->\n{made.get(name, '')}<!-- end of {name} -->"


def blocks() -> Iterator[tuple[str, str]]:
    """Every generated block by name."""
    yield "first-minute", _fenced("console", transcript().shown)
    yield from of_workflow()
    yield from of_templates()
    yield from of_writing()
    yield "rules", _families()
    yield "side-by-side", _side_by_side()
    yield "settings", f"\n{markdown()}\n"
    with project() as folder:
        yield "source", _fenced("python", TASKS)
        for name, command in (
            ("check", ("check",)),
            ("diff", ("check", "--diff")),
            ("convert", ("convert", "tasks.py::send_receipt", "--dry-run")),
            ("new", NEW),
            ("check-github", ("check", "--output-format", "github")),
            ("statistics", ("check", "--statistics")),
        ):
            yield name, _transcript(folder, *command)
        one = ("check", "--select", "CEL106", "--output-format")
        yield "check-json", _fenced("json", compact(json.loads(output(folder, *one, "json"))))
        yield "check-gitlab", _fenced("json", compact(json.loads(output(folder, *one, "gitlab"))))
        yield "check-junit", _fenced("xml", output(folder, *one, "junit"))
        for name, message in conversation(folder):
            shown = compact(_shortened(message) if name == "fields-1" else message)
            shown = shown.replace(str(folder), SHOWN_FOLDER).replace(r"\u2026", "…")
            yield name, _fenced("json", shown)


def _families() -> str:
    """A row for each family of rules, with the names of its rules."""
    rows = []
    for digit, title in FAMILIES.items():
        rules = [rule for rule in all_rules() if rule.code[3] == digit]
        names = ", ".join(f"[{rule.name}](docs/rules/{rule.name}.md)" for rule in rules)
        rows.append(f"| CEL{digit}xx {title} | {len(rules)} | {names} |\n")
    return "\n| Family | Rules | |\n|---|---|---|\n" + "".join(rows) + "\n"


def _side_by_side() -> str:
    """What each tool sees of the mistakes, and which look-alikes it cries wolf at."""
    record = json.loads((SIDE_BY_SIDE / "peers.json").read_text("utf-8"))
    found = {"celeryls": set(compared(celeryls)), **{n: set(f) for n, f in record["found"].items()}}
    fixes = set(compared(celeryls_fixes))
    rows = ["", f"| | {' | '.join(found)} |", f"|---|{'---|' * len(found)}"]
    listed = [(f"M{n:02}", item.title) for n, item in enumerate(MISTAKES, 1)]
    listed += [(f"L{n:02}", item.title) for n, item in enumerate(LOOK_ALIKES, 1)]
    for name, title in listed:
        if name == "L01":
            totals = (sum(one.startswith("M") for one in seen) for seen in found.values())
            rows.append(
                "| **mistakes seen, of 40** | " + " | ".join(f"**{n}**" for n in totals) + " |"
            )
        marks = []
        for tool, seen in found.items():
            mark = ("seen" if name[0] == "M" else "false alarm") if name in seen else ""
            marks.append(
                f"{mark}, with a fix" if mark and tool == "celeryls" and name in fixes else mark
            )
        rows.append(f"| {title} | {' | '.join(marks)} |")
    alarms = (sum(one.startswith("L") for one in seen) for seen in found.values())
    rows.append("| **false alarms, of 20** | " + " | ".join(f"**{n}**" for n in alarms) + " |")
    versions = ", ".join(record["versions"])
    return "\n".join([*rows, "", f"Versions: {versions}; mypy with `--strict`.", ""])


def of_workflow() -> Iterator[tuple[str, str]]:
    """The blocks about a project with a schedule and a workflow."""
    with project(WORKFLOW) as folder:
        yield "tasks", _transcript(folder, "tasks")
        yield "graph", _fenced("mermaid", output(folder, "graph"))
        listed = output(folder, "tasks", "--name", "refresh_prices", "--output-format", "json")
        (task,) = json.loads(listed)
        for key in ("effective", "origins"):
            task[key] = {option: task[key][option] for option in SHOWN_OPTIONS}
        yield "tasks-json", _fenced("json", compact([task]))
        around = ("graph", "--around", "fetch_price", "--output-format", "json")
        yield "graph-json", _fenced("json", compact(json.loads(output(folder, *around))))
        for name, message in views(folder):
            shown = compact(message).replace(str(folder), SHOWN_FOLDER).replace(r"\u2026", "…")
            yield name, _fenced("json", shown)


def of_templates() -> Iterator[tuple[str, str]]:
    """The blocks about templates."""
    name = "task/docstring"
    with project() as folder:
        yield "templates", _transcript(folder, "templates")
        yield "templates-one", _transcript(folder, "templates", name)
        listed = json.loads(output(folder, "templates", "--output-format", "json"))
        one = [item for item in listed if item["name"].startswith(name)]
        yield "templates-json", _fenced("json", compact(one))
        yield "templates-eject", _transcript(folder, "templates", "eject", name)


def of_writing() -> Iterator[tuple[str, str]]:
    """The blocks about what is asked before something is written, and what comes of it."""
    asked = FormContext(file="tasks.py", needed=("...",))
    asked_of_app = ScaffoldContext(file="celery_app.py", declares="pyproject.toml")
    yield "task-fields", _fields([*questions(asked), *extra_questions(EXTRAS)])
    yield "init-fields", _fields(scaffold_questions(asked_of_app))
    yield "answers-file", _fenced("toml", ANSWERS_FILE)
    with project({**WORKFLOW, "nightly.toml": ANSWERS_FILE}) as folder:
        yield (
            "answers-plan",
            _transcript(folder, "new", "--answers", "nightly.toml", "--yes", "--dry-run"),
        )


def _fields(asked: Iterable[Question]) -> str:
    """A row for each question, with its choices and its default."""
    rows = ["", "| id | question | default |", "|---|---|---|"]
    for question in asked:
        field = question.field
        choices = [f"`{choice.value}`: {choice.description}" for choice in field.choices]
        text = " ".join([field.question, field.help]).strip()
        if question.follows is not None:
            text = f"*{question.follows.refusal.partition(';')[0]}.* {text}"
        if choices:
            text += "<br>" + "<br>".join(choices)
        default = "yes" if field.default is True else field.default or ""
        default = f"`{default}`" if default else ""
        rows.append(f"| `{field.id}` | {text.replace('|', chr(92) + '|')} | {default} |")
    return "\n".join([*rows, "", ""])


def _shortened(message: dict[str, Any]) -> dict[str, Any]:
    """A message with the fields that the page shows; it says that there are more."""
    fields = [field for field in message["formFields"] if field["id"] in SHOWN_FIELDS]
    return {**message, "formFields": fields}


def _transcript(folder: Path, *arguments: str) -> str:
    quoted = [f"'{argument}'" if " " in argument else argument for argument in arguments]
    return _fenced("console", f"$ celeryls {' '.join(quoted)}\n{output(folder, *arguments)}")


def _fenced(language: str, text: str) -> str:
    return f"\n```{language}\n{text.rstrip()}\n```\n\n"


if __name__ == "__main__":
    raise SystemExit(main())
