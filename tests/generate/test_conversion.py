"""What a function that becomes a task comes to: the file, the app, the routes, the next steps."""

from pathlib import Path

import pytest

from celeryls.forms import AnswerError
from celeryls.ide.convert_function import DIALOGUE
from celeryls.ide.dialogue import Place
from tests.generate.projects import SHOP, after, project

MAIL = "import smtplib\n\n\ndef send(to: str) -> None:\n    smtplib.SMTP(to)\n"
FILES = {**SHOP, "shop/mail.py": MAIL}


def plan(root: Path, files=FILES, function="send", **answers):
    shop = project(root, files)
    place = Place(str(root / "shop/mail.py"), None, {"function": function})
    form = DIALOGUE.form(shop, place, answers)
    assert form.errors == {}
    return DIALOGUE.plan(shop, place, form.spec), shop


@pytest.mark.parametrize(
    ("answers", "written", "not_written"),
    [
        ({}, ["retry_backoff=60", "retry_jitter=True", "max_retries=3"], ["queue", "_max="]),
        ({"retry": "simple"}, ["default_retry_delay=60", "max_retries=3"], ["backoff"]),
        ({"retry": "none"}, ["max_retries=0"], ["autoretry_for", "delay"]),
        (
            {"max_retries": 5, "retry_delay": 400, "retry_on": "smtplib.SMTPException"},
            ["autoretry_for=(smtplib.SMTPException,)", "retry_backoff_max=1600", "max_retries=5"],
            ["ConnectionError"],
        ),
        ({"soft_time_limit": 10, "time_limit": 20}, ["soft_time_limit=10", "time_limit=20"], []),
    ],
)
def test_it_runs_as_the_answers_say(answers, written, not_written, tmp_path: Path) -> None:
    made, shop = plan(tmp_path, **answers)
    text = after(made, shop)["shop/mail.py"]
    assert all(part in text for part in written), text
    assert not any(part in text for part in not_written), text


def test_a_worker_imports_it_and_its_route_is_there(tmp_path: Path) -> None:
    made, shop = plan(tmp_path, queue="mail")
    texts = after(made, shop)
    assert list(texts) == ["shop/mail.py", "shop/app.py"]
    assert 'include=["shop.tasks", "shop.mail"]' in texts["shop/app.py"]
    assert '"shop.mail.send": {"queue": "mail"}' in texts["shop/app.py"]
    commands = {step.title: step.command for step in made.next_steps}
    worker = commands["Start a worker for its queue."]
    assert worker == "celery -A shop.app worker -Q mail -n mail@%h"
    assert commands["Test it."] == "celeryls add test shop/mail.py::send"


def test_an_older_celery_gets_the_queue_from_the_task(tmp_path: Path) -> None:
    older = {**FILES, "pyproject.toml": SHOP["pyproject.toml"].replace("5.7", "5.4")}
    made, shop = plan(tmp_path, older, queue="mail")
    texts = after(made, shop)
    assert '    queue="mail",\n' in texts["shop/mail.py"]
    assert "task_routes" not in texts["shop/app.py"]


def test_callers_are_named_since_they_go_on_as_they_are(tmp_path: Path) -> None:
    calls = "".join(f"\n\ndef f{n}():\n    send('you', 'hi')\n" for n in range(4))
    files = {**FILES, "shop/views.py": f"import celery\nfrom shop.mail import send\n{calls}"}
    made, _ = plan(tmp_path, files)
    assert (
        "Who calls send runs it at once, as before, as in shop/views.py:6, shop/views.py:10, "
        "shop/views.py:14. send.delay(…) has a worker run it."
    ) in made.notes
    made, _ = plan(tmp_path / "alone", FILES)
    assert not any("at once" in note for note in made.notes)


@pytest.mark.parametrize(
    ("function", "answers", "message"),
    [
        ("nothing", {}, "shop/mail.py has no function nothing; it defines send."),
        ("send", {"retry_on": "requests.Timeout"}, "import requests there first"),
    ],
)
def test_what_is_refused(function: str, answers, message: str, tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=message):
        plan(tmp_path, function=function, **answers)


def test_limits_that_contradict_each_other(tmp_path: Path) -> None:
    shop = project(tmp_path, FILES)
    place = Place(str(tmp_path / "shop/mail.py"), None, {"function": "send"})
    form = DIALOGUE.form(shop, place, {"soft_time_limit": 400})
    assert list(form.errors) == ["soft_time_limit"]
