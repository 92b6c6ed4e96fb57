"""Settings written on an app, in every spelling."""

import pytest

from celeryls.facts import AppCall, ConfWrite
from celeryls.syntax.expr import UNKNOWN, Call, Const, Name

from .helpers import interface

ON = Const(True)


def write(
    key: str | None, value: object = ON, app: str = "app", *, conditional: bool = False
) -> ConfWrite:
    return ConfWrite(app, key, value, conditional)  # type: ignore[arg-type]


MAYBE = [write("a", conditional=True)]

CASES = [
    ("app.conf.a = True", [write("a")]),
    ("app.conf['a'] = True", [write("a")]),
    ("app.conf[KEY] = True", [write(None)]),
    ("app.conf.a: bool = True", [write("a")]),
    ("app.conf.a: bool", []),
    ("app.conf.a = app.conf.b = True", [write("a"), write("b")]),
    ("app.conf.a |= 2", [write("a", UNKNOWN)]),
    ("self.celery.app.conf.a = True", [write("a", app="self.celery.app")]),
    ("current_app.conf.update(a=True)", [write("a", app="current_app")]),
    ("make().conf.a = True\nconf.a = True\nconf.update(a=True)\nx.config.a = True", []),
    # update()
    ("app.conf.update(a=True, b=X)", [write("a"), write("b", Name("X"))]),
    ("app.conf.update({'a': True, KEY: 1})", [write("a"), write(None, Const(1))]),
    ("app.conf.update({'a': True, **X})", [write("a"), write(None, Name("X"))]),
    ("app.conf.update({**{'a': True}})", [write("a")]),
    ("app.conf.update(dict(a=True, **X))", [write("a"), write(None, Name("X"))]),
    ("app.conf.update(**{'a': True})", [write("a")]),
    ("app.conf.update(**X)", [write(None, Name("X"))]),
    ("app.conf.update(X, a=True)", [write(None, Name("X")), write("a")]),
    ("app.conf.update(read())", [write(None, Call(Name("read"), (), ()))]),
    ("app.conf.update()", []),
    ("app.conf.update", []),
    # Defaults
    ("app.conf.setdefault('a', True)", MAYBE),
    ("app.conf.setdefault(KEY, True)", [write(None, conditional=True)]),
    ("app.conf.add_defaults({'a': True})", MAYBE),
    # A part of a setting: its value is no longer known.
    ("app.conf.a['x'] = True", [write("a", UNKNOWN)]),
    ("app.conf.a['x']['y'] = True", [write("a", UNKNOWN)]),
    ("app.conf['a']['x'] = True", [write("a", UNKNOWN)]),
    ("app.conf['a']['x'].update(y=True)", [write("a", UNKNOWN)]),
    ("app.conf['a'].get('x')\nx = app.conf['a']", []),
    ("app.conf.a.update(x=True)", [write("a", UNKNOWN)]),
    ("app.conf.a.append(x)", [write("a", UNKNOWN)]),
    ("app.conf.a.items()\nx = app.conf.get('a')\napp.conf.humanize()", []),
    # Another name for it
    ("conf = app.conf\nconf.a = True\nconf.update(b=True)", [write("a"), write("b")]),
    ("conf = app.conf\nconf = {}\nconf['a'] = True", []),
    # Where it may not happen
    ("if x:\n    app.conf.a = True", MAYBE),
    ("if x: pass\nelif y: app.conf.a = True", MAYBE),
    ("if x: pass\nelse: app.conf.a = True", MAYBE),
    ("for x in y:\n    app.conf.a = True", MAYBE),
    ("while x:\n    app.conf.a = True", MAYBE),
    ("match x:\n    case 1: app.conf.a = True", MAYBE),
    ("try:\n    app.conf.a = True\nexcept E: pass", MAYBE),
    ("try: pass\nexcept E: app.conf.a = True", MAYBE),
    ("try: pass\nexcept E: pass\nelse: app.conf.a = True", MAYBE),
    ("try: pass\nfinally: app.conf.a = True", [write("a")]),
    ("try: app.conf.a = True\nfinally: pass", [write("a")]),
    ("with x:\n    app.conf.a = True", [write("a")]),
    ("if x:\n    with y:\n        app.conf.update(a=True)", MAYBE),
    ("class A:\n    app.conf.a = True", [write("a")]),
    ("if x:\n    class A:\n        app.conf.a = True", MAYBE),
    # In a function that makes the app, and at any depth
    ("def make():\n    app.conf.a = True", [write("a")]),
    ("def make():\n    if x: app.conf.a = True", MAYBE),
    ("class A:\n    def f(self):\n        self.app.conf.a = True", [write("a", app="self.app")]),
    ("async def f():\n    async for x in y: app.conf.a = True", MAYBE),
    ("def f():\n    def g():\n        app.conf.update(a=True)", [write("a")]),
]


@pytest.mark.parametrize(("code", "expected"), CASES, ids=[code for code, _ in CASES])
def test_conf_writes(code: str, expected: list[ConfWrite]) -> None:
    assert list(interface(code).conf_writes) == expected


def test_app_calls() -> None:
    found = interface(
        """
        app.config_from_object("django.conf:settings", namespace="CELERY", **more)
        app.autodiscover_tasks(lambda: APPS)
        config_from_object("x")
        app.task
        def make():
            result = celery.app.config_from_envvar("X")
            return app
        """
    ).app_calls
    assert found == (
        AppCall(
            "app",
            "config_from_object",
            (Const("django.conf:settings"),),
            (("namespace", Const("CELERY")), (None, Name("more"))),
        ),
        AppCall("app", "autodiscover_tasks", (Name("APPS"),), ()),
        AppCall("celery.app", "config_from_envvar", (Const("X"),), ()),
    )


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")', "shop.settings"),
        ('os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"', "shop.settings"),
        ('environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"', "shop.settings"),
        ('def main():\n    environ.setdefault("DJANGO_SETTINGS_MODULE", "a")', "a"),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", MODULE)', None),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"shop.{x}")', None),
        ('os.environ["DJANGO_SETTINGS_MODULE"] = None', None),
        ('os.environ.setdefault("OTHER", "shop.settings")', None),
        ('settings["DJANGO_SETTINGS_MODULE"] = "a"', None),
        # The same twice is known, two different ones are not.
        (
            'if x: os.environ["DJANGO_SETTINGS_MODULE"] = "a"\n'
            'else: os.environ["DJANGO_SETTINGS_MODULE"] = "a"',
            "a",
        ),
        (
            'if x: os.environ["DJANGO_SETTINGS_MODULE"] = "a"\n'
            'else: os.environ["DJANGO_SETTINGS_MODULE"] = "b"',
            None,
        ),
        (
            'os.environ["DJANGO_SETTINGS_MODULE"] = "a"\n'
            'if x: os.environ["DJANGO_SETTINGS_MODULE"] = read()',
            None,
        ),
    ],
)
def test_django_settings(code: str, module: str | None) -> None:
    assert interface(code).django_settings == module
