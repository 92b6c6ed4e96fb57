"""A dependency goes into the file that a project uses, and all else there stays."""

import difflib

import pytest

from celeryls.forms import AnswerError
from celeryls.generate.requirement import Requirement, declare

CELERY = Requirement("celery", ">=5.7,<6")
WITH_REDIS = Requirement("celery", ">=5.7,<6", ("redis",))
LINE = '"celery>=5.7,<6"'

CASES = {
    # --- requirements: below the last line, or in its place where they are sorted
    "empty": ("requirements.txt", "", "+celery>=5.7,<6"),
    "one": ("requirements.txt", "flask\n", "+celery>=5.7,<6"),
    "unsorted": ("requirements.txt", "flask\nattrs==1\n", "+celery>=5.7,<6"),
    "sorted": ("requirements.txt", "attrs==1  # why\nDjango>4\n", "+celery>=5.7,<6"),
    "sorted, last": ("requirements.in", "attrs\nblack\n", "+celery>=5.7,<6"),
    "comments": (
        "requirements/base.txt",
        "-r other.txt\n\nattrs\nblack\n# the web\ndjango\n",
        "+celery>=5.7,<6",
    ),
    "only options": ("requirements.txt", "-r base.txt\n-e .\n", "+celery>=5.7,<6"),
    "continued": ("requirements.txt", 'zope ; \\\n  python_version > "3"\n', "+celery>=5.7,<6"),
    # --- PEP 621
    "inline": (
        "pyproject.toml",
        '[project]\nname = "x"  # a\ndependencies = ["flask"] # b\n[tool.x]\na = [1,2]\n',
        f'-dependencies = ["flask"] # b\n+dependencies = ["flask", {LINE}] # b',
    ),
    "inline, empty": (
        "pyproject.toml",
        "[project]\ndependencies = []\n",
        f"-dependencies = []\n+dependencies = [{LINE}]",
    ),
    "multi-line": (
        "pyproject.toml",
        '[project]\ndependencies = [\n  "attrs", # a\n  # b\n  "flask>=2",\n]\n[x]\n',
        f"+  {LINE},",
    ),
    "multi-line, comment last": (
        "pyproject.toml",
        '[project]\ndependencies = [\n\t"attrs",\n\t# b\n]\n',
        f"+\t{LINE},",
    ),
    "no dependencies": (
        "pyproject.toml",
        '[project]\nname = "x"\n\n[tool.ruff]\nline-length = 100\n',
        f"+dependencies = [{LINE}]",
    ),
    "poetry 2 with PEP 621": (
        "pyproject.toml",
        '[project]\ndependencies = ["a"]\n[tool.poetry]\npackages = []\n',
        f'-dependencies = ["a"]\n+dependencies = ["a", {LINE}]',
    ),
    # --- Poetry, Pipfile
    "poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.10" # a\nflask = "*"\n\n'
        '[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
        '+celery = ">=5.7,<6"',
    ),
    "pipenv": (
        "Pipfile",
        '[[source]]\nurl = "https://example"\n\n[packages]\n# a\nflask = "*"\n\n[dev-packages]\n',
        '+celery = ">=5.7,<6"',
    ),
    # --- setup.cfg
    "setup.cfg": (
        "setup.cfg",
        "[metadata]\nname = x\n\n[options]\ninstall_requires =\n    attrs\n    # b\n    flask>2\n"
        "packages = find:\n\n[options.extras_require]\ntest =\n    pytest\n",
        "+    celery>=5.7,<6",
    ),
    "setup.cfg, last": (
        "setup.cfg",
        "[options]\ninstall_requires=\n  attrs\n",
        "+  celery>=5.7,<6",
    ),
}


def changed(before: str, after: str) -> str:
    """The lines that differ."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES)
def test_one_line_changes(case: str, newline: str) -> None:
    file, before, expected = CASES[case]
    before = before.replace("\n", newline)
    after = declare(file, before, CELERY)
    assert changed(before, after) == expected
    if before:
        assert after.count(newline) == after.count("\n"), "line endings are kept"
        assert after.endswith(newline)


def test_the_line_is_in_its_place_among_sorted_ones() -> None:
    after = declare("requirements.txt", "attrs\nblack\n# the web\ndjango\n", CELERY)
    assert after == "attrs\nblack\ncelery>=5.7,<6\n# the web\ndjango\n"
    after = declare("requirements.txt", "# all\nDjango\nflask", CELERY)
    assert after == "# all\ncelery>=5.7,<6\nDjango\nflask"
    assert declare("requirements.txt", "flask", CELERY) == "flask\ncelery>=5.7,<6\n"


def test_extras() -> None:
    assert "celery[redis]>=5.7,<6" in declare("requirements.txt", "", WITH_REDIS)
    assert '["celery[redis]>=5.7,<6"]' in declare("pyproject.toml", "[project]\n", WITH_REDIS)
    for file, text in (
        ("pyproject.toml", "[tool.poetry.dependencies]\n"),
        ("Pipfile", "[packages]\n"),
    ):
        after = declare(file, text, WITH_REDIS)
        assert 'celery = {version = ">=5.7,<6", extras = ["redis"]}' in after


@pytest.mark.parametrize(
    ("file", "text", "part"),
    [
        ("requirements.txt", "a==1 \\\n    --hash=sha256:00\n", "hashes"),
        ("pyproject.toml", "[project\n", "can't be edited"),
        ("pyproject.toml", '[project]\ndependencies = "x"\n', "can't be edited"),
        ("pyproject.toml", "[tool.x]\n", "can't be edited"),
        ("Pipfile", "packages = 1\n", "can't be edited"),
        ("setup.cfg", "[options]\ninstall_requires = attrs\n", "on one line"),
        ("setup.cfg", "[metadata]\ninstall_requires =\n    attrs\n", "no install_requires"),
    ],
)
def test_what_can_not_be_edited_is_said_with_what_to_add(file: str, text: str, part: str) -> None:
    with pytest.raises(AnswerError) as refused:
        declare(file, text, CELERY)
    assert part in refused.value.message
    assert "celery>=5.7,<6" in refused.value.message
    assert "\n" not in refused.value.message
