"""Facts about Celery itself, per version.

Data, made by `scripts/make_catalog.py` from Celery's own sources; Celery is neither needed
nor imported here.  Versions are `(major, minor)`; `None` means the newest known, which also
stands in for newer ones, as the oldest does for older ones.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

Version: TypeAlias = tuple[int, int]
Section = Literal["task_options", "settings"]
OptionKind = Literal["attribute", "handler", "decorator", "autoretry", "execution"]

VERSIONS: tuple[Version, ...] = ((5, 3), (5, 4), (5, 5), (5, 6), (5, 7))
NEWEST = VERSIONS[-1]
_VERSION = re.compile(r"(\d+)\.(\d+)")


class _Absent:
    """The default of something whose default can't be written as JSON."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class TaskOption:
    """A keyword that `@app.task` and `@shared_task` understand.

    `setting` is the one that gives its default (`Task.from_config`); `default` may be
    `ABSENT`; `deprecated` is the version from which Celery warns.
    """

    name: str
    kind: OptionKind
    default: Any
    setting: str | None
    deprecated: Version | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting by its new lower-case name; `old_names` are read as well, up to Celery 6."""

    name: str
    type: str
    default: Any
    old_names: tuple[str, ...]
    deprecated: Version | None


def parse_version(text: str) -> Version | None:
    """`(5, 4)` for `5.4.0` or `>=5.4`; `None` if there is no version in it."""
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2])) if found else None


@cache
def task_options(version: Version | None = None) -> Mapping[str, TaskOption]:
    """The task options of a version."""
    return {
        name: TaskOption(
            name,
            record["kind"],
            record.get("default", ABSENT),
            record.get("setting"),
            parse_version(record.get("deprecated", "")),
        )
        for name, record in _present("task_options", version)
    }


@cache
def settings(version: Version | None = None) -> Mapping[str, Setting]:
    """The settings of a version."""
    return {
        name: Setting(
            name,
            record["type"],
            record.get("default", ABSENT),
            tuple(record["old_names"]),
            parse_version(record.get("deprecated", "")),
        )
        for name, record in _present("settings", version)
        if record.get("declared", True)
    }


@cache
def since(section: Section) -> Mapping[str, Version]:
    """The version that each option or setting came with; what the oldest has is left out."""
    return {
        name: version
        for name, record in _data()[section].items()
        if (version := parse_version(record.get("since", ""))) is not None
    }


@cache
def known_settings() -> frozenset[str]:
    """The settings of any version, with those that Celery reads and does not declare."""
    return frozenset(_data()["settings"])


def is_third_party_setting(name: str) -> bool:
    """Whether another package reads a setting of this name (lower-case) from an app."""
    return any(
        name.startswith(known) if known.endswith("_") else name == known
        for known in _data()["third_party_settings"]
    )


@cache
def _new_names() -> Mapping[str, str]:
    return {old: new for new, known in settings().items() for old in known.old_names}


def setting_for_old_name(name: str) -> str | None:
    """The new name of an old setting (`CELERY_ACKS_LATE`), `None` if it is none."""
    return _new_names().get(name)


@cache
def call_options(version: Version | None = None) -> frozenset[str]:
    """The options of `apply_async` that Celery and kombu read."""
    return frozenset(name for name, _ in _present("call_options", version))


def retry_policy_keys() -> frozenset[str]:
    """The keys of `retry_policy`, an option of publishing (userguide/calling)."""
    return frozenset(_data()["retry_policy"])


@dataclass(frozen=True, slots=True)
class Words:
    """What an option or a setting does, in a sentence without a full stop.

    `type` is what it takes, where nothing else says so; `page` is where Celery's documentation
    tells more, below its address.
    """

    does: str
    type: str | None
    page: str


@cache
def words(section: Literal["task_options", "call_options", "settings"]) -> Mapping[str, Words]:
    """What is said about options and settings by name, written by hand (`data/words.json`)."""
    pages = _words()["pages"]
    return {
        name: Words(record["does"], record.get("type"), _page(section, name, record, pages))
        for name, record in _words()[section].items()
    }


def _page(section: str, name: str, record: Mapping[str, str], pages: Mapping[str, str]) -> str:
    page = pages[record.get("page", section)]
    return page.format(name=name, dashed=name.replace("_", "-"))


@cache
def _words() -> Any:
    return json.loads((files(__package__) / "data/words.json").read_text("utf-8"))


@cache
def _data() -> Any:
    return json.loads((files(__package__) / "data/celery.json").read_text("utf-8"))


def _present(section: str, version: Version | None) -> list[tuple[str, Any]]:
    wanted = NEWEST if version is None else min(max(version, VERSIONS[0]), NEWEST)
    return [
        (name, record)
        for name, record in _data()[section].items()
        if _since(record) <= wanted < _removed(record)
    ]


def _since(record: Mapping[str, str]) -> Version:
    return parse_version(record.get("since", "")) or VERSIONS[0]


def _removed(record: Mapping[str, str]) -> Version:
    return parse_version(record.get("removed", "")) or (99, 0)
