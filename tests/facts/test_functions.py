"""Decorated functions: what others see of them, and where they stand."""

import pytest

from celeryls.facts import FunctionDecl, KeywordSite, Param, ParamKind, extract
from celeryls.syntax.expr import UNKNOWN, Attribute, Call, Const, Name
from celeryls.text import Span

from .helpers import body, function, interface, unmark


def declared(code: str) -> list[tuple[str, bool, bool]]:
    return [(f.qualname, f.in_class, f.in_function) for f in interface(code).functions]


def test_where_functions_are_found() -> None:
    found = declared(
        """
        @d
        def top(): ...
        def plain(): ...
        if x:
            @d
            async def branch(): ...
        try: ...
        except E:
            @d
            def handler(): ...
        class A:
            @d
            def method(self):
                @d
                def inner(): ...
            class B:
                @d
                def deep(self): ...
        def factory():
            with x:
                @d
                def nested(): ...
                class C:
                    @d
                    def in_both(self): ...
            def more():
                @d
                def deepest(): ...
        """
    )
    assert found == [
        ("top", False, False),
        ("branch", False, False),
        ("handler", False, False),
        ("A.method", True, False),
        ("A.method.<locals>.inner", False, True),
        ("A.B.deep", True, False),
        ("factory.<locals>.nested", False, True),
        ("factory.<locals>.C.in_both", True, True),
        ("factory.<locals>.more.<locals>.deepest", False, True),
    ]


def test_undecorated_functions_are_names_only() -> None:
    found = interface("def f(x): return x\nasync def g(): yield 1\nclass A:\n    def h(self): ...")
    assert found.functions == ()
    (f,), (g,) = found.names["f"], found.names["g"]
    assert isinstance(f, FunctionDecl)
    assert isinstance(g, FunctionDecl)
    assert (f.is_async, f.is_generator, g.is_async, g.is_generator) == (False, False, True, True)


def test_parameters() -> None:
    found = function(
        """
        @d
        def f(self, a: "x.Y", /, b=1, *args: int, c: list[ int ], d: Optional [str]=None, **kw): ...
        """
    )
    assert found.params == (
        Param("self", ParamKind.POSITIONAL_ONLY, False),
        Param("a", ParamKind.POSITIONAL_ONLY, False, "'x.Y'"),
        Param("b", ParamKind.NORMAL, True, default=Const(1)),
        Param("args", ParamKind.VAR_POSITIONAL, False, "int"),
        Param("c", ParamKind.KEYWORD_ONLY, False, "list[int]"),
        Param("d", ParamKind.KEYWORD_ONLY, True, "Optional[str]", Const(None)),
        Param("kw", ParamKind.VAR_KEYWORD, False),
    )


def test_decorators() -> None:
    found = function("@a.b\n@c(1, *x, k=2, **y)\n@make().task\n@(lambda f: f)\ndef f(): ...")
    assert found.decorators[0] == Name("a.b")
    assert isinstance(found.decorators[1], Call)
    assert found.decorators[1].keywords == (("k", Const(2)), (None, Name("y")))
    assert found.decorators[2:] == (Attribute(Call(Name("make"), (), ()), "task"), UNKNOWN)


@pytest.mark.parametrize(
    ("statements", "generator"),
    [
        ("yield 1", True),
        ("x = yield", True),
        ("yield from x", True),
        ("if a:\n        for b in c: print((yield))", True),
        ("return lambda: (yield)", False),
        ("def g(): yield 1", False),
        ("class A:\n        def g(self): yield 1", False),
        ("def g(x=(yield)): ...", True),
        ("'yield'  # yield", False),
    ],
)
def test_generators(statements: str, generator: bool) -> None:
    assert function(f"@d\ndef f():\n    {statements}\n").is_generator is generator


CELERY = Call(Name("Celery"), (), ())


@pytest.mark.parametrize(
    ("statements", "returns"),
    [
        ("return Celery()", [CELERY]),
        ("app = Celery()\nreturn app", [CELERY]),
        ("app: Celery = Celery()\nreturn app", [CELERY]),
        ("if (app := Celery()): return app", [CELERY]),
        ("if x: return 1\nelse: return\ntry: return a.b\nfinally: pass", [Const(1), Name("a.b")]),
        ("def g(): return 1\nreturn lambda: 2", [UNKNOWN]),
        ("return module_name", [Name("module_name")]),
        # Parameters and inner functions are told from the module's names by who calls it.
        ("return param", [Name("param")]),
        ("return args", [Name("args")]),
        # A name whose value isn't sure.
        ("app = Celery()\napp = wrap(app)\nreturn app", [UNKNOWN]),
        ("app = Celery()\nfor app in x: pass\nreturn app", [UNKNOWN]),
        ("app = Celery()\napp += 1\nreturn app", [UNKNOWN]),
        ("with x as app: return app", [UNKNOWN]),
        ("import app\nreturn app", [UNKNOWN]),
        ("def app(): ...\nreturn app", [Name("app")]),
        ("try: pass\nexcept E as app: return app", [UNKNOWN]),
        ("match x:\n    case [*app]: return app", [UNKNOWN]),
        # What only looks like a binding of this function.
        ("x = [app for app in y]\nreturn app", [Name("app")]),
        ("app = Celery()\nx = {app: 1 for app in y}\nreturn app", [CELERY]),
        ("class A:\n    app = 1\nreturn app", [Name("app")]),
        ("def g():\n    app = 1\nreturn app", [Name("app")]),
        ("global app\napp = Celery()\nreturn app", [Name("app")]),
        ("x = [y for z in w if (app := z)]\nreturn app", [UNKNOWN]),
    ],
)
def test_returns(statements: str, returns: list[object]) -> None:
    inner = "    'Celery'\n" + "".join(f"    {line}\n" for line in statements.splitlines())
    (found,) = interface(f"def f(param, *args):\n{inner}").names["f"][-1:]
    assert isinstance(found, FunctionDecl)
    assert list(found.returns) == returns


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("def f(): return Celery()", True),
        ("@cache\ndef f(): return make_celery()", True),
        ("def f(**kw): return shared_task(**kw)", True),
        ("def f(**kw): return app.task(**kw)", True),
        # A value that no app or task can come from: it would change at every keystroke.
        ("def f(): return compute()", False),
        ("@shared_task\ndef f(): return compute()", False),
        ("def f(celery): return compute()", False),
    ],
)
def test_returns_of_what_may_make_something(code: str, kept: bool) -> None:
    (found,) = interface(code).names["f"]
    assert isinstance(found, FunctionDecl)
    assert bool(found.returns) is kept


def test_returns_of_what_nobody_reaches() -> None:
    found = interface(
        """
        class A:
            @property
            def app(self): return Celery()
        def f():
            @d
            def g(): return Celery()
        """
    )
    assert [decl.returns for decl in found.functions] == [(), ()]


def test_scope_holds_what_the_decorators_need() -> None:
    *_, found = interface(
        """
        def outer(param):
            app = Celery(NAME, broker=url)
            url = "redis://"
            unrelated = 1
            import queues
            def inner(**kw):
                options = {"queue": queues.LOW}
                class A:
                    app = None
                    @app.task(base=param, **options)
                    def f(self): ...
        """
    ).functions
    assert [name for name, _ in found.scope] == ["app", "options", "param", "queues", "url"]
    scope = dict(found.scope)
    assert scope["app"] == Call(Name("Celery"), (Name("NAME"),), (("broker", Name("url")),))
    assert scope["url"] == Const("redis://")
    assert scope["param"] == scope["queues"] == UNKNOWN


# --- sites -----------------------------------------------------------------------------

BEFORE = [
    "",
    "\f",
    "# 😀\u2028@app.task\n",
    "x = '''\r\n\f\x85'''\r",
    "\ufeff",
    "'\ud83d'; y = 'é'\n",
]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_sites(before: str, newline: str) -> None:
    code = """\
@«app . task»
@«a.wraps(«fn», «**x», «bind =True», «é= [«»])
async  def «ﬁle_नमस्ते» «(«self: T», /, «a»=(1), *«args», «b»= ')', # )
         «ü: 'x'»=1, **«kw»)» -> X[()]:
    pass
"""
    code = code.replace("«é= [«»])", "«é= []»)»")
    text, spans = unmark((before + code).replace("\n", newline))
    facts = extract(text)
    assert not facts.body.holes
    (site,) = facts.body.functions
    found = sorted(
        [
            *(d.span for d in site.decorators),
            *(span for d in site.decorators for span in d.args),
            *(k.span for d in site.decorators for k in d.keywords),
            site.name,
            site.parens,
            *site.params,
        ]
    )
    assert [span.of(text) for span in found] == [span.of(text) for span in spans]
    assert found == spans
    assert site.span.of(text).startswith("async  def")
    assert (
        site.line
        == text[: spans[0].start].replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    )
    assert site.def_line == site.line + 2


def test_type_parameters_are_no_parameters() -> None:
    code = "@d\ndef «f»«(x)»: pass\n".replace("«f»", "«f»[T: (int, str), *Ts, **P]")
    text, (name, parens) = unmark(code)
    facts = extract(text)
    if facts.body.holes:  # before Python 3.12
        assert facts.body.functions == ()
        return
    (site,) = facts.body.functions
    assert (site.name, site.parens) == (name, parens)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("@«d»\ndef f(): ...", [("d", "d", False)]),
        ("@«d()»\ndef f(): ...", [("d()", "d", True)]),
        ("@«a.b . c( 1 )»\ndef f(): ...", [("a.b . c( 1 )", "a.b . c", True)]),
        ("@ «d»\n@(«e»)\ndef f(): ...", [("d", "d", False), ("e", "e", False)]),
        ("@«x[0]»\ndef f(): ...", [("x[0]", "x[0]", False)]),
        ("@«a()()»\ndef f(): ...", [("a()()", "a()", True)]),
    ],
)
def test_decorator_sites(code: str, expected: list[tuple[str, str, bool]]) -> None:
    text, spans = unmark(code)
    (site,) = extract(text).body.functions
    assert [d.span for d in site.decorators] == spans
    assert [(d.span.of(text), d.callee.of(text), d.called) for d in site.decorators] == expected


def test_keyword_sites() -> None:
    text, _ = unmark("@d(a=1, **x, ** y, b = (2), ﬁ=3, c\\\n=4)\ndef f(): ...")
    ((decorator,),) = [site.decorators for site in extract(text).body.functions]

    def shown(site: KeywordSite) -> tuple[str | None, str, str, str]:
        return (
            site.name,
            site.span.of(text),
            site.name_span.of(text),
            site.value_span.of(text),
        )

    assert [shown(k) for k in decorator.keywords] == [
        ("a", "a=1", "a", "1"),
        (None, "**x", "**", "x"),
        (None, "** y", "**", "y"),
        ("b", "b = (2)", "b", "2"),
        ("fi", "ﬁ=3", "ﬁ", "3"),
        ("c", "c\\\n=4", "c", "4"),
    ]


@pytest.mark.parametrize(
    ("statements", "retries"),
    [
        ("self.retry()", True),
        ("raise self.retry(exc=e)", True),
        ("def g():\n        f.retry()", True),
        ("return self . retry (\n    )", True),
        ("x = self.retry", False),
        ("retry()", False),
        ("self.retry_later()", False),
        ("'self.retry()'  # self.retry()", False),
    ],
)
def test_calls_retry(statements: str, retries: bool) -> None:
    (site,) = body(f"@d\ndef f(self):\n    {statements}\n").functions
    assert site.calls_retry is retries


@pytest.mark.parametrize(
    ("statements", "attributes", "passed"),
    [
        ("pass", "", False),
        ("self.a; self.b.c(); self.a", "a b", False),
        ("self.a = 1", "a", False),
        ("print(self)", "", True),
        ("self.a(self)", "a", True),
        ("self = 1", "", True),
        ("return lambda: self.a", "a", False),
        ("def g(): return self", "", True),
        # Another `self`, another attribute, another word.
        ("return lambda self: self.a", "", False),
        ("def g(self, x=self.b): return self.a", "b", False),
        ("class A:\n        def g(self): self.a", "", False),
        ("x.self.a; self_.b; f(self=1); 'self.c'", "", False),
        ("'''\n    '''; self.a", "a", False),
        ("f(\n        self\n        .a)", "a", False),
    ],
)
def test_first_parameter(statements: str, attributes: str, passed: bool) -> None:
    (site,) = body(f"@d\ndef f(self, other):\n    {statements}\n").functions
    assert " ".join(sorted(site.first_param_attributes)) == attributes
    assert site.passes_first_param is passed


@pytest.mark.parametrize("parameters", ["", "*self", "*, self", "**self"])
def test_no_first_parameter(parameters: str) -> None:
    (site,) = body(f"@d\ndef f({parameters}):\n    self.a(self)\n").functions
    assert site.first_param_attributes == frozenset()
    assert not site.passes_first_param


def test_functions_and_sites_go_together() -> None:
    code = "@d\ndef a(): ...\nclass A:\n    @d\n    def b(self): ...\n\n@d\ndef c(): ...\n"
    facts = extract(code)
    names = [site.name.of(code) for site in facts.body.functions]
    assert names == [decl.name for decl in facts.interface.functions] == ["a", "b", "c"]
    assert facts.body.functions[1].span == Span(code.index("def b"), code.index("\n\n@d"))
