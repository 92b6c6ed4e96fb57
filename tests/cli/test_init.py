"""`celeryls init`: what is asked, written and refused at the terminal."""

import pytest

from tests.cli.running import Run, script
from tests.cli.test_writing import listing
from tests.generate.scaffolds import DJANGO
from tests.rules.harness import write


def test_the_app_of_an_empty_folder(run: Run) -> None:
    ran = run("init", "--yes")
    assert ran.code == 0, ran.err
    assert "wrote celery_app.py" in ran.out
    assert "celery -A celery_app worker" in ran.out
    assert set(listing(run.folder)) == {"celery_app.py", ".gitignore"}
    assert run("check").code == 0
    run("init", "--yes").says("has an app already: app in celery_app.py")


def test_the_installed_script_sets_up_django(run: Run) -> None:
    write(run.folder, DJANGO)
    ran = script(run.folder, "init", "--yes", "--set", "queues=default, mail")
    assert ran.code == 0, ran.err
    assert 'Queue("mail", routing_key="mail")' in (run.folder / "mysite/settings.py").read_text()


def test_a_dry_run_writes_nothing_and_shows_all(run: Run) -> None:
    write(run.folder, {"requirements.txt": "fastapi\n"})
    before = listing(run.folder)
    ran = run("init", "fastapi", "--yes", "--dry-run")
    assert ran.code == 0
    for line in ("+celery>=5.7,<6", "+app = FastAPI()", '+app = Celery("project", include=[])'):
        assert line in ran.out.splitlines()
    assert listing(run.folder) == before


def test_answers_from_a_file(run: Run) -> None:
    write(
        run.folder, {"answers.toml": 'framework = "flask"\nbroker = "redis"\nqueues = ["a", "b"]\n'}
    )
    assert run("init", "--yes", "--answers", "answers.toml").code == 0
    text = (run.folder / "celery_app.py").read_text()
    assert 'task_default_queue="a"' in text
    assert "FlaskTask" in text


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--set", "framework=pyramid"), "is not among the answers: plain, django, flask, fastapi"),
        (("--set", "broker=kafka"), "is not among the answers: later, redis, rabbitmq, sqs"),
        (("--set", "queues="), "Name at least one queue"),
        (("--set", "file=../x.py"), "without .."),
        (("--set", "dependency=perhaps"), "Answer yes or no"),
        (("--set", "name=x"), "no such field: name; there are framework"),
        (("django",), "startproject"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_written(
    run: Run, arguments: tuple[str, ...], part: str
) -> None:
    write(run.folder, {"requirements.txt": "x\n"})
    before = listing(run.folder)
    run("init", "--yes", *arguments).says(part)
    assert listing(run.folder) == before
