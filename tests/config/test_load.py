"""Configuration files: which one counts, what is wrong in them, and what holds then."""

import json
import time
from pathlib import Path

import pytest

from celeryls.config import Config, declared, load
from celeryls.config.schema import json_schema, markdown
from tests.rules.harness import write


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": ""})
    loaded = load(tmp_path)
    assert (loaded.config, loaded.path, loaded.problems) == (Config(), None, ())


FILES = {
    "pyproject": {"pyproject.toml": '[tool.celeryls]\nselect = ["CEL101"]\n'},
    "own file": {"celeryls.toml": 'select = ["CEL101"]\n'},
    "own file wins": {
        "celeryls.toml": 'select = ["CEL101"]\n',
        "pyproject.toml": '[tool.celeryls]\nselect = ["CEL104"]\n',
    },
    "above": {"../pyproject.toml": '[tool.celeryls]\nselect = ["CEL101"]\n'},
    "past one that says nothing": {
        "../pyproject.toml": '[tool.celeryls]\nselect = ["CEL101"]\n',
        "pyproject.toml": "[project]\n",
    },
    "the nearest": {
        "../pyproject.toml": '[tool.celeryls]\nselect = ["CEL104"]\n',
        "pyproject.toml": '[tool.celeryls]\nselect = ["CEL101"]\n',
    },
}


@pytest.mark.parametrize("how", FILES)
def test_which_file_counts(how: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder, {"x": "", **FILES[how]})
    loaded = load(folder)
    assert loaded.config.select == ("CEL101",)
    assert loaded.path is not None
    assert loaded.root.resolve() == loaded.path.parent.resolve()


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.celeryls]\nselect = ["CEL101"]\n'})
    write(tmp_path / "repo", {".git/HEAD": ""})
    assert load(tmp_path / "repo").config == Config()


# What somebody wrote, what the message must name.
WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "unknown key": ("selct = ['CEL101']", ('"selct"', 'did you mean "select"')),
    "unknown key, like none": ("zzzzzz = 1", ('"zzzzzz"',)),
    "text for a list": ("select = 'CEL101'", ('"select"', "list of strings")),
    "numbers in a list": ("ignore = [1]", ('"ignore"', "list of strings")),
    "severity as text": ("severity = 'error'", ('"severity"', "table")),
    "a severity that is none": ("severity = {CEL101 = 'fatal'}", ("error, warning", "CEL101")),
    "a severity that is no text": ("severity = {CEL101 = ['x']}", ("CEL101",)),
    "version as a number": ("celery-version = 5.4", ('"celery-version"', '"5.4"')),
    "version that is none": ("celery-version = 'new'", ('"celery-version"',)),
    "version of digits that aren't": ("celery-version = '5.²'", ('"celery-version"',)),
    "negative": ("debounce = -1", ('"debounce"', "0 to 10000")),
    "too long": ("debounce = 10001", ('"debounce"',)),
    "true is no number": ("debounce = true", ('"debounce"',)),
    "a fraction": ("debounce = 1.5", ('"debounce"',)),
    "empty text": ("python = ''", ('"python"', "text")),
    "a table": ("python = {a = 1}", ('"python"',)),
    "a date": ("src = 2020-01-01", ('"src"',)),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_can_not_be_taken_is_one_clear_message_and_the_default(
    how: str, tmp_path: Path
) -> None:
    line, parts = WRONG[how]
    write(tmp_path, {"pyproject.toml": f"[tool.celeryls]\n{line}\nexclude = ['kept']\n"})
    loaded = load(tmp_path)
    (problem,) = loaded.problems
    assert "\n" not in problem.message
    assert "pyproject.toml" in problem.message
    for part in parts:
        assert part in problem.message
    assert loaded.config == Config(exclude=("kept",))
    assert not loaded.broken


BROKEN = ["[tool.celeryls", "[tool.celeryls]\nselect = \n", "[tool.celeryls]\nx = 1\nx = 2\n"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_one_message(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": text})
    loaded = load(tmp_path)
    (problem,) = loaded.problems
    assert loaded.broken
    assert loaded.config == Config()
    assert "pyproject.toml" in problem.message
    assert "\n" not in problem.message


def test_a_file_that_is_not_utf_8_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "celeryls.toml").write_bytes(b"# \xff\n")
    loaded = load(tmp_path)
    assert loaded.broken
    assert "UTF-8" in loaded.problems[0].message


@pytest.mark.parametrize("value", ["1", "'x'", "[]", "[1]"])
def test_a_table_that_is_none_is_one_message(value: str, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": f"[tool]\nceleryls = {value}\n"})
    loaded = load(tmp_path)
    assert len(loaded.problems) == 1
    assert loaded.config == Config()


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a." * 20_000 + "b = 1\n", '"a".' * 20_000 + "b = 1\n"]
)
def test_a_hostile_file_takes_no_time(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"celeryls.toml": text})
    began = time.perf_counter()
    loaded = load(tmp_path)
    assert time.perf_counter() - began < 2
    assert (loaded.config, loaded.broken) == (Config(), True)


def test_a_folder_by_the_name_of_a_file_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"celeryls.toml/x": "", ".git/HEAD": ""})
    assert load(tmp_path).problems == ()


def test_the_editor_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"celeryls.toml": "select = ['CEL101']\nignore = ['CEL102']\n"})
    loaded = load(tmp_path, {"select": ["CEL104"], "debounce": 50})
    assert loaded.config == Config(select=("CEL104",), ignore=("CEL102",), debounce=50)


@pytest.mark.parametrize("key", ["celery-version", "celery_version", "celeryVersion"])
def test_keys_are_understood_in_three_spellings(key: str, tmp_path: Path) -> None:
    loaded = load(tmp_path, {key: "5.4"})
    assert (loaded.config.celery_version, loaded.problems) == ((5, 4), ())


def test_the_editor_can_not_set_what_belongs_in_the_file(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"src": ["backend"]})
    assert loaded.config.src == ()
    assert "pyproject.toml" in loaded.problems[0].message


@pytest.mark.parametrize("client", [{}, {"select": None}, {"python": None}])
def test_what_the_editor_leaves_empty_changes_nothing(client: dict, tmp_path: Path) -> None:
    write(tmp_path, {"celeryls.toml": "select = ['CEL101']\n"})
    loaded = load(tmp_path, client)
    assert (loaded.config.select, loaded.problems) == (("CEL101",), ())


@pytest.mark.parametrize("client", [{"select": {}}, {"": ""}, {"x" * 9999: []}])
def test_nonsense_from_the_editor_is_a_message(client: dict, tmp_path: Path) -> None:
    loaded = load(tmp_path, client)
    assert loaded.config == Config()
    assert len(loaded.problems) == 1


def test_every_setting_is_documented_and_its_example_is_taken(tmp_path: Path) -> None:
    schema, page = json_schema(), markdown()
    assert json.loads(json.dumps(schema)) == schema
    assert list(schema["properties"]) == [setting.name for setting in declared()]
    for setting in declared():
        assert f"`{setting.name}`" in page
        write(tmp_path, {"celeryls.toml": f"{setting.name} = {setting.example}\n"})
        assert load(tmp_path).problems == (), setting.name
