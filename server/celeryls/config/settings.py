"""The one declaration of every setting.

`Config` is the dataclass that code uses; each field carries its documentation.  The JSON
schema, `docs/configuration.md` and (later) the VS Code settings derive from it.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from celeryls.config.baseline import DEFAULT_NAME

SEVERITIES = ("error", "warning", "info", "hint", "off")


class Scope(str, Enum):
    """Where a setting may be written."""

    ANYWHERE = "anywhere"
    FILE = "file"
    """Only in `pyproject.toml` or `celeryls.toml`: terminal and editor must agree on it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the user wrote that can't be taken; the default stands in.  For a person."""

    message: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as documentation, schema and validation see it."""

    name: str
    attribute: str
    default: Any
    doc: str
    schema: Mapping[str, Any]
    scope: Scope
    stability: str
    example: str
    take: Callable[[Any], Any]


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise ValueError('a list of strings, such as ["CEL101"]')
    if not all(isinstance(item, str) for item in value):
        raise ValueError('a list of strings, such as ["CEL101"]')
    return tuple(value)


def _severities(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError('a table of rule = severity, such as {CEL101 = "info"}')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            raise ValueError(f"one of {', '.join(SEVERITIES)} for {rule}")
    return dict(value)


def _rules_by_pattern(value: Any) -> Mapping[str, tuple[str, ...]]:
    problem = 'a table of pattern = rules, such as {"legacy/" = ["CEL101"]}'
    if not isinstance(value, Mapping):
        raise ValueError(problem)
    try:
        return {str(pattern): _strings(rules) for pattern, rules in value.items()}
    except ValueError as error:
        raise ValueError(problem) from error


def _options_by_pattern(value: Any) -> Mapping[str, Mapping[str, Any]]:
    problem = 'a table of pattern = options, such as {"shop/" = {acks_late = true}}'
    if not isinstance(value, Mapping):
        raise ValueError(problem)
    for options in value.values():
        if not isinstance(options, Mapping):
            raise ValueError(problem)
        if not all(isinstance(option, str | int | float) for option in options.values()):
            raise ValueError("texts, numbers and booleans for options")
    return {str(pattern): dict(options) for pattern, options in value.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text")
    return value


def _version(value: Any) -> tuple[int, int]:
    parts = str(value).split(".") if isinstance(value, str) else []
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
        raise ValueError('a version, such as "5.4"')
    return int(parts[0]), int(parts[1])


def _milliseconds(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise ValueError("whole milliseconds from 0 to 10000")
    return value


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


_STRINGS = {"type": "array", "items": {"type": "string"}}


def _setting(
    default: Any,
    doc: str,
    take: Callable[[Any], Any],
    schema: Mapping[str, Any],
    example: str,
    *,
    scope: Scope = Scope.ANYWHERE,
    stability: str = "preview",
) -> Any:
    metadata = {
        "doc": doc,
        "take": take,
        "schema": schema,
        "example": example,
        "scope": scope,
        "stability": stability,
    }
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force for one folder."""

    select: tuple[str, ...] = _setting(
        (),
        "The only rules to run, by code (`CEL101`), family (`CEL1`), name or `ALL`. "
        "Empty means every rule that is on by default.",
        _strings,
        _STRINGS,
        '["CEL1"]',
        stability="stable",
    )
    extend_select: tuple[str, ...] = _setting(
        (),
        "Rules to run beside those that `select` names or that are on by default: by code, "
        "family, name or `ALL`.",
        _strings,
        _STRINGS,
        '["CEL103"]',
    )
    ignore: tuple[str, ...] = _setting(
        (),
        "Rules not to run, by code, family or name. Wins over `select`.",
        _strings,
        _STRINGS,
        '["missing-retry"]',
        stability="stable",
    )
    severity: Mapping[str, str] = _setting(
        {},
        "Another severity for a rule (code or name): `error`, `warning`, `info`, `hint`, `off`.",
        _severities,
        {
            "type": "object",
            "additionalProperties": {"type": "string", "enum": list(SEVERITIES)},
        },
        '{ CEL102 = "info" }',
    )
    per_file_ignores: Mapping[str, tuple[str, ...]] = _setting(
        {},
        "Rules not to run on some files: `.gitignore` patterns relative to the configuration "
        "file, each with rules by code, family, name or `ALL`.",
        _rules_by_pattern,
        {"type": "object", "additionalProperties": _STRINGS},
        '{ "shop/legacy/" = ["CEL1"] }',
    )
    tests_ignore: tuple[str, ...] = _setting(
        ("CEL101", "CEL102", "CEL103", "CEL107", "CEL208", "CEL213", "CEL214", "CEL314", "CEL503"),
        "Rules not to run on tests (files in `tests/`, `test/` or `testing/`, `test_*.py`, "
        "`*_test.py`, `tests.py`, `conftest.py`). By default those about how tasks should behave "
        "in production, which a task that is there for a test need not; what is certainly a "
        "mistake is reported in tests as well. `[]` runs all rules there.",
        _strings,
        _STRINGS,
        '["CEL1", "CEL2"]',
    )
    require: Mapping[str, Mapping[str, Any]] = _setting(
        {},
        "Options that tasks must have in force, by `.gitignore` patterns relative to the "
        "configuration file. `CEL127` reports the tasks that certainly don't.",
        _options_by_pattern,
        {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": ["string", "number", "boolean"]},
            },
        },
        '{ "shop/migrations/" = { queue = "migrations" } }',
        scope=Scope.FILE,
    )
    baseline: str = _setting(
        DEFAULT_NAME,
        "The file of findings that are known and not shown, relative to the configuration file; "
        "`celeryls check --write-baseline` writes it.",
        _text,
        {"type": "string"},
        '"ci/celeryls-baseline.json"',
        scope=Scope.FILE,
    )
    exclude: tuple[str, ...] = _setting(
        (),
        "Files and folders to leave out, as `.gitignore` patterns relative to the "
        "configuration file. What git ignores and virtual environments are left out anyway.",
        _strings,
        _STRINGS,
        '["legacy/"]',
        stability="stable",
    )
    src: tuple[str, ...] = _setting(
        (),
        "The folders that module names begin at, relative to the configuration file. "
        "By default: where packages begin, `src/`, folders whose files import one another by "
        "names that begin there, and the folder itself.",
        _strings,
        _STRINGS,
        '["backend"]',
        scope=Scope.FILE,
        stability="stable",
    )
    python: str | None = _setting(
        None,
        "The project's Python interpreter or virtual environment. Its installed packages are "
        "read, never run. By default: `VIRTUAL_ENV`, then `.venv` or `venv` in the folder.",
        _text,
        {"type": "string"},
        '".venv"',
    )
    celery_version: tuple[int, int] | None = _setting(
        None,
        "The Celery version to assume. By default what the project declares or has "
        "installed, else the newest.",
        _version,
        {"type": "string", "pattern": r"^\d+\.\d+"},
        '"5.4"',
    )
    task_decorators: tuple[str, ...] = _setting(
        (),
        "Decorators of your own that make tasks, by dotted name. Those whose source can be "
        "read are found anyway: name here only what builds its task in ways that can't be "
        "followed.",
        _strings,
        _STRINGS,
        '["shop.tasks.job"]',
    )
    templates: str | None = _setting(
        None,
        "The folder of the project's own templates for code that is written, relative to the "
        "configuration file and below it. A template there takes the place of celeryls' own of "
        "the same name; `celeryls templates` lists those. Used in the terminal, and in an editor "
        "that says that the workspace is trusted.",
        _text,
        {"type": "string"},
        '"celeryls-templates"',
        scope=Scope.FILE,
    )
    code_lens: bool = _setting(
        True,
        "Whether the editor may show lines above each task: who sends it, when it runs, its queue.",
        _switch,
        {"type": "boolean"},
        "false",
    )
    inlay_hints: bool = _setting(
        True,
        "Whether the editor may show hints in the code: names that Celery makes up, seconds and "
        "schedules in words, when a task is tried again.",
        _switch,
        {"type": "boolean"},
        "false",
    )
    hover: bool = _setting(
        True,
        "Whether the editor may show what is known of the task, option, setting or schedule that "
        "the mouse is on.",
        _switch,
        {"type": "boolean"},
        "false",
    )
    debounce: int = _setting(
        200,
        "How long the editor's typing must pause before a file is checked, in milliseconds.",
        _milliseconds,
        {"type": "integer", "minimum": 0, "maximum": 10_000},
        "200",
    )


def declared() -> tuple[Setting, ...]:
    """Every setting, in the order of the documentation."""
    blank = Config()
    return tuple(
        Setting(
            name=item.name.replace("_", "-"),
            attribute=item.name,
            default=getattr(blank, item.name),
            doc=item.metadata["doc"],
            schema=item.metadata["schema"],
            scope=item.metadata["scope"],
            stability=item.metadata["stability"],
            example=item.metadata["example"],
            take=item.metadata["take"],
        )
        for item in fields(Config)
    )


def from_mapping(
    values: Mapping[str, Any], where: str, base: Config | None = None, *, file: bool = True
) -> tuple[Config, tuple[Problem, ...]]:
    """A `Config` from what somebody wrote; what can't be taken keeps the value of `base`.

    `where` names the place in messages.  `file` is false for what the client sends: settings
    of `Scope.FILE` are then refused.  Keys may be written `celery-version` or `celeryVersion`.
    """
    settings = {setting.name: setting for setting in declared()}
    base = base or Config()
    taken: dict[str, Any] = {item.name: getattr(base, item.name) for item in fields(Config)}
    problems: list[Problem] = []
    for key, value in values.items():
        setting = settings.get(_kebab(key))
        if setting is None:
            near = difflib.get_close_matches(_kebab(key), settings, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            problems.append(Problem(f'{where}: unknown setting "{key}"{hint}'))
        elif setting.scope is Scope.FILE and not file:
            problems.append(
                Problem(f'{where}: "{key}" is read from pyproject.toml or celeryls.toml only')
            )
        elif value is not None:
            try:
                taken[setting.attribute] = setting.take(value)
            except ValueError as error:
                problems.append(Problem(f'{where}: "{key}" must be {error}; using the default'))
    return Config(**taken), tuple(problems)


def _kebab(key: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in key).replace("_", "-")
