"""Which task a call is about, and why another one can't be told."""

from pathlib import Path

import pytest

from tests.project.reading import project

_TASKS = """\
from celery import Celery, shared_task
app = Celery("shop")
@shared_task
def add(x): ...
@shared_task(name="minus")
def sub(x): ...
class Jobs:
    @staticmethod
    @app.task
    def clean(): ...
later = app.task(name="later")(lambda: 1)
"""

# Source of a file beside `shop/tasks.py`, and the functions of the tasks that it is about.
RESOLVED = {
    "import": ("from shop.tasks import add\nadd.delay(1)\n", ["add"]),
    "relative import": ("from .tasks import add as plus\nplus.apply_async((1,))\n", ["add"]),
    "module": ("from shop import tasks\ntasks.add.delay(1)\n", ["add"]),
    "package": ("import shop.tasks\nshop.tasks.add.delay(1)\n", ["add"]),
    "import in a function": ("def f():\n    from .tasks import add\n    add.delay(1)\n", ["add"]),
    "module in a function": (
        "def f():\n    import shop.tasks as t\n    t.add.delay(1)\n",
        ["add"],
    ),
    "on commit": ("from .tasks import add\nadd.delay_on_commit(1)\n", ["add"]),
    "on commit with options": ("from .tasks import add\nadd.apply_async_on_commit()\n", ["add"]),
    "lambda": ("from .tasks import add\non_commit(lambda: add.delay(1))\n", ["add"]),
    "passed on": ("from .tasks import add\non_commit(add.delay)\n", ["add"]),
    "partial": ("from .tasks import add\non_commit(partial(add.delay, 1))\n", ["add"]),
    "partial of a task": (
        "from functools import partial\nfrom .tasks import add\np = partial(add, 1)\np.delay()\n",
        ["add"],
    ),
    "local alias": ("from .tasks import add\ndef f():\n    t = add\n    t.delay(1)\n", ["add"]),
    "module alias": ("from .tasks import add\nplus = add\nplus.delay(1)\n", ["add"]),
    "either": (
        "from .tasks import add, sub\ndef f(x):\n    t = add if x else sub\n    t.delay(1)\n",
        ["add", "sub"],
    ),
    "one branch each": (
        "from .tasks import add, sub\ndef f(x):\n    t = None\n    if x: t = add\n"
        "    else: t = sub\n    t.delay(1)\n",
        ["add", "sub"],
    ),
    "loop": ("from .tasks import add, sub\nfor t in (add, sub): pass\n", []),
    "loop in a function": (
        "from .tasks import add, sub\ndef f():\n    for t in [add, sub]:\n        t.delay(1)\n",
        ["add", "sub"],
    ),
    "static method": ("from .tasks import Jobs\nJobs.clean.delay()\n", ["clean"]),
    "of its own class": (
        "from celery import shared_task\nclass A:\n    @staticmethod\n    @shared_task\n"
        "    def run_it(): ...\n    def go(self):\n        self.run_it.delay()\n",
        ["run_it"],
    ),
    "inherited": (
        "from .tasks import Jobs\nclass More(Jobs): ...\nMore.clean.delay()\n",
        ["clean"],
    ),
    "signature": ("from .tasks import add\nadd.s(1)\nadd.si(2)\nadd.subtask()\n", ["add"] * 3),
    "signature, sent": (
        "from .tasks import add\ndef f():\n    s = add.s(1)\n    s.apply_async()\n",
        ["add", "add"],
    ),
    "signature, changed": (
        "from .tasks import add\nadd.si(1).set(queue='x').apply_async()\n",
        ["add", "add"],
    ),
    "map": (
        "# celery\nfrom .tasks import add\nadd.map([1])\nadd.starmap([(1,)])\nadd.chunks(x, 9)\n",
        ["add"] * 3,
    ),
    "chain": (
        "from celery import chain\nfrom .tasks import *\nchain(add.s(1), sub.s())()\n",
        ["add", "sub"],
    ),
    "link": ("from .tasks import add, sub\nadd.apply_async((1,), link=sub.s())\n", ["add", "sub"]),
    "apply": ("# celery\nfrom .tasks import add\nadd.apply((1,))\n", ["add"]),
    "send_task": ("from .tasks import app\napp.send_task('minus', (1,))\n", ["sub"]),
    "send_task of the current app": (
        "from celery import current_app\ncurrent_app.send_task('shop.tasks.add')\n",
        ["add"],
    ),
    "constant name": (
        "from .tasks import app\nNAME = f'shop.{\"tasks\"}.add'\napp.send_task(NAME)\n",
        ["add"],
    ),
    "signature by name": (
        "from celery import signature\nsignature('minus').delay()\n",
        ["sub", "sub"],
    ),
    "signature of the app": ("from .tasks import app\napp.signature('minus')\n", ["sub"]),
    "registry": ("from .tasks import app\napp.tasks['minus'].delay(1)\n", ["sub"]),
    "task in a function": (
        "from celery import shared_task\ndef f():\n    @shared_task\n    def inner(): ...\n"
        "    inner.delay()\n",
        ["inner"],
    ),
}


@pytest.mark.parametrize(("code", "expected"), RESOLVED.values(), ids=RESOLVED)
def test_the_task_that_is_meant(tmp_path: Path, code: str, expected: list[str]) -> None:
    files = {"shop/__init__.py": "", "shop/tasks.py": _TASKS, "shop/views.py": code}
    read = project(tmp_path, files)
    views = str(tmp_path / "shop/views.py")
    sites = read.dispatches(views) if views in read.files else ()
    assert [task.decl.name for site in sites for task in site.tasks] == expected


UNRESOLVED = {
    "parameter": ("def f(add):\n    add.delay(1)\n", "add is a local variable (parameter)"),
    "rebound": (
        "from .tasks import add\ndef f():\n    with x() as add:\n        add.delay(1)\n",
        "add is a local variable (rebound)",
    ),
    "mock": (
        "from .tasks import add\ndef test(mock):\n    add = mock.Mock()\n    add.delay(1)\n",
        "what mock() returns",
    ),
    "loop": (
        "from .tasks import add\ndef f(ts):\n    for add in ts: add.delay(1)\n",
        "add is a local variable (loop)",
    ),
    "not a task": ("def add(): ...\nadd.delay(1)\n", "add is not a task"),
    "other library": ("import dask\ndask.add.delay(1)\n", "dask.add is not in source"),
    "nowhere": ("plus.delay(1)\n", "plus can't be resolved"),
    "attribute": ("class A:\n    def f(self): self.task.delay()\n", "task is an attribute of A"),
    "computed name": (
        "from .tasks import app\ndef f(n): app.send_task(n)\n",
        "the task's name is computed",
    ),
    "unknown name": (
        "from .tasks import app\napp.send_task('shop.gone')\n",
        'no task of this project is named "shop.gone"',
    ),
    "workflow": (
        "from celery import chain\nfrom .tasks import add\nchain(add.s(1)).delay()\n",
        "a workflow; its members",
    ),
}


@pytest.mark.parametrize(("code", "reason"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_the_reason_why_it_is_not_known(tmp_path: Path, code: str, reason: str) -> None:
    files = {"shop/__init__.py": "", "shop/tasks.py": _TASKS, "shop/views.py": code}
    read = project(tmp_path, files)
    open_ones = [d for d in read.dispatches(str(tmp_path / "shop/views.py")) if not d.tasks]
    assert len(open_ones) == 1
    assert open_ones[0].reason.startswith(reason)


USES = {
    "direct call": ("from .tasks import add\nadd(1)\n", [("add", "call", None)]),
    "call of a module's": ("from . import tasks\ntasks.add(1)\n", [("add", "call", None)]),
    "value": ("from .tasks import add\nALL = [add]\n", [("add", "value", None)]),
    "hidden": ("from .tasks import add\ndef f(add): add(1)\n", []),
    "helper": (
        "from .tasks import add\ndef send(task, *args): task.apply_async(args)\nsend(add, 1)\n",
        [("add", "helper", "send")],
    ),
    "helper by keyword": (
        "from .tasks import add\ndef send(x, *, task): task.si(x).delay()\nsend(1, task=add)\n",
        [("add", "helper", "send")],
    ),
    "another argument of a helper": (
        "from .tasks import add\ndef send(task, x): task.delay(x)\nsend(y, add)\n",
        [("add", "value", None)],
    ),
    "method as a helper": (
        "from .tasks import add\nclass A:\n    def send(self, task): task.delay()\n"
        "    def f(self): self.send(add)\n",
        [("add", "helper", "A.send")],
    ),
    "no helper": (
        "from .tasks import add\ndef f(task): return task\nf(add)\n",
        [("add", "value", None)],
    ),
    "what sends is a call site": ("from .tasks import add\nadd.delay(1)\nadd.s\n", []),
}


@pytest.mark.parametrize(("code", "expected"), USES.values(), ids=USES)
def test_other_uses(tmp_path: Path, code: str, expected: list[tuple[str, str, str | None]]) -> None:
    # The word makes it a file with traces.
    files = {"shop/__init__.py": "", "shop/tasks.py": _TASKS, "shop/views.py": f"# celery\n{code}"}
    uses = project(tmp_path, files).uses(str(tmp_path / "shop/views.py"))
    assert [(use.task.decl.name, use.how, use.helper) for use in uses] == expected


def test_a_helper_in_another_file(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/tasks.py": _TASKS,
        "shop/sending.py": "def dispatch(task_or_sig, *args, **kw):\n"
        "    return task_or_sig.apply_async(args=args, kwargs=kw, queue='slow')\n",
        "shop/views.py": "# celery\nfrom .tasks import add\nfrom .sending import dispatch\n"
        "def view(): dispatch(add, 1)\n",
    }
    (use,) = project(tmp_path, files).uses(str(tmp_path / "shop/views.py"))
    assert (use.task.decl.name, use.helper, use.reference.within) == ("add", "dispatch", "view")
