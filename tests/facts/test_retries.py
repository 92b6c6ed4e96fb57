"""Where a function asks to be retried, ignored or rejected, and what is around that."""

import pytest

from celeryls.facts import HandlerSite, RetrySite, extract
from celeryls.syntax.expr import Imported, Name

from .helpers import unmark


def _sites(code: str) -> tuple[RetrySite, ...]:
    (function,) = extract(code).body.functions
    return function.retries


def _handler(body: str, header: str = "except Exception as exc") -> HandlerSite:
    """What is said of a handler around a retry."""
    site, *_ = _sites(
        f"@d\ndef f(self):\n    try:\n        self.retry()\n    {header}:\n        {body}\n"
    )
    ((handler,),) = site.tries
    return handler


def test_what_is_found() -> None:
    text, spans = unmark(
        """
@d
def f(task, x):
    from celery.exceptions import Ignore as I, Reject
    «task.retry(x, countdown=1)»
    raise «task.retry()» from None
    y = [«x.retry()», other.retry]
    raise «Reject("no", requeue=True)»
    raise «exceptions.Ignore»
    raise OSError
    raise
    lambda: task.retry()
    def inner():
        task.retry()
"""
    )
    found = _sites(text)
    assert [site.span for site in found] == spans
    assert [site.target for site in found] == [
        Name("task"),
        Name("task"),
        Name("x"),
        Imported("celery.exceptions", "Reject", 0),
        Name("exceptions.Ignore"),
    ]
    assert [site.method for site in found] == ["retry", "retry", "retry", "", ""]
    assert [site.own for site in found] == [True, True, False, False, False]
    assert [site.alone for site in found] == [True, False, False, False, False]
    assert [site.raised for site in found] == [False, True, False, True, True]
    assert [len(site.args) for site in found] == [1, 0, 0, 1, 0]
    assert [k.name for site in found for k in site.keywords] == ["countdown", "requeue"]


def test_a_first_parameter_that_is_bound_anew_is_another_thing() -> None:
    (site,) = _sites("@d\ndef f(self):\n    self = g()\n    self.retry()\n")
    assert not site.own


def test_what_is_around_it() -> None:
    text, spans = unmark(
        """
@d
def f(self):
    try:
        try:
            self.retry()
        «except (A, b.C) »:
            self.retry()
        «except»:
            pass
        else:
            self.retry()
        finally:
            self.retry()
    «except D as d»: self.retry()
    self.retry()
"""
    )
    first, second, third, fourth, fifth, sixth = _sites(text)
    inner, bare, outer = spans
    spanned = [[[h.span for h in handlers] for handlers in s.tries] for s in (first, second)]
    assert spanned == [[[inner, bare], [outer]], [[outer]]]
    assert third.tries == fourth.tries == second.tries
    assert (fifth.tries, sixth.tries, sixth.handlers) == ((), (), ())
    assert [h.span for h in second.handlers] == [inner]
    assert [h.span for h in fifth.handlers] == [outer]
    assert first.tries[0][0].types == (Name("A"), Name("b.C"))
    assert first.tries[0][1].types == ()
    assert fifth.handlers[0].name == "d"


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "return None",
        "logger.exception('no')",
        "logger.error('no: %s', exc, exc_info=exc)",
        "logger.error('no: %s' % (exc, 1))",
        "logger.warning(f'{exc} {exc.args}')",
        "self.update_state(state='X', meta={'why': str(exc)})",
        "x = 'no: ' + str(exc)",
        "print(exc, self.request.id)",
        "notify(x.pk, str(exc))",
    ],
)
def test_what_a_handler_does_not_hand_on_is_lost(body: str) -> None:
    assert _handler(body).lost


@pytest.mark.parametrize(
    "body",
    [
        "raise",
        "raise OSError from exc",
        "if x: raise",
        "self.retry()",
        "raise self.retry(exc=exc)",
        "failed = exc",
        "failed.append(exc)",
        "return exc",
        "handle(exc)",
        "handle(self, 'no')",
        "handle(error=exc)",
        "self.handle()",
        "six.reraise(*sys.exc_info())",
        "logger.error(handle(exc))",
        "sys.exit(1)",
        "handle(*sys.exc_info())",
    ],
)
def test_what_may_be_raised_again_is_not_lost(body: str) -> None:
    assert not _handler(body).lost


@pytest.mark.parametrize(
    ("header", "lost"),
    [
        ("except", True),
        ("except builtins.BaseException", True),
        ("except (OSError, Exception) as e", True),
        ("except OSError", False),
    ],
)
def test_what_catches_nearly_all(header: str, lost: bool) -> None:
    assert _handler("pass", header).lost is lost


def test_a_group_is_not_lost() -> None:
    found = extract(
        "@d\ndef f(self):\n    try:\n        self.retry()\n    except* OSError:\n        pass\n"
    )
    sites = [site for function in found.body.functions for site in function.retries]
    # Before Python 3.11 this is no syntax.
    assert not any(handler.lost for site in sites for tried in site.tries for handler in tried)


def test_handlers_in_loops() -> None:
    text, spans = unmark(
        """
@d
def f(self):
    try: ...
    except A: ...
    for x in y:
        with z:
            try: ...
            «except B»: ...
            «except C as c»: ...
            else:
                while x:
                    match x:
                        case 1:
                            try: ...
                            «except»: ...
        def inner():
            try: ...
            except D: ...
    else:
        try: ...
        except E: ...
    while x:
        try: ...
        finally: ...
"""
    )
    (function,) = extract(text).body.functions
    assert [handler.span for tried in function.loops for handler in tried] == spans
    assert [len(tried) for tried in function.loops] == [2, 1]


@pytest.mark.parametrize(
    ("body", "leaves"),
    [("pass", False), ("if x: break", True), ("return", True), ("continue", False)],
)
def test_what_leaves_a_loop(body: str, leaves: bool) -> None:
    (function,) = extract(
        f"@d\ndef f():\n    for x in y:\n        try: ...\n        except:\n            {body}\n"
    ).body.functions
    ((handler,),) = function.loops
    assert handler.leaves is leaves


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("try: go()\n    except OSError: ...\n    except: log()", 2),
        ("go()\n    try: go()\n    except: return None", 1),
        ("try: go()\n    except: return", 1),
        ("try: go()\n    except: return False", 0),
        ("try: go()\n    except OSError: return 0\n    except: log()", 1),
        ("try: go()\n    except: log.error(lambda: 1); pass", 1),
        ("try: go()\n    except: y.failed = True", 0),
        ("try: go()\n    except: log(); y.save()", 0),
        ("try: go()\n    except:\n        if y: log()", 0),
        ("try: go()\n    except: log()\n    go()", 0),
        ("try: go()\n    finally: log()", 0),
        ("for x in y:\n        try: go()\n        except: log()", 0),
        ("go()", 0),
    ],
)
def test_handlers_that_only_log_at_the_end(body: str, count: int) -> None:
    (function,) = extract(f"@d\ndef f(y):\n    {body}\n").body.functions
    assert len(function.last) == count


@pytest.mark.parametrize(
    ("body", "returns"),
    [
        ("return 1", True),
        ("return", False),
        ("return None", False),
        ("return (\n        None)", False),
        ("if x: return x", True),
        ("go(lambda: 1)", False),
        ("def g(): return 1", False),
        ("return f(x)", True),
        ("...", False),
    ],
)
def test_whether_a_function_returns_a_value(body: str, returns: bool) -> None:
    (function,) = extract(f"@d\ndef f(x):\n    {body}\n").body.functions
    assert function.returns_value is returns
