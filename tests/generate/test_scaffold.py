"""The plan of an app where there is none: which files, what stays, what is refused."""

import os
from pathlib import Path

import pytest

from celeryls.engine.selection import Selection
from celeryls.forms import AnswerError
from celeryls.forms.scaffold_form import ScaffoldSpec
from celeryls.ide import set_up
from celeryls.ide.actions import Place as Cursor
from celeryls.ide.actions import actions, resolve
from celeryls.ide.dialogue import Place
from celeryls.ide.vocabulary import SET_UP, CannotDo
from celeryls.project.detection import Framework, detect
from celeryls.text import Span
from celeryls.text.files import read_source
from tests.generate.projects import after, project
from tests.generate.scaffolds import DJANGO, FLASK, KINDS, answered, planned, scaffolded

FILES = {
    "plain": {".gitignore", "celery_app.py"},
    "package": {".gitignore", "shop/celery_app.py", "pyproject.toml"},
    "django": {".gitignore", "mysite/__init__.py", "mysite/celery.py", "mysite/settings.py"},
    "flask": {".gitignore", "shop/celery_app.py", "pyproject.toml"},
    "flask_at_once": {".gitignore", "celery_app.py"},
    "flask_without_web": {".gitignore", "celery_app.py", "web.py", "requirements.txt"},
    "fastapi": {".gitignore", "src/shop/celery_app.py", "requirements.txt"},
    "fastapi_without_web": {".gitignore", "celery_app.py", "main.py", "requirements.txt"},
}
APP = {
    "plain": "celery_app",
    "package": "shop.celery_app",
    "django": "mysite",
    "flask": "shop.celery_app",
    "flask_at_once": "celery_app",
    "flask_without_web": "celery_app",
    "fastapi": "shop.celery_app",
    "fastapi_without_web": "celery_app",
}
WEB = {
    "django": "python manage.py runserver",
    "flask": "flask --app shop run",
    "flask_at_once": "flask --app web run",
    "flask_without_web": "flask --app web run",
    "fastapi": "uvicorn shop.api:api --reload",
    "fastapi_without_web": "uvicorn main:app --reload",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_planned_where_and_what_comes_next(tmp_path: Path, kind: str) -> None:
    snapshot, plan = planned(tmp_path, KINDS[kind])
    assert {snapshot.relative(change.path) for change in plan.changes} == FILES[kind]
    assert all(change.summary for change in plan.changes)
    commands = [step.command for step in plan.next_steps]
    assert f"celery -A {APP[kind]} worker -l info" in commands
    assert WEB.get(kind) in [*commands, None]
    assert "celeryls new" in commands
    assert not (tmp_path / ".gitignore").exists(), "nothing is written yet"


@pytest.mark.parametrize("kind", KINDS)
def test_the_app_is_found_afterwards_and_a_second_one_refused(tmp_path: Path, kind: str) -> None:
    scaffolded(tmp_path, KINDS[kind])
    snapshot = project(tmp_path, {})
    found = detect(snapshot)
    assert len(found.apps) == 1
    assert found.broker == "filesystem"
    with pytest.raises(AnswerError, match=r"has an app already: app in .*celery"):
        set_up.plan(snapshot, Place(str(tmp_path / "x.py")), ScaffoldSpec(found.framework))


# --- what is declared ------------------------------------------------------------------


def test_celery_is_declared_where_it_is_not_and_nowhere_twice(tmp_path: Path) -> None:
    files = {"requirements.txt": "celery==5.4.0\nredis\n"}
    snapshot, plan = planned(tmp_path, files, broker="redis")
    assert "requirements.txt" not in after(plan, snapshot)
    asked = set_up.form(snapshot, Place(str(tmp_path / "x.py")), None)
    assert "dependency" not in [field.id for field in asked.fields]


@pytest.mark.parametrize(
    ("broker", "line"),
    [
        ("later", "celery>=5.7,<6"),
        ("rabbitmq", "celery>=5.7,<6"),
        ("redis", "celery[redis]>=5.7,<6"),
        ("sqs", "celery[sqs]>=5.7,<6"),
    ],
)
def test_the_broker_decides_what_celery_comes_with(tmp_path: Path, broker: str, line: str) -> None:
    snapshot, plan = planned(tmp_path, {"requirements.txt": ""}, broker=broker)
    assert after(plan, snapshot)["requirements.txt"] == line + "\n"
    urls = [step.command for step in plan.next_steps if "CELERY_BROKER_URL" in str(step.command)]
    assert len(urls) == (broker != "later")


def test_beside_an_app_only_the_dependency_is_left(tmp_path: Path) -> None:
    app = "from celery import Celery\n\napp = Celery()\n"
    files = {"app.py": app, "pyproject.toml": '[project]\nname = "x"\n'}
    snapshot, plan = planned(tmp_path, files)
    assert list(after(plan, snapshot)) == ["pyproject.toml"]
    assert plan.notes == ("The project has an app already: app in app.py.",)
    asked = set_up.form(snapshot, Place(""), None)
    assert [field.id for field in asked.fields] == ["dependency"]
    with pytest.raises(AnswerError, match="has an app already"):
        planned(tmp_path, files, dependency=False)
    (tmp_path / "pyproject.toml").unlink()
    with pytest.raises(AnswerError, match="has an app already"):
        planned(tmp_path, {"app.py": app, "setup.cfg": "[metadata]\nname = x\n"})


def test_where_nothing_is_declared_the_line_to_add_is_said(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, {})
    (note,) = plan.notes
    assert "put celery>=5.7,<6 into requirements.txt" in note
    assert plan.next_steps[0].command == "pip install 'celery>=5.7,<6'"


def test_who_does_not_want_it_declared_is_told_what_is_missing(tmp_path: Path) -> None:
    snapshot, plan = planned(tmp_path, {"requirements.txt": "x\n"}, dependency=False)
    assert "requirements.txt" not in after(plan, snapshot)
    assert plan.notes == ("celery>=5.7,<6 is not declared.",)


def test_a_file_that_can_not_take_it_is_the_answer_to_change(tmp_path: Path) -> None:
    files = {"requirements.txt": "a==1 \\\n    --hash=sha256:00\n"}
    with pytest.raises(AnswerError, match="hashes") as refused:
        planned(tmp_path, files)
    assert refused.value.field == "dependency"
    assert planned(tmp_path, files, dependency="no")


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"pyproject.toml": '[project]\nname = "x"\n'}, "pip install -e ."),
        ({"pyproject.toml": '[project]\nname = "x"\n', "uv.lock": ""}, "uv sync"),
        ({"pyproject.toml": '[project]\nname = "x"\n', "pdm.lock": ""}, "pdm install"),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.10"\n'},
            "poetry lock && poetry install",
        ),
        ({"Pipfile": "[packages]\n"}, "pipenv install"),
        ({"requirements/base.txt": "x\n"}, "pip install -r requirements/base.txt"),
        (
            {"requirements.in": "x\n"},
            "pip-compile requirements.in && pip install -r requirements.txt",
        ),
    ],
)
def test_what_installs_it(tmp_path: Path, files: dict[str, str], command: str) -> None:
    _, plan = planned(tmp_path, files)
    assert plan.next_steps[0].command == command


# --- what is there stays ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", ".celery/\ncelerybeat-schedule*\n"),
        ("*.pyc", "*.pyc\n.celery/\ncelerybeat-schedule*\n"),
        ("*.pyc\r\n", "*.pyc\r\n.celery/\r\ncelerybeat-schedule*\r\n"),
        ("celerybeat-schedule\n", "celerybeat-schedule\n.celery/\n"),
        ("/.celery\ncelerybeat-schedule*", None),
        ("x\n .celery/ \ncelerybeat-schedule*\n", None),
    ],
)
def test_gitignore(tmp_path: Path, before: str, expected: str | None) -> None:
    snapshot, plan = planned(tmp_path, {".gitignore": before})
    assert after(plan, snapshot).get(".gitignore") == expected


def test_a_module_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=r"celery_app\.py exists; nothing is overwritten"):
        planned(tmp_path, {"celery_app.py": "x = 1\n"})
    snapshot, plan = planned(tmp_path, {}, file="jobs/app.py")
    assert "jobs/app.py" in after(plan, snapshot)


def test_with_django_a_module_celery_leaves_the_name_to_it(tmp_path: Path) -> None:
    snapshot, plan = planned(tmp_path, {**DJANGO, "mysite/celery.py": "x = 1\n"})
    texts = after(plan, snapshot)
    assert "mysite/celery.py" not in texts
    assert "config_from_object" in texts["mysite/celery_app.py"]
    assert "from .celery_app import app as celery_app" in texts["mysite/__init__.py"]


def test_the_package_of_django_keeps_what_it_has(tmp_path: Path) -> None:
    init = '"""Mine."""\n\nimport os\n\n__all__ = ["a"]  # b\n\na = os\n'
    snapshot, plan = planned(tmp_path, {**DJANGO, "mysite/__init__.py": init})
    text = after(plan, snapshot)["mysite/__init__.py"]
    assert set(init.splitlines()) - set(text.splitlines()) == {'__all__ = ["a"]  # b'}
    assert '__all__ = ["a", "celery_app"]  # b' in text
    snapshot, plan = planned(tmp_path, {**DJANGO, "mysite/__init__.py": "celery_app = None\n"})
    assert "mysite/__init__.py" not in after(plan, snapshot)
    assert "has a celery_app already" in plan.notes[0]


def test_settings_for_celery_that_are_there_stay(tmp_path: Path) -> None:
    settings = DJANGO["mysite/settings.py"] + (
        'if DEBUG:\n    CELERY_BROKER_URL = "redis://mine"\nCELERY_TASK_ACKS_LATE = False\n'
    )
    snapshot, plan = planned(tmp_path, {**DJANGO, "mysite/settings.py": settings})
    text = after(plan, snapshot)["mysite/settings.py"]
    for line in settings.splitlines():
        assert line in text.splitlines()
    for name in ("BROKER_URL", "TASK_ACKS_LATE"):
        assert text.count(f"CELERY_{name} =") == 1
    # All about the broker is left to who has one.
    assert "CELERY_BROKER_TRANSPORT_OPTIONS" not in text
    assert "CELERY_RESULT_BACKEND" not in text
    assert "CELERY_TASK_QUEUES" in text
    assert "has CELERY_BROKER_URL, CELERY_TASK_ACKS_LATE already" in plan.notes[0]


def test_settings_that_override_others_stay_last(tmp_path: Path) -> None:
    last = "try:\n    from .local import *\nexcept ImportError:\n    pass\n"
    settings = DJANGO["mysite/settings.py"] + "\n" + last
    snapshot, plan = planned(tmp_path, {**DJANGO, "mysite/settings.py": settings})
    text = after(plan, snapshot)["mysite/settings.py"]
    assert text.endswith("]\n\n" + last)
    assert "CELERY_TASK_QUEUES" in text


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_endings_and_a_byte_order_mark_are_kept(
    tmp_path: Path, newline: str, bom: bytes
) -> None:
    project(tmp_path, DJANGO)
    before = DJANGO["mysite/settings.py"].replace("\n", newline).encode()
    (tmp_path / "mysite/settings.py").write_bytes(bom + before)
    scaffolded(tmp_path, {})
    written = (tmp_path / "mysite/settings.py").read_bytes()
    assert written.startswith(bom)
    text = read_source(str(tmp_path / "mysite/settings.py")).text
    assert text.count(newline) == len(text.splitlines())
    assert "CELERY_TASK_QUEUES" in text


def test_settings_in_a_package_are_those_that_the_others_build_on(tmp_path: Path) -> None:
    files = {name: text for name, text in DJANGO.items() if name != "mysite/settings.py"}
    files |= {
        "manage.py": DJANGO["manage.py"].replace("mysite.settings", "mysite.settings.dev"),
        "mysite/settings/__init__.py": "",
        "mysite/settings/base.py": DJANGO["mysite/settings.py"],
        "mysite/settings/dev.py": "from .base import *\n\nDEBUG = True\n",
        "mysite/wsgi.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", '
        '"mysite.settings.prod")\n',
        "mysite/settings/prod.py": "from .base import *\n\nDEBUG = False\n",
    }
    snapshot, plan = planned(tmp_path, files)
    texts = after(plan, snapshot)
    assert "CELERY_TASK_ACKS_LATE = True" in texts["mysite/settings/base.py"]
    assert '"mysite.settings.dev"' in texts["mysite/celery.py"]


def test_tasks_that_are_there_already_are_known_to_workers(tmp_path: Path) -> None:
    tasks = "from celery import shared_task\n\n\n@shared_task\ndef f() -> None:\n    pass\n"
    files = {"shop/__init__.py": "", "shop/tasks.py": tasks, "shop/mail/jobs.py": tasks}
    files["tests/test_x.py"] = tasks
    snapshot, plan = planned(tmp_path, {**files, "shop/mail/__init__.py": ""})
    text = after(plan, snapshot)["shop/celery_app.py"]
    assert 'include=["shop.mail.jobs", "shop.tasks"]' in text
    assert any("@shared_task" in note for note in plan.notes)


# --- what can't be done ----------------------------------------------------------------


def test_django_needs_settings(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="startproject") as refused:
        planned(tmp_path, {}, framework="django")
    assert refused.value.field == "framework"


def test_a_factory_that_workers_can_not_call(tmp_path: Path) -> None:
    init = FLASK["shop/__init__.py"].replace(
        "config: dict[str, object] | None = None", "config, *, b"
    )
    with pytest.raises(AnswerError, match="takes config, b: give that a default"):
        planned(tmp_path, {**FLASK, "shop/__init__.py": init})


def test_broken_settings_are_mended_first(tmp_path: Path) -> None:
    settings = DJANGO["mysite/settings.py"] + "x = (\n"
    with pytest.raises(AnswerError, match="syntax error"):
        planned(tmp_path, {**DJANGO, "mysite/settings.py": settings})


OUTSIDE = [
    "../x.py", "/etc/x.py", "out/x.py", "x", "x.txt", "a b.py", "class.py", "x\n.py",
    "a/../../b.py", "\u0430.py", "x" * 2000 + ".py", "import os; x.py", ".py",
]  # fmt: skip


@pytest.mark.parametrize("file", OUTSIDE)
def test_a_file_that_breaks_out_is_refused(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, file: str
) -> None:
    (tmp_path / "out").symlink_to(tmp_path_factory.mktemp("outside"))
    snapshot = project(tmp_path, {})
    asked = set_up.form(snapshot, Place(str(tmp_path / "x.py")), {"file": file})
    if asked.spec is None:
        assert "\n" not in asked.errors["file"]
    else:
        with pytest.raises(AnswerError) as refused:
            set_up.plan(snapshot, Place(""), asked.spec)
        assert refused.value.field == "file"


@pytest.mark.parametrize(
    "queues",
    [
        "",
        " , ",
        "a b",
        "x'",
        'x"',
        "a\nb",
        "amq.x",
        "a:b",
        "é",
        "x" * 100,
        ",".join(map(str, range(99))),
    ],
)
def test_queues_that_are_none(tmp_path: Path, queues: str) -> None:
    snapshot = project(tmp_path, {})
    asked = set_up.form(snapshot, Place(""), {"queues": queues})
    assert asked.spec is None
    assert len(asked.errors["queues"].splitlines()) == 1


def test_too_many_queues(tmp_path: Path) -> None:
    snapshot = project(tmp_path, {})
    asked = set_up.form(snapshot, Place(""), {"queues": ",".join(map(str, range(30)))})
    assert "at most 20" in asked.errors["queues"]


def test_a_folder_of_any_name(tmp_path: Path) -> None:
    root = tmp_path / 'it\'s "a" \\ {{ x }} \N{PILE OF POO}'
    root.mkdir()
    scaffolded(root, {}, framework="fastapi")
    for path in root.glob("*.py"):
        compile(path.read_text(), "x", "exec")


# --- in an editor ----------------------------------------------------------------------


def cursor(root: Path, files: dict[str, str], name: str, **how: bool) -> Cursor:
    snapshot = project(root, files)
    path = str(root / name)
    from celeryls.config.load import load

    return Cursor(snapshot, path, files[name], Span(0, 0), Selection(load(root).config), **how)


def set_ups(place: Cursor) -> list[str]:
    return [action.title for action in actions(place) if action.kind == SET_UP]


def test_the_action_is_offered_where_there_is_no_app_to_who_asks(tmp_path: Path) -> None:
    files = {"x.py": "y = 1\n"}
    assert set_ups(cursor(tmp_path, files, "x.py")) == []
    assert set_ups(cursor(tmp_path, files, "x.py", invoked=True)) == [set_up.TITLE]
    asking = cursor(tmp_path, files, "x.py", invoked=True, asks=True)
    assert set_ups(asking) == [set_up.TITLE + "…"]
    app = {"app.py": "from celery import Celery\n\napp = Celery()\n"}
    assert set_ups(cursor(tmp_path, {**files, **app}, "x.py", invoked=True)) == []


def test_the_action_takes_the_usual_answers(tmp_path: Path) -> None:
    place = cursor(tmp_path, {"x.py": "y = 1\n"}, "x.py", invoked=True)
    (action,) = [action for action in actions(place) if action.title == set_up.TITLE]
    assert action.data is not None
    edits = resolve(place.project, action.data, place.selection)
    assert {os.path.basename(path) for path in edits} == {"celery_app.py", ".gitignore"}
    taken = project(tmp_path, {"celery_app.py": "z = 1\n"})
    with pytest.raises(CannotDo, match="exists"):
        resolve(taken, action.data, place.selection)


def test_what_is_detected_is_the_default(tmp_path: Path) -> None:
    for kind in ("plain", "django", "flask", "fastapi"):
        root = tmp_path / kind
        root.mkdir()
        assert answered(project(root, KINDS[kind])).framework is Framework(kind)
