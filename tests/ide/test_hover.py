"""What hovers say of tasks and schedules: in source with a cursor («), out what a person reads."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from celeryls.ide.hover import hover
from celeryls.project import Project
from tests.ide.hovering import APP, HEAD, NOW, SHOP, TASKS, at, token
from tests.project.reading import project
from tests.syntax.broken import texts

CHARGE = """\
```python
def charge(self, order_id: int, amount: int = 0)
```

**Celery task** `shop.tasks.charge` · `@app.task` · app `app`

- **Decorator** `acks_late=True`, `bind=True`, `default_retry_delay=60`, `max_retries=2`
- **Settings** `time_limit=360`
- **Queue** `io_bound` (`task_routes`)
- **Retries** 2 times, 60 s apart
- **Runs** every day at 03:00 (UTC); next: Sat 28 Nov 03:00, Sun 29 Nov 03:00, Mon 30 Nov 03:00
- **Callers** 3: `shop/tasks.py:13`, `shop/views.py:5`, `shop/views.py:7`"""


def test_the_card_of_a_task(tmp_path: Path) -> None:
    marked = TASKS.replace("def charge", "def ch«arge")
    found = at(tmp_path, marked, "shop/tasks.py")
    assert found is not None
    assert found.markdown == CHARGE
    assert token(found, marked) == "charge"


def test_the_same_as_plain_text(tmp_path: Path) -> None:
    found = at(tmp_path, TASKS.replace("def charge", "def ch«arge"), "shop/tasks.py")
    assert found is not None
    assert found.plain.splitlines()[:4] == [
        "def charge(self, order_id: int, amount: int = 0)",
        "Celery task shop.tasks.charge · @app.task · app app",
        "- Decorator acks_late=True, bind=True, default_retry_delay=60, max_retries=2",
        "- Settings time_limit=360",
    ]


ON_CHARGE = {
    "a call": ("«charge.delay(1)\n", "charge"),
    "its end": ("charg«e.delay(1)\n", "charge"),
    "the method": ("charge.de«lay(1)\n", "delay"),
    "over lines": ("(\n    charge\n    .app«ly_async()\n)\n", "apply_async"),
    "through the module": ("tasks.char«ge.delay(1)\n", "charge"),
    "passed on": ("later(ch«arge.delay)\n", "charge"),
    "its method passed on": ("later(charge.del«ay)\n", "delay"),
    "a signature": ("chain(char«ge.s(1), charge.si(2))\n", "charge"),
    "called": ("cha«rge(1)\n", "charge"),
    "a value": ("jobs = [ch«arge]\n", "charge"),
    "an attribute of it": ("name = cha«rge.name\n", "charge"),
    "imported": ("from shop.tasks import cha«rge\n", "charge"),
    "imported as": ("from shop.tasks import charge as p«ay\n", "pay"),
    "imported in brackets": ("from shop.tasks import (\n    ch«arge as pay,\n)\n", "charge"),
    "imported as, used": ("from shop.tasks import charge as pay\np«ay.delay()\n", "pay"),
    "imported in a function": (
        "def f():\n    from shop.tasks import charge as pay\n    pa«y.delay()\n",
        "pay",
    ),
    "a local name": ("def f():\n    job = charge\n    j«ob.delay()\n", "job"),
    "by name": ('app.send_task("shop.ta«sks.charge")\n', "shop.tasks.charge"),
    "by name, at its start": ("app.send_task('«shop.tasks.charge')\n", "shop.tasks.charge"),
    "a signature by name": ("signature('shop.tasks.char«ge')\n", "shop.tasks.charge"),
    "in a schedule": (
        'S = {"x": {"task": "shop.tasks.«charge", "schedule": 5}}\n',
        "shop.tasks.charge",
    ),
    "continued on the next line": ("charge\\\n    .del«ay(1)\n", "delay"),
    "a name for a text": ('NAME = "shop.tasks.charge"\napp.send_task(NA«ME)\n', "NAME"),
    "in routes": ('app.conf.task_routes = {"shop«.tasks.charge": "q"}\n', "shop.tasks.charge"),
    "an emoji before it": ('x = "🛒", cha«rge.delay()\n', "charge"),
    "half typed after it": ("cha«rge.delay(1)\nx = charge.delay(\n", "charge"),
    "half typed before it": ("x = [charge.delay(\n\ncha«rge.delay(1)\n", "charge"),
}


@pytest.mark.parametrize("case", ON_CHARGE)
def test_where_the_card_is_shown(tmp_path: Path, case: str) -> None:
    code, name = ON_CHARGE[case]
    found = at(tmp_path, HEAD + code)
    assert token(found, HEAD + code) == name
    assert found is not None
    assert "**Celery task** `shop.tasks.charge`" in found.markdown


NOTHING = {
    "keyword": "d«ef f(): ...\n",
    "space": "charge.delay(1, «2)\n",
    "bracket": "charge.delay«(1)\n",
    "dot": "charge«.delay(1)\n",
    "module": "ta«sks.charge.delay(1)\n",
    "another name": "def other(): ...\n\not«her()\n",
    "a parameter": "def f(charge):\n    ch«arge.delay(1)\n",
    "a comment": "# cha«rge.delay(1)\n",
    "a text": 'x = "cha«rge"\n',
    "part of a text": 'x = "see shop.tasks.cha«rge"\n',
    "a text like a setting": 'x = "task_ac«ks_late"\n',
    "a keyword argument of the task": "charge.delay(order«_id=1)\n",
    "a pool's own": "from multiprocessing import Pool\nPool().apply_async(f, count«down=1)\n",
    "a schedule that is not known": 'S = {"x": {"task": "y", "schedule": lat«er()}}\n',
    "somebody else's crontab": "from x import crontab\ncron«tab(hour=3)\n",
    "a crontab that Celery refuses": "from celery.schedules import crontab\ncron«tab(hour=99)\n",
    "a setting of nothing": "other.conf.task_acks«_late = True\n",
    "a setting there is not": "app.conf.task_acks«_lat = True\n",
    "an option there is not": "@shared_task(ack«_late=True)\ndef f(): ...\n",
    "a plain name in capitals": "CELERY_TASK_«ACKS_LATE = True\n",
    "a pattern that matches nothing": 'app.conf.task_routes = {"oth«er.*": "q"}\n',
    "a text where options are": "app.conf.task_routes = {'x': {'queue': 'prio«rity'}}\n",
    "a queue that is called as a task is": (
        "@app.task(name='refund')\ndef f(): ...\n"
        "app.conf.task_routes = {'x': {'queue': 'ref«und'}}\n"
    ),
    "an app that signs by name": "app.send_task('shop.tasks.charge')\na«pp.signature('refund')\n",
    "a key of another dict": "x = {'que«ue': 1}\n",
    "a keyword of another class": "Other(task_acks_«late=True)\n",
    "another keyword of an app": "from celery import Celery\nCelery(ma«in='x')\n",
    "a pattern elsewhere": 'x = "shop.«tasks.*"\n',
    "an attribute of any class": "class A:\n    acks«_late = True\n",
    "another attribute of a task class": "class A(Task):\n    wei«ght = 1\n",
    "the end": "charge.delay()\n«",
    "in what is half typed": "charge.delay(1, queu«e=\n",
}


@pytest.mark.parametrize("case", NOTHING)
def test_nothing_is_shown_where_nothing_is_known(tmp_path: Path, case: str) -> None:
    found = at(tmp_path, HEAD + NOTHING[case])
    assert found is None or case == "in what is half typed", found


CARDS = {
    "bare": (
        "@shared_task\ndef «f(x, *, y=1): ...\n",
        "```python\ndef f(x, *, y=1)\n```\n\n**Celery task** `shop.more.f` · `@shared_task`\n\n"
        "- **Settings** `time_limit=360`\n- **Default** `acks_late=False`\n"
        "- **Queue** `celery` (default)\n- **Retries** never\n- **Callers** none found",
    ),
    "async and over lines": (
        "@shared_task\nasync def «f(\n    x,\n    y=1,\n): ...\n",
        "```python\nasync def f(x, y=1)\n```",
    ),
    "by the clock only": (
        "@app.task\ndef «f(): ...\n\n\napp.add_periodic_task(60, f.s())\n",
        "- **Runs** every minute\n- **Callers** none found",
    ),
    "passed on": (
        "@app.task\ndef «f(): ...\n\n\nlater(f)\n",
        "- **Callers** none found; it is passed on as a value",
    ),
    "more callers than fit": (
        "@app.task\ndef «f(): ...\n\n\n" + "f.delay()\n" * 5,
        "- **Callers** 5: `shop/more.py:9`, `shop/more.py:10`, `shop/more.py:11` and 2 more",
    ),
    "the decorator": ("@sha«red_task\ndef f(): ...\n", "**Celery task** `shop.more.f`"),
    "the decorator of an app": ("@app.ta«sk()\ndef f(): ...\n", "· `@app.task` · app `app`"),
    "a name of its own": (
        '@shared_task(name="f`f*")\ndef «f(): ...\n',
        "**Celery task** `` f`f* `` · `@shared_task`",
    ),
    "the text of its name": (
        '@shared_task(name="bill«ing")\ndef f(): ...\n',
        "**Celery task** `billing`",
    ),
    "computed": ("@shared_task(queue=q())\ndef «f(): ...\n", "- **Queue** not known from source"),
    "spread": ("@shared_task(**kw)\ndef «f(): ...\n", "- other options are not known from source"),
    "its queue": ('@shared_task(queue="slow")\ndef «f(): ...\n', "- **Queue** `slow` (decorator)"),
    "retries": (
        "@shared_task(autoretry_for=(OSError, KeyError), retry_backoff=60, retry_jitter=False)\n"
        "def «f(): ...\n",
        "- **Retries** 60 s, 120 s, 240 s on `OSError`, `KeyError`",
    ),
    "a class": (
        "from celery import Task\n\n\nclass «Pay(Task):\n    def run(self, x): ...\n\n\n"
        "app.register_task(Pay())\n",
        "**Celery task** `shop.more.Pay`",
    ),
    "made by a call": (
        "def f(x): ...\n\n\njo«b = app.task(f)\n",
        "**Celery task** `shop.more.f` · made by a call",
    ),
    "one of several": (
        "from shop.tasks import refund\n\n\ndef f(x):\n    job = charge if x else refund\n"
        "    jo«b.delay()\n",
        "One of several tasks:\n\n- `shop.tasks.charge` in `shop/tasks.py:6`\n"
        "- `shop.tasks.refund` in `shop/tasks.py:12`",
    ),
    "two of one name": (
        '@shared_task(name="x.y")\ndef f(): ...\n\n\n@shared_task(name="x.y")\n'
        'def g(): ...\n\n\napp.send_task("x«.y")\n',
        "Several tasks of this name:\n\n- `x.y` in `shop/more.py:6`\n- `x.y` in `shop/more.py:10`",
    ),
    "a pattern of routes": (
        'app.conf.task_routes = {"shop.«tasks.*": "q"}\n',
        "Matches 2 tasks:\n\n- `shop.tasks.charge` in `shop/tasks.py:6`\n"
        "- `shop.tasks.refund` in `shop/tasks.py:12`",
    ),
}


@pytest.mark.parametrize("case", CARDS)
def test_what_a_card_says(tmp_path: Path, case: str) -> None:
    code, expected = CARDS[case]
    found = at(tmp_path, HEAD + code)
    assert found is not None
    assert expected in found.markdown


_CRONTAB = "from datetime import timedelta\nfrom celery.schedules import crontab, solar\n" \
    "EVERY = 90\n"  # fmt: skip
SCHEDULES = {
    "crontab": (
        "x = cron«tab(minute=30, hour=7, day_of_week='mon')\n",
        "crontab",
        "**Runs every Monday at 07:30** (UTC)\n\n"
        "- next: Mon 30 Nov 07:30, Mon 7 Dec 07:30, Mon 14 Dec 07:30",
    ),
    "its field": (
        "x = crontab(minu«te='*/15')\n",
        "minute",
        "**Runs every 15 minutes by the clock** (UTC)\n\n- next: Fri 27 Nov 12:15, 12:30, 12:45",
    ),
    "the value of a field": (
        "x = crontab(minute='*«/15')\n",
        "'*/15'",
        "**Runs every 15 minutes by the clock** (UTC)",
    ),
    "next year": (
        "x = cro«ntab(0, 0, day_of_month=1, month_of_year=1)\n",
        "crontab",
        "- next: Fri 1 Jan 2027 00:00, Sat 1 Jan 2028 00:00, Mon 1 Jan 2029 00:00",
    ),
    "in an entry": (
        "x = {'a': {'task': 'shop.tasks.charge', 'schedule': cro«ntab(minute=5)}}\n",
        "crontab",
        "12:05, 13:05, 14:05\n- runs `shop.tasks.charge`",
    ),
    "seconds": (
        "x = {'a': {'task': 'y', 'schedule': 3«0.0}}\n",
        "30.0",
        "**Runs every 30 seconds**\n\n- counted by beat from the run before",
    ),
    "the key": ("x = {'a': {'task': 'y', 'sche«dule': EVERY}}\n", "schedule", "every 90 seconds"),
    "a constant": ("x = {'a': {'task': 'y', 'schedule': EV«ERY}}\n", "EVERY", "every 90 seconds"),
    "a timedelta": (
        "x = {'a': {'task': 'y', 'schedule': time«delta(hours=2)}}\n",
        "timedelta(hours=2)",
        "**Runs every 2 hours**",
    ),
    "the sun": (
        "x = {'a': {'task': 'y', 'schedule': so«lar('sunset', 48.1, 11.6)}}\n",
        "solar('sunset', 48.1, 11.6)",
        "**Runs at sunset at 48.1° N, 11.6° E**",
    ),
    "added": ("app.add_periodic_task(1«0, charge.s())\n", "10", "**Runs every 10 seconds**"),
    "added by crontab": (
        "app.add_periodic_task(cron«tab(minute=0), charge.s())\n",
        "crontab",
        "- runs `shop.tasks.charge`",
    ),
}


@pytest.mark.parametrize("case", SCHEDULES)
def test_a_schedule(tmp_path: Path, case: str) -> None:
    code, name, expected = SCHEDULES[case]
    marked = HEAD + _CRONTAB + code
    found = at(tmp_path, marked)
    assert token(found, marked) == name
    assert found is not None
    assert expected in found.markdown


ZONES = {
    "Celery's": ("", "every day at 03:00 (UTC); next: Sat 28 Nov 03:00"),
    "another": (
        "app.conf.timezone = 'Asia/Tokyo'\n",
        "every day at 03:00 (Asia/Tokyo); next: Sat 28 Nov 03:00",
    ),
    "not known": (
        "app.conf.timezone = zone()\n",
        "every day at 03:00 (time zone not known from source)\n",
    ),
    "unknown here": ("app.conf.timezone = 'Mars/Dune'\n", "every day at 03:00 (Mars/Dune)\n"),
}


@pytest.mark.parametrize("case", ZONES)
def test_the_time_zone_is_said(tmp_path: Path, case: str) -> None:
    written, expected = ZONES[case]
    found = at(tmp_path, HEAD + "char«ge\n", shop__celery=APP + written)
    assert found is not None
    assert expected in found.markdown


def test_callers_in_tests_come_last(tmp_path: Path) -> None:
    code = "from shop.more import f\nf.delay()\n"
    more = {"shop__a__test_f": code, "shop__z": code}
    found = at(tmp_path, HEAD + "@shared_task\ndef «f(): ...\n", **more)
    assert found is not None
    assert "- **Callers** 2: `shop/z.py:2`, `shop/a/test_f.py:2`" in found.markdown


def test_places_are_links_where_the_client_has_uris(tmp_path: Path) -> None:
    read = project(tmp_path, SHOP)
    path = str(tmp_path / "shop/tasks.py")
    offset = TASKS.index("refund")
    found = hover(read, path, offset, now=NOW, uri_of=lambda p: Path(p).as_uri())
    assert found is not None
    link = (tmp_path / "shop/views.py").as_uri() + "#L6"
    assert f"[`shop/views.py:6`]({link})" in found.markdown
    assert "Callers 1: shop/views.py:6" in found.plain


def test_every_offset_of_half_typed_code_has_an_answer(tmp_path: Path) -> None:
    code = (
        HEAD + "@shared_task(bind=True, acks_late=\ndef f(self: int\n    charge.apply_async((1,), "
        "countdown=\napp.conf.update(task_acks_late=True,\nS = {'a': {'task': 'x', 'schedule': "
    )
    read = project(tmp_path, SHOP | {"shop/more.py": code})
    for offset in range(-1, len(code) + 2):
        hover(read, str(tmp_path / "shop/more.py"), offset)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project(tmp_path_factory.mktemp("shop"), SHOP)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@settings(max_examples=150, deadline=None)
@given(texts, st.lists(st.integers(0, 400), min_size=1, max_size=8))
def test_any_text_has_an_answer_that_is_about_the_cursor(
    shop: Project, text: str, offsets: list[int]
) -> None:
    path = str(shop.folder / "shop/more.py")
    read = shop.with_text(path, text)
    for offset in offsets:
        found = hover(read, path, offset, now=NOW)
        if found is not None:
            assert found.span.start <= offset < found.span.end <= len(text)
            assert found.markdown and found.plain


def test_a_file_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert hover(project(tmp_path, SHOP), str(tmp_path / "nowhere.py"), 0) is None
