"""How the tools of a project want its code laid out, by their configuration files."""

from pathlib import Path

import pytest

from celeryls.project.formatting import formatting_of
from tests.rules.harness import write

LENGTHS: dict[str, tuple[dict[str, str], int]] = {
    "nothing": ({}, 88),
    "ruff": ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, 100),
    "ruff without a length": ({"pyproject.toml": "[tool.ruff.lint]\nselect = ['E']\n"}, 88),
    "ruff.toml": ({"ruff.toml": "line-length = 120\n"}, 120),
    ".ruff.toml first": ({"ruff.toml": "line-length = 1", ".ruff.toml": "line-length = 99"}, 99),
    "the nearest": (
        {"pyproject.toml": "[tool.ruff]\nline-length = 100\n", "shop/ruff.toml": "line-length=72"},
        72,
    ),
    "one that extends another": (
        {"ruff.toml": "line-length = 110", "shop/ruff.toml": 'extend = "../ruff.toml"\n'},
        110,
    ),
    "one that extends itself": ({"ruff.toml": 'extend = "ruff.toml"\nline-length = 90\n'}, 90),
    "a shorter one to check": (
        {"ruff.toml": "line-length = 100\n[lint.pycodestyle]\nmax-line-length = 80\n"},
        80,
    ),
    "black": ({"pyproject.toml": "[tool.black]\nline-length = 79\n"}, 79),
    "black without a length": ({"pyproject.toml": "[tool.black]\n", ".flake8": "[flake8]\n"}, 88),
    "flake8": ({".flake8": "[flake8]\nmax-line-length = 119\n"}, 119),
    "flake8, underscores": ({"setup.cfg": "[flake8]\nmax_line_length: 119\n"}, 119),
    "flake8 without a length": ({"tox.ini": "[flake8]\nignore = E203\n"}, 79),
    "pycodestyle": ({"setup.cfg": "[pycodestyle]\nmax-line-length = 90\n"}, 90),
    "the formatter, not the linter": (
        {"ruff.toml": "line-length = 100", "setup.cfg": "[flake8]\nmax-line-length = 160\n"},
        100,
    ),
    "nonsense": ({"ruff.toml": 'line-length = "wide"', ".flake8": "[flake8\n"}, 88),
    "out of bounds": ({"ruff.toml": "line-length = 100000"}, 88),
    "broken": ({"pyproject.toml": "[[[", "setup.cfg": "x"}, 88),
    "strange": ({"pyproject.toml": "tool = 1\n"}, 88),
}
QUOTES: dict[str, tuple[dict[str, str], str | None]] = {
    "nothing": ({}, None),
    "ruff": ({"ruff.toml": '[format]\nquote-style = "single"\n'}, "'"),
    "ruff, as they are": ({"ruff.toml": '[format]\nquote-style = "preserve"\n'}, None),
    "ruff formats": ({"ruff.toml": '[format]\nindent-style = "space"\n'}, '"'),
    "ruff may only check": ({"ruff.toml": "line-length = 100\n"}, None),
    "flake8-quotes in ruff": ({"ruff.toml": "[lint.flake8-quotes]\ninline-quotes='single'\n"}, "'"),
    "black": ({"pyproject.toml": "[tool.black]\nline-length = 100\n"}, '"'),
    "black, as they are": (
        {"pyproject.toml": "[tool.black]\nskip-string-normalization=true"},
        None,
    ),
    "flake8-quotes": ({"setup.cfg": "[flake8]\ninline-quotes = '\n"}, "'"),
    "flake8-quotes in words": ({"setup.cfg": "[flake8]\ninline-quotes = double\n"}, '"'),
}


@pytest.mark.parametrize("how", LENGTHS)
def test_the_line_length(how: str, tmp_path: Path) -> None:
    files, length = LENGTHS[how]
    write(tmp_path, files)
    path = str(tmp_path / "shop/tasks.py")
    assert formatting_of(path, (tmp_path,)).line_length == length


@pytest.mark.parametrize("how", QUOTES)
def test_the_quotes(how: str, tmp_path: Path) -> None:
    files, quotes = QUOTES[how]
    write(tmp_path, files)
    assert formatting_of(str(tmp_path / "tasks.py"), (tmp_path,)).quotes == quotes


def test_imports(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ruff.toml": (
                '[lint.isort]\nrequired-imports = ["from __future__ import annotations"]\n'
                '[lint.flake8-tidy-imports]\nban-relative-imports = "all"\n'
            )
        },
    )
    found = formatting_of(str(tmp_path / "tasks.py"), (tmp_path,))
    assert (found.lazy_annotations, found.absolute_imports) == (True, True)


STRICT: dict[str, tuple[dict[str, str], bool]] = {
    "nothing": ({}, False),
    "mypy": ({"pyproject.toml": "[tool.mypy]\npretty = true\n"}, False),
    "strict": ({"pyproject.toml": "[tool.mypy]\nstrict = true\n"}, True),
    "mypy.ini": ({"mypy.ini": "[mypy]\ndisallow_untyped_defs = True\n"}, True),
    "setup.cfg": ({"setup.cfg": "[mypy]\ndisallow_incomplete_defs = true\n"}, True),
    "not strict": ({"mypy.ini": "[mypy]\nstrict = False\n"}, False),
    "ruff": ({"ruff.toml": "[lint]\nselect = ['E', 'ANN001']\n"}, True),
    "ruff, all but that": ({"ruff.toml": "lint.select = ['ALL']\nlint.ignore = ['ANN']\n"}, False),
    "ruff, others": ({"ruff.toml": "lint.extend-select = ['E']\n"}, False),
}


@pytest.mark.parametrize("how", STRICT)
def test_whether_each_parameter_wants_a_type(how: str, tmp_path: Path) -> None:
    files, strict = STRICT[how]
    write(tmp_path, files)
    assert formatting_of(str(tmp_path / "tasks.py"), (tmp_path,)).strict_types is strict


def test_files_above_the_project_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, {"ruff.toml": "line-length = 100", "shop/x.py": ""})
    assert formatting_of(str(tmp_path / "shop/x.py"), (tmp_path / "shop",)).line_length == 88


def test_a_change_is_seen(tmp_path: Path) -> None:
    for length in (90, 100):
        write(tmp_path, {"ruff.toml": f"line-length  = {length}"})
        found = formatting_of(str(tmp_path / "x.py"), (tmp_path,))
        assert found.line_length == length
