"""`celeryls templates`, and what `celeryls new` makes of templates that a project has."""

from pathlib import Path

import pytest
from jinja2 import Environment

from celeryls.generate.catalogue import our_templates
from tests.cli.running import Run, script
from tests.cli.test_writing import listing
from tests.rules.harness import write

CONFIG = 'templates = "ours"\n'
DOCSTRING = "task/docstring.py.j2"


def test_all_are_listed_with_what_they_are_given(run: Run) -> None:
    lines = run("templates").out.splitlines()
    listed = [line for line in lines if not line.startswith(" ")]
    assert listed == [f"{template.name}  {template.about}" for template in our_templates()]
    below = lines[lines.index(f"{DOCSTRING}  {our_templates().template(DOCSTRING).about}") + 1]
    assert below.strip() == "purpose, described, result.description"
    assert max(map(len, lines)) <= 100


def test_the_projects_own_are_marked(run: Run) -> None:
    write(run.folder, {"celeryls.toml": CONFIG, f"ours/{DOCSTRING}": "", "ours/task/bdy.py.j2": ""})
    ran = run("templates")
    (line,) = [line for line in ran.out.splitlines() if "ours" in line]
    assert line.startswith(DOCSTRING)
    assert line.endswith(f"(the project's: ours/{DOCSTRING})")
    assert "ours/task/bdy.py.j2 takes the place of none; did you mean task/body.py.j2?" in ran.err
    owns = {item["name"]: item["own"] for item in run("templates", "--output-format", "json").json}
    assert {name for name, own in owns.items() if own} == {DOCSTRING}
    assert f"The project has its own: ours/{DOCSTRING}" in run("templates", DOCSTRING).out


@pytest.mark.parametrize("name", [DOCSTRING, "task/docstring"])
def test_one_is_explained(name: str, run: Run) -> None:
    out = run("templates", name).out
    template = our_templates().template(DOCSTRING)
    assert out.startswith(f"{DOCSTRING}: {template.about}\n")
    for variable in template.variables:
        assert variable.about in out
    for text in (template.source, *(example.expected for example in template.examples)):
        for line in text.splitlines():
            assert f"    {line}".rstrip() in out


@pytest.mark.parametrize("command", [(), ("eject",)])
def test_an_unknown_name(command: tuple[str, ...], run: Run) -> None:
    run("templates", *command, "task/docstrng").says('no template "task/docstrng"', "did you mean")
    run("templates", *command, "../../x").says("no template")
    assert listing(run.folder) == {}


@pytest.mark.parametrize(
    ("files", "where"),
    [
        ({}, 'write into celeryls.toml: templates = "celeryls-templates"'),
        ({"pyproject.toml": ""}, "write into pyproject.toml, below [tool.celeryls]: templates ="),
        ({"pyproject.toml": "[tool.celeryls]\n"}, "write into pyproject.toml, below"),
        ({"celeryls.toml": ""}, "write into celeryls.toml: templates ="),
    ],
)
def test_one_is_copied_out_and_where_to_name_the_folder_is_said(
    files: dict[str, str], where: str, run: Run
) -> None:
    write(run.folder, files)
    ran = run("templates", "eject", "task/docstring")
    assert (ran.code, ran.err) == (0, "")
    wrote, following = ran.out.splitlines()
    assert wrote == f"wrote celeryls-templates/{DOCSTRING}"
    assert where in following
    assert set(listing(run.folder)) == {*files, f"celeryls-templates/{DOCSTRING}"}


def test_a_folder_that_is_configured_is_taken_from_anywhere_in_the_project(run: Run) -> None:
    write(run.folder, {"celeryls.toml": CONFIG, "shop/x.py": ""})
    run.folder = run.folder / "shop"
    ran = run("templates", "eject", DOCSTRING)
    assert len(ran.out.splitlines()) == 1
    assert (run.folder.parent / "ours" / DOCSTRING).is_file()


def test_nothing_is_overwritten(run: Run) -> None:
    write(run.folder, {"celeryls.toml": CONFIG, f"ours/{DOCSTRING}": "mine"})
    before = listing(run.folder)
    run("templates", "eject", DOCSTRING).says("exists", "nothing is overwritten")
    assert listing(run.folder) == before


@pytest.mark.parametrize("folder", ["../out", "/tmp/out", "link", "link/ours"])
def test_nothing_is_written_outside_of_the_project(folder: str, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (run.folder / "link").symlink_to(outside)
    write(run.folder, {"celeryls.toml": f'templates = "{folder}"\n'})
    run("templates", "eject", DOCSTRING).says("templates: ")
    assert list(outside.iterdir()) == []


def test_a_link_inside_of_the_folder_leads_nowhere(run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    write(run.folder, {"celeryls.toml": CONFIG, "ours/README.md": ""})
    (run.folder / "ours/task").symlink_to(outside)
    run("templates", "eject", DOCSTRING).says("a link leads there")
    assert list(outside.iterdir()) == []


def test_what_is_copied_makes_the_same(run: Run) -> None:
    before = run("new", "sync", "--yes", "--dry-run").out
    write(run.folder, {"celeryls.toml": CONFIG})
    for template in our_templates():
        assert run("templates", "eject", template.name).code == 0
        copied = (run.folder / "ours" / template.name).read_text("utf-8")
        assert copied.startswith("{# ")
        assert copied.endswith(template.source)
        Environment().parse(copied)
    assert run("new", "sync", "--yes", "--dry-run").out == before


def test_the_script_writes_a_task_with_the_docstring_of_a_team(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.celeryls]\ntemplates = "celeryls-templates"\n'})
    ejected = script(tmp_path, "templates", "eject", "task/docstring")
    assert ejected.code == 0, ejected.err
    path = tmp_path / "celeryls-templates" / DOCSTRING
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('"""\n{% endif %}', "Owner: team shop.\n" + " " * 4 + '"""\n{% endif %}')
    )
    ran = script(tmp_path, "new", "sync_product", "--yes", "--set", "parameters=product_id: int")
    assert ran.code == 0, ran.err
    assert (
        '    """Sync product.\n'
        "\n"
        "    Args:\n"
        "        product_id: Product id.\n"
        "\n"
        "    Returns:\n"
        "        A dict with the status and the ids it was given.\n"
        "    Owner: team shop.\n"
        '    """\n'
    ) in (tmp_path / "tasks.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ purpos }}", "1: 'purpos' is undefined"),
        ("{% if %}", "1: Expected an expression"),
        (
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "1: takes",
        ),
        ('{{ "x" * 10**10 }}', "1: takes more than 256 MB of memory"),
        ('    """{{ purpose }}', "1: makes code that does not parse"),
    ],
)
def test_what_is_broken_is_one_line_and_nothing_is_written(
    text: str, message: str, tmp_path: Path
) -> None:
    write(tmp_path, {"celeryls.toml": CONFIG, f"ours/{DOCSTRING}": text})
    before = listing(tmp_path)
    script(tmp_path, "new", "sync", "--yes").says(f"ours/{DOCSTRING}:{message}", "mend it, or take")
    assert listing(tmp_path) == before
