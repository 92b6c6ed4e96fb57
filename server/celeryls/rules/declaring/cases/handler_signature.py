from celeryls.rules.cases import Invalid, Valid


def _class(method: str, base: str = "Task", before: str = "from celery import Task\n") -> str:
    return f"{before}\nclass Loud({base}):\n    {method}\n"


_RIGHT = "def on_failure(self, exc, task_id, args, kwargs, einfo): ..."
_WRONG = "def on_failure(self, exc): ..."

VALID = [
    Valid("as it is called", _class(_RIGHT)),
    Valid("other names", _class("def on_failure(self, e, i, a, k, info): ...")),
    Valid("any arguments", _class("def on_failure(self, *args, **kwargs): ...")),
    Valid("the rest", _class("def on_failure(self, exc, *rest): ...")),
    Valid("one more, with a default", _class(_RIGHT.replace("einfo", "einfo, loud=False"))),
    Valid("by place only", _class(_RIGHT.replace("einfo", "einfo, /"))),
    Valid("all have defaults", _class("def on_success(self, r=0, i=0, a=(), k={}): ...")),
    Valid("before it starts", _class("def before_start(self, task_id, args, kwargs): ...")),
    Valid("after it", _class("def after_return(self, s, r, i, a, k, e): ...")),
    Valid("not a handler", _class("def on_error(self, exc): ...")),
    Valid("a decorator gives the rest", _class("@only(1)\n    " + _WRONG)),
    Valid("static", _class("@staticmethod\n    def on_success(r, i, a, k): ...")),
    Valid(
        "of something else", _class(_WRONG, "Machine", "import celery\nfrom own import Machine\n")
    ),
    Valid("of nothing", _class(_WRONG, "object")),
    Valid(
        "a part that another class calls in its own way",
        """\
from celery import Task

class Alarm:
    def on_failure(self, exc): ...

class Loud(Alarm, Task):
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        super().on_failure(exc)
""",
    ),
    Valid("a property", _class("on_failure = property(lambda self: print)")),
    Valid(
        "one of two, as an import goes",
        """\
from celery import Task

if x:
    class Loud(Task):
        def on_failure(self, exc): ...
else:
    class Loud: ...
""",
    ),
    Valid(
        "the next class",
        """\
from celery import Task

class Loud(Task):
    name = "x"

class Machine:
    def on_failure(self, exc): ...
""",
    ),
]

INVALID = [
    Invalid(
        _class("def «on_failure»(self, exc): ..."),
        '"Loud.on_failure" is called with 5 arguments (exc, task_id, args, kwargs, einfo)',
        _class(_RIGHT),
    ),
    Invalid(
        """\
import celery

app = celery.Celery()

class Quiet(app.Task):
    '''def on_success(self): ...'''

    # def on_success(self):
    name = "def on_success(self)"

    def f(self):
        def on_success(self): ...

    async def «on_success» (self, retval, ) -> None: ...

@app.task(base=Quiet)
def f(): ...
""",
        "is called with 4 arguments",
        """\
import celery

app = celery.Celery()

class Quiet(app.Task):
    '''def on_success(self): ...'''

    # def on_success(self):
    name = "def on_success(self)"

    def f(self):
        def on_success(self): ...

    async def on_success (self, retval, task_id, args, kwargs, ) -> None: ...

@app.task(base=Quiet)
def f(): ...
""",
    ),
    Invalid(
        _class("def «after_return»(self, status, retval, task_id, args, kwargs, einfo, more): ..."),
        "is called with 6 arguments",
        None,
    ),
    Invalid(
        """\
import celery
from shop.base import Base

class Loud(Base):
    def «on_retry»(
        self,
        exc,  # why
    ): ...
""",
        "every call raises a TypeError",
        None,
        {"shop/base.py": "from celery import Task\n\nclass Base(Task): ...\n"},
    ),
    Invalid(
        _class("def «before_start»(self, task_id, args, *, kwargs): ..."),
        "is called with 3 arguments",
        None,
    ),
]
