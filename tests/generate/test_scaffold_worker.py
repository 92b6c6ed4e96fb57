"""The app that a project gets, run: a real worker, and the web part that sends it tasks."""

from pathlib import Path

import pytest

from tests.generate.scaffolds import KINDS, python, scaffolded, worker

TASKS = """\
from celery import shared_task
from flask import current_app


@shared_task
def greet(name):
    return current_app.config["GREETING"] + " " + name


@shared_task
def broken():
    raise ValueError("no")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    # A path that a URL would have to quote.
    root = tmp_path / "a project"
    root.mkdir()
    return root


def test_plain_with_every_queue_and_files_that_are_left_to_nobody(root: Path) -> None:
    scaffolded(root, {"tasks.py": "from celery_app import app\n"})
    (root / "tasks.py").write_text(
        "from celery_app import app\n\n\n@app.task\ndef double(number):\n    return number * 2\n"
    )
    app = (root / "celery_app.py").read_text()
    (root / "celery_app.py").write_text(app.replace("include=[]", 'include=["tasks"]'))
    send = (
        "from tasks import double\n"
        "sent = [double.apply_async((n,), queue=queue) for n, queue in "
        "enumerate(['default', 'high_priority', 'low_priority', 'io_bound'])]\n"
        "print([each.get(timeout=30, interval=0.05) for each in sent])\n"
    )
    with worker(root, "celery_app") as running:
        assert python(root, send) == "[0, 2, 4, 6]"
        # Each message was there once: a queue gets what is sent to it and nothing else.
        assert running.log.count(" received") == 4
    assert sorted(path.name for path in (root / ".celery").iterdir()) == [
        "control",
        "messages",
        "results",
    ]
    assert list((root / ".celery/messages").iterdir()) == []


def test_django_with_a_task_that_a_request_sends(root: Path) -> None:
    scaffolded(root, KINDS["django"])
    (root / "orders/tasks.py").write_text(
        "from celery import shared_task\nfrom django.conf import settings\n\n\n"
        "@shared_task\ndef zone():\n    return settings.TIME_ZONE\n"
    )
    (root / "mysite/urls.py").write_text(
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "from orders.tasks import zone\n\n\n"
        "def send(request):\n    return HttpResponse(zone.delay().id)\n\n\n"
        "urlpatterns = [path('send', send)]\n"
    )
    # As the server of `manage.py runserver` does, the request is answered in another thread.
    send = (
        "import os, threading\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n"
        "import django\ndjango.setup()\n"
        "from django.test import Client\nfrom celery.result import AsyncResult\n"
        "found = []\n"
        "go = lambda: found.append(Client().get('/send').content.decode())\n"
        "thread = threading.Thread(target=go)\nthread.start()\nthread.join()\n"
        "from mysite.celery import app\n"
        "print(AsyncResult(found[0], app=app).get(timeout=30, interval=0.05), app.timezone)\n"
    )
    with worker(root, "mysite"):
        assert python(root, send) == "Europe/Vienna Europe/Vienna"


@pytest.mark.parametrize("kind", ["flask", "flask_at_once"])
def test_flask_with_a_task_in_the_context_of_its_app(root: Path, kind: str) -> None:
    package, make = {
        "flask": ("shop.", "from shop import create_app\nserver = create_app()\n"),
        "flask_at_once": ("", "from web import server\n"),
    }[kind]
    tasks = f"{package}tasks".replace(".", "/") + ".py"
    scaffolded(root, {**KINDS[kind], tasks: TASKS}, framework="flask")
    send = (
        f"import threading, {package}celery_app\n{make}"
        f"from {package}tasks import broken, greet\n"
        "@server.get('/send')\ndef send(): return greet.delay('you').id\n"
        "found = []\n"
        "go = lambda: found.append(server.test_client().get('/send').text)\n"
        "thread = threading.Thread(target=go)\nthread.start()\nthread.join()\n"
        "print(greet.AsyncResult(found[0]).get(timeout=30, interval=0.05))\n"
        "print(broken.delay().get(timeout=30, interval=0.05, propagate=False))\n"
    )
    with worker(root, f"{package}celery_app"):
        assert python(root, send).splitlines() == ["hello you", "no"]


def test_a_flask_task_in_a_test_uses_the_app_of_the_test(root: Path) -> None:
    scaffolded(root, {**KINDS["flask"], "shop/tasks.py": TASKS})
    code = (
        "import shop.celery_app\nfrom shop import create_app\nfrom shop.tasks import greet\n"
        "with create_app({'GREETING': 'good day'}).app_context():\n"
        "    print(greet.apply(args=('you',)).get())\n"
        "print(greet.apply(args=('you',)).get())\n"
    )
    assert python(root, code).splitlines() == ["good day you", "hello you"]


def test_fastapi_with_an_endpoint_in_a_thread(root: Path) -> None:
    tasks = (
        "from celery import shared_task\n\n\n"
        "@shared_task\ndef double(number):\n    return number * 2\n"
    )
    scaffolded(root, {**KINDS["fastapi"], "src/shop/tasks.py": tasks})
    send = (
        "import shop.celery_app\nfrom shop.api import api\nfrom shop.tasks import double\n"
        "from fastapi.testclient import TestClient\n"
        "@api.get('/send')\ndef send() -> str: return double.delay(4).id\n"
        "found = TestClient(api).get('/send').json()\n"
        "print(double.AsyncResult(found).get(timeout=30, interval=0.05))\n"
    )
    with worker(root, "shop.celery_app", "src"):
        assert python(root, send, "src") == "8"
