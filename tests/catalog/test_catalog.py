"""The catalog against the Celery that is installed, and against itself."""

import json
from importlib.resources import files
from itertools import pairwise

import celery
import pytest
from celery.app import defaults
from celery.app.task import Task

from celeryls import catalog
from celeryls.catalog import ABSENT, NEWEST, VERSIONS

_INSTALLED = catalog.parse_version(celery.__version__)
DATA = json.loads((files(catalog) / "data/celery.json").read_text("utf-8"))
SECTIONS = ("task_options", "settings", "call_options", "signals", "exceptions")

# Attributes that Celery keeps for itself: as options they would break the task.
_INTERNAL = {"from_config", "request", "request_stack", "app"}


def test_the_versions_are_those_of_the_data() -> None:
    assert tuple(catalog.parse_version(v) for v in DATA["versions"]) == VERSIONS
    assert tuple(sorted(VERSIONS)) == VERSIONS
    assert VERSIONS[-1] == NEWEST
    for minor, full in DATA["versions"].items():
        assert full.startswith(minor + ".")


def test_the_tests_run_on_a_version_of_the_catalog() -> None:
    assert catalog.parse_version(celery.__version__) in VERSIONS


def test_every_attribute_of_a_task_is_an_option() -> None:
    attributes = {
        name
        for name in dir(Task)
        if not name.startswith("_")
        and name not in _INTERNAL
        and not callable(getattr(Task, name))
        and not isinstance(vars(Task).get(name), property)
    }
    assert attributes <= set(catalog.task_options(_INSTALLED))


def test_no_method_is_an_option_but_the_handlers() -> None:
    for name, option in catalog.task_options(_INSTALLED).items():
        if callable(getattr(Task, name, None)) and option.kind not in ("handler", "decorator"):
            assert name in ("Request", "Strategy", "backend"), name


def test_options_that_settings_give_are_celerys_own() -> None:
    ours = {
        name: option.setting
        for name, option in catalog.task_options(_INSTALLED).items()
        if option.setting is not None
    }
    celerys = {
        name: setting
        for name, setting in Task.from_config
        if not name.startswith("_") and name in catalog.task_options(_INSTALLED)
    }
    assert celerys.items() <= ours.items()
    assert set(ours.values()) <= set(defaults.DEFAULTS)


@pytest.mark.parametrize(
    ("name", "default"),
    [("retry_backoff", False), ("retry_backoff_max", 600), ("retry_jitter", True)],
)
def test_the_options_of_autoretry(name: str, default: object) -> None:
    option = catalog.task_options(_INSTALLED)[name]
    assert (option.kind, option.default) == ("autoretry", default)


def test_settings_are_celerys_own() -> None:
    assert set(catalog.settings(_INSTALLED)) == set(defaults.DEFAULTS)


# The catalog has the newest version's default of each.
_OTHER_DEFAULTS_BEFORE = (
    "control_queue_exclusive",
    "database_engine_options",
    "event_queue_exclusive",
)


def test_the_defaults_of_settings_are_celerys_own() -> None:
    for name, setting in catalog.settings(_INSTALLED).items():
        if name in _OTHER_DEFAULTS_BEFORE and _INSTALLED != NEWEST:
            continue
        if setting.default is ABSENT:
            assert not isinstance(defaults.DEFAULTS[name], bool | int | float | str | None), name
        else:
            value = defaults.DEFAULTS[name]
            plain = list(value) if isinstance(value, tuple | set | frozenset) else value
            assert plain == setting.default, name
            assert type(plain) is type(setting.default), name


def test_old_names_are_those_that_celery_reads() -> None:
    settings = catalog.settings(_INSTALLED)
    ours = {old: name for name, setting in settings.items() for old in setting.old_names}
    assert ours == {
        old: new for old, new in defaults._TO_NEW_KEY.items() if new in defaults.DEFAULTS
    }
    for old, new in ours.items():
        assert catalog.setting_for_old_name(old) == new


@pytest.mark.parametrize("name", ["task_acks_late", "", "celery_acks_late", "CELERY_NOTHING"])
def test_what_is_no_old_name(name: str) -> None:
    assert catalog.setting_for_old_name(name) is None


@pytest.mark.parametrize(
    "option",
    ["countdown", "eta", "expires", "queue", "link", "headers", "task_id", "retry_policy"],
)
def test_options_of_apply_async(option: str) -> None:
    assert option in catalog.call_options()


def test_signals_and_exceptions_are_celerys_own() -> None:
    for section, names in (
        ("signals", celery.signals.__all__),
        ("exceptions", celery.exceptions.__all__),
    ):
        here = {
            name
            for name, record in DATA[section].items()
            if (catalog.parse_version(record.get("since", "")) or VERSIONS[0]) <= _INSTALLED
            and "removed" not in record
        }
        assert here == set(names), section


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_removed_was_there_before(section: str) -> None:
    for name, record in DATA[section].items():
        since = catalog.parse_version(record.get("since", "0.0"))
        removed = catalog.parse_version(record.get("removed", "99.0"))
        deprecated = catalog.parse_version(record.get("deprecated", "99.0"))
        assert since is not None and removed is not None and deprecated is not None
        assert since < removed, name
        assert since <= deprecated, name
        for version in (since, removed):
            assert version in (*VERSIONS, (0, 0), (99, 0)), name


def test_each_version_differs_from_the_one_before_as_the_data_says() -> None:
    for older, newer in pairwise(VERSIONS):
        before, after = catalog.task_options(older), catalog.task_options(newer)
        added = {n for n, r in DATA["task_options"].items() if r.get("since") == _text(newer)}
        removed = {n for n, r in DATA["task_options"].items() if r.get("removed") == _text(newer)}
        assert set(after) - set(before) == added
        assert set(before) - set(after) == removed


def _text(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def test_newer_and_older_versions_than_known_are_the_nearest_known() -> None:
    assert catalog.task_options((99, 0)) == catalog.task_options(NEWEST)
    assert catalog.task_options((4, 4)) == catalog.task_options(VERSIONS[0])
    assert catalog.task_options(None) == catalog.task_options(NEWEST)
    assert set(catalog.settings((5, 3))) < set(catalog.settings((5, 7)))


@pytest.mark.parametrize(
    ("text", "version"),
    [("5.4.0", (5, 4)), (">=5.3,<6", (5, 3)), ("5.10", (5, 10)), ("", None), ("5", None)],
)
def test_versions_are_read(text: str, version: tuple[int, int] | None) -> None:
    assert catalog.parse_version(text) == version


def test_settings_that_celery_does_not_declare_are_known_all_the_same() -> None:
    undeclared = {n for n, r in DATA["settings"].items() if not r.get("declared", True)}
    assert len(undeclared) == 26
    assert undeclared <= catalog.known_settings()
    assert not undeclared & set(defaults.DEFAULTS)
    assert set(defaults.DEFAULTS) <= catalog.known_settings()


@pytest.mark.parametrize(
    ("name", "known"),
    [("once", True), ("redbeat_redis_url", True), ("oncer", False), ("task_acks_late", False)],
)
def test_settings_of_other_packages(name: str, known: bool) -> None:
    assert catalog.is_third_party_setting(name) is known


WORDS = json.loads((files(catalog) / "data/words.json").read_text("utf-8"))


@pytest.mark.parametrize("section", ["task_options", "call_options", "settings"])
def test_there_are_words_for_every_option_and_setting(section) -> None:
    assert catalog.words(section).keys() == DATA[section].keys()
    for name, said in catalog.words(section).items():
        assert said.does[0].isupper(), name
        assert not said.does.endswith("."), name
        assert "{" not in said.page, name


def test_every_page_is_used() -> None:
    sections = ("task_options", "call_options", "settings")
    used = {
        record.get("page", section) for section in sections for record in WORDS[section].values()
    }
    assert used == WORDS["pages"].keys()
