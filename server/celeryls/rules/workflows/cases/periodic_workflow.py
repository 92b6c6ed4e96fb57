from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery, chain, group

app = Celery("shop")

@app.task
def f(x=1): ...

"""

VALID = [
    Valid("a task", _HEAD + "app.add_periodic_task(60, f.s(1))\n"),
    Valid("a signature of its own", _HEAD + "app.add_periodic_task(60, f.si().set(queue='x'))\n"),
    Valid("other things with a bar", _HEAD + "app.add_periodic_task(60, a.s() | b.s())\n"),
    Valid("half of it unknown", _HEAD + "app.add_periodic_task(60, f.s(1) | make())\n"),
    Valid("no signatures", _HEAD + "app.add_periodic_task(60, f.s(1), (FLAG | OTHER,))\n"),
    Valid("not written out", _HEAD + "app.add_periodic_task(60, make())\n"),
]
_SHARED = _HEAD.replace("@app.task", "@shared_task").replace("group\n", "group, shared_task\n")
_SETUP = "@app.on_after_configure.connect\ndef setup(sender, **kw):\n"
_DEF = """\
@app.task(acks_late=False, max_retries=0)
def send_group():
    group(f.s(1), f.s(2)).delay()


"""
_GROUP = "beat can't send a group"

INVALID = [
    Invalid(
        _HEAD + "«app.add_periodic_task(60, f.s(1) | f.s() | f.si(2))»\n",
        "beat can't send a chain: schedule a task that sends it",
        None,
    ),
    Invalid(
        _HEAD + "«app.add_periodic_task(60, group(f.s(1), f.s(2)))»\n",
        _GROUP,
        _HEAD + "\n" + _DEF + "app.add_periodic_task(60, send_group.s())\n",
    ),
    Invalid(
        _HEAD
        + "\n# the schedule\n"
        + _SETUP
        + "    «sender.add_periodic_task(30.0, group(f.s(1), f.s(2)), name='x', expires=9)»  # c\n",
        _GROUP,
        _HEAD
        + "\n"
        + _DEF
        + "# the schedule\n"
        + _SETUP
        + "    sender.add_periodic_task(30.0, send_group.s(), name='x', expires=9)  # c\n",
    ),
    Invalid(  # other lines, comments, the ends of lines
        (
            _SHARED
            + "\nx = 1\n"
            + _SETUP
            + "    «sender.add_periodic_task(\n        sig=chain(\n            f.s(1),  # first\n\n"
            + "            f.s(),\n        ),\n        schedule=60,  # a minute\n    )»\n"
        ).replace("\n", "\r\n"),
        "beat can't send a chain",
        (
            _SHARED
            + "\nx = 1\n\n\n@shared_task(acks_late=False, max_retries=0)\ndef send_chain():\n"
            + "    chain(\n        f.s(1),  # first\n\n        f.s(),\n    ).delay()\n\n\n"
            + _SETUP
            + "    sender.add_periodic_task(\n        sig=send_chain.s(),\n"
            + "        schedule=60,  # a minute\n    )\n"
        ).replace("\n", "\r\n"),
    ),
    Invalid(  # no other task: the app's; the name is taken
        "from celery import Celery, group\nfrom shop.x import f\n\napp = Celery('shop')\n"
        + "send_group = None\n\n\n"
        + _SETUP
        + "\t«sender.add_periodic_task(60, group(f.s(i) for i in range(3)))»\n",
        _GROUP,
        "from celery import Celery, group\nfrom shop.x import f\n\napp = Celery('shop')\n"
        + "send_group = None\n\n\n@app.task(acks_late=False, max_retries=0)\n"
        + "def send_group_2():\n\tgroup(f.s(i) for i in range(3)).delay()\n\n\n"
        + _SETUP
        + "\tsender.add_periodic_task(60, send_group_2.s())\n",
    ),
    Invalid(  # in a variable
        _HEAD
        + _SETUP
        + "    w = chain(f.s(), f.s())\n    «sender.add_periodic_task(60, w, name='x')»\n",
        "beat can't send a chain",
        None,
    ),
    Invalid(  # names of the function
        _HEAD
        + _SETUP
        + "    for x in 'ab':\n        «sender.add_periodic_task(60, group(f.s(x)))»\n",
        _GROUP,
        None,
    ),
    Invalid(
        _HEAD
        + _SETUP
        + "    from shop.x import g\n    «sender.add_periodic_task(60, group(g.s(), f.s()))»\n",
        _GROUP,
        None,
    ),
    Invalid(_HEAD + _SETUP + "    «sender.add_periodic_task(60, group(f.s(kw)))»\n", _GROUP, None),
    Invalid(  # later the variable is another one
        _HEAD + "for x in 'ab':\n    «app.add_periodic_task(60, group(f.s(x)))»\n", _GROUP, None
    ),
    Invalid(_HEAD + "x = 1\n«app.add_periodic_task(60, group(f.s(x)))»\nx = 2\n", _GROUP, None),
    Invalid(_HEAD + "«app.add_periodic_task(60, group(f.s()), (1,))»\n", _GROUP, None),
    Invalid(_HEAD + "«app.add_periodic_task(60, group(f.s()), kwargs={})»\n", _GROUP, None),
    Invalid(  # a text of several lines
        _HEAD + "«app.add_periodic_task(60, group(f.s('''a\nb''')))»\n", _GROUP, None
    ),
    Invalid(_HEAD + "x = 1; «app.add_periodic_task(60, group(f.s()))»\n", _GROUP, None),
    Invalid(  # no task and no app of this file
        "from celery import group\nfrom shop.x import app, f\n\n"
        + "«app.add_periodic_task(60, group(f.s()))»\n",
        _GROUP,
        None,
        {"shop/x.py": _HEAD},
    ),
    Invalid(  # the project says what options a task must have
        _HEAD + "«app.add_periodic_task(60, group(f.s()))»\n",
        _GROUP,
        None,
        {"celeryls.toml": '[require]\n"**" = { queue = "x" }\n'},
    ),
]
