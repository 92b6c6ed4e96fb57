"""Every template says what it is for and what it is given, and makes what its examples show.

CELERYLS_UPDATE=1 rewrites what the examples show.
"""

import ast
import os
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from celeryls.generate.catalogue import BadTemplate, Catalogue, Variable, our_templates
from celeryls.generate.templates import render, template_folder
from celeryls.project.conventions import Conventions
from tests.rules.harness import write

OURS = our_templates()
TYPES = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "list[str]": lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
    "table": lambda value: isinstance(value, dict),
    "list[table]": lambda value: (
        isinstance(value, list) and all(isinstance(v, dict) for v in value)
    ),
}


def test_there_are_templates() -> None:
    assert "task/docstring.py.j2" in OURS.names
    assert template_folder() == OURS.folder


@pytest.mark.parametrize("name", OURS.names)
def test_a_template_makes_what_its_examples_show(name: str) -> None:
    template = OURS.template(name)
    made = [
        render(name, example.context, Conventions(line_length=example.line_length))
        for example in template.examples
    ]
    if os.environ.get("CELERYLS_UPDATE"):
        _rewrite(OURS.metadata_path(name), made)
        template = OURS.template(name)
    assert made == [example.expected for example in template.examples]
    if name.endswith(".py.j2") and not template.part:
        for text in made:
            ast.parse(text)


@pytest.mark.parametrize("name", OURS.names)
def test_what_a_template_is_given_is_of_the_type_that_is_declared(name: str) -> None:
    template = OURS.template(name)
    for variable in template.variables:
        assert not variable.about[:1].isupper(), variable
        assert not variable.about.endswith("."), variable
        for example in template.examples:
            value: Any = example.context
            for part in variable.name.split("."):
                value = value[part]
            assert TYPES[variable.type](value), (variable.name, value)


def test_every_variable_that_is_declared_is_used() -> None:
    declared: dict[tuple[str, str], Variable] = {}
    used: set[tuple[str, str]] = set()
    for template in OURS:
        for variable in OURS.declared(template.name).values():
            declared[variable.name, variable.about] = variable
        used |= {(variable.name, variable.about) for variable in template.variables}
    assert set(declared) == used


def test_nothing_lies_about() -> None:
    known = {OURS.folder / name for name in OURS.names}
    known |= {OURS.metadata_path(name) for name in OURS.names}
    assert len(known) == 2 * len(OURS.names), "two templates share a description"
    files = {path for path in OURS.folder.rglob("*") if path.is_file()}
    assert {path for path in files - known if path.name != "variables.toml"} == set()


GOOD = {
    "variables.toml": 'name = { type = "str", example = "x", about = "its name" }\n',
    "a.py.j2": "{{ name }}\n",
    "a.toml": "about = 'a name'\n[[examples]]\nexpected = 'x\\n'\n",
}
BAD = {
    "no description": ({"a.toml": None}, "a.toml"),
    "no word on what it is for": ({"a.toml": "[[examples]]\n"}, "needs about"),
    "no example": ({"a.toml": "about = 'a name'\n"}, "needs about"),
    "a key that means nothing": ({"a.toml": "abuot = 'a name'\n"}, "abuot"),
    "a variable that is declared nowhere": ({"a.py.j2": "{{ nam }}"}, "uses nam"),
    "one of a table": ({"a.py.j2": "{{ retry.delay }}"}, "uses retry.delay"),
    "a variable without a type": ({"variables.toml": "name.about = 'x'\n"}, "needs type"),
    "no table": ({"variables.toml": "name = 'x'\n"}, "no table"),
    "an example with a value that is not used": (
        {"a.toml": "about = 'a name'\n[[examples]]\ncontext.nmae = 'y'\n"},
        "nmae",
    ),
    "an include that is nowhere": ({"a.py.j2": '{% include "b.py.j2" %}'}, "b.py.j2"),
    "an include by a computed name": ({"a.py.j2": "{% include name %}"}, "computed"),
    "no Jinja": ({"a.py.j2": "{% if %}"}, "a.py.j2"),
    "an include that means something else": (
        {
            "a.py.j2": '{{ name }}{% include "b/c.py.j2" %}',
            "b/c.py.j2": "{{ name }}",
            "b/c.toml": "variables.name = { type = 'int', example = 1, about = 'other' }\n",
        },
        "means another name",
    ),
}


def test_a_good_template_is_taken(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (template,) = Catalogue(tmp_path)
    assert [variable.name for variable in template.variables] == ["name"]
    assert template.examples[0].context == {"name": "x"}


@pytest.mark.parametrize("kind", BAD)
def test_a_template_that_lacks_something_is_not_taken(kind: str, tmp_path: Path) -> None:
    changed, message = BAD[kind]
    write(tmp_path, {name: text for name, text in (GOOD | changed).items() if text is not None})
    with pytest.raises(BadTemplate, match=message):
        Catalogue(tmp_path).template("a.py.j2")


def _rewrite(path: Path, made: list[str]) -> None:
    document = tomlkit.parse(path.read_text("utf-8"))
    for example, text in zip(document["examples"], made, strict=True):
        # What is parsed keeps the newline after the quotes.
        example["expected"] = tomlkit.parse(f"text = '''\n{text}'''\n")["text"]
    path.write_text(tomlkit.dumps(document), "utf-8")
