"""Which kind of broker and result backend an app has, by the URLs that it is given."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from celeryls.facts import ClassDecl, FunctionDecl, Import, Interface
from celeryls.project.apps import App
from celeryls.project.project import Project
from celeryls.project.settings import spellings_of
from celeryls.project.symbols import Defined
from celeryls.syntax.expr import (
    Call,
    Const,
    Dict,
    Environ,
    Expr,
    Imported,
    Name,
    Operation,
    children,
)

BROKER = "broker_url"
BACKEND = "result_backend"

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9-]*)(?:\+[a-z0-9+.-]*)?://", re.I)
_KINDS = {
    **dict.fromkeys(("amqps", "pyamqp", "librabbitmq"), "amqp"),
    **dict.fromkeys(("rediss", "sentinel"), "redis"),
}
_BARE_BACKENDS = frozenset({"amqp", "cache", "database", "django-cache", "django-db", "rpc"})
"""What `result_backend` may be without a URL (celery/app/backends.py, django-celery-results)."""
_STAND_INS = frozenset({"cache", "memory"})
"""What tests and development take in place of the real one."""
_ARGUMENTS = {BROKER: ("broker", BROKER), BACKEND: ("backend", BACKEND)}
_DEEPEST = 8
_ENVIRONMENT_FILES = (
    *(".env", ".env.example", ".env.sample", ".env.template", ".env.dist"),
    *("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"),
)
_ASSIGNED = {
    BROKER: re.compile(r"^[\s-]*(?:\w+_)?BROKER_URL\s*[:=]\s*(?P<url>.+)$", re.M),
    BACKEND: re.compile(r"^[\s-]*(?:\w+_)?RESULT_BACKEND(?:_URL)?\s*[:=]\s*(?P<url>.+)$", re.M),
}
_MAX_CHARACTERS = 100_000


def scheme_of(url: str) -> str | None:
    """The scheme of a URL in lower case, without what comes after a `+`; `None` without one."""
    found = _SCHEME.match(url)
    return found["scheme"].lower() if found is not None else None


def kind_of(project: Project, app: App, key: str) -> str | None:
    """The kind of an app's broker or result backend: `redis`, `amqp`, `sqs`, `filesystem`…

    `key` is `BROKER` or `BACKEND`.  Where an environment variable decides, the default beside
    it counts, and where a running program hands its configuration on, what that says.  `None`
    where nothing says, or several places say different things.
    """
    value = project.setting(app, key)
    if value.origin == "settings" and isinstance(value.value, Const):
        return _one(_kinds(project, app.path or "", value.value, key))
    return _one(
        kind
        for path, written in _written(project, app, key)
        for kind in _kinds(project, path, written, key)
    )


def kind_in_environment(folder: Path, key: str) -> str | None:
    """The same by the files of `folder` that say what a program finds in its environment."""
    found: list[str] = []
    for name in _ENVIRONMENT_FILES:
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                text = file.read(_MAX_CHARACTERS)
        except OSError:
            continue
        for line in _ASSIGNED[key].finditer(text):
            # In compose files: ${CELERY_BROKER_URL:-redis://redis:6379/0}
            url = re.sub(r"\A[\"'\s]*(?:\$\{\w+:?-)?", "", line["url"])
            found += _named(url.rstrip("\"'} \t\r"), key)
    return _one(found)


def _one(kinds: Iterable[str]) -> str | None:
    found = set(kinds)
    if len(found) > 1:
        found -= _STAND_INS
    return found.pop() if len(found) == 1 else None


def _named(text: str, key: str) -> Iterator[str]:
    """The kind that a text names."""
    scheme = scheme_of(text)
    if scheme is not None:
        yield _KINDS.get(scheme, scheme)
    elif key == BACKEND and text in _BARE_BACKENDS:
        yield text


def _kinds(project: Project, path: str, value: Expr, key: str, depth: int = 0) -> Iterator[str]:
    """The kinds that the texts in a value name, which need not be known as a whole."""
    parts: tuple[Expr, ...] = ()
    match value:
        case Const(value=str() as text):
            yield from _named(text, key)
        case Name() | Imported():
            if depth < _DEEPEST:
                for symbol in project.meaning(path, value):
                    if isinstance(symbol, Defined) and not isinstance(
                        symbol.what, ClassDecl | FunctionDecl
                    ):
                        yield from _kinds(project, symbol.path, symbol.what, key, depth + 1)
        case Environ(default=default):
            parts = (default,)
        case Operation(op="join" | "+" | "%", operands=operands):
            parts = operands[:1]
        case Call():
            parts = children(value)[1:]
        case _:
            parts = children(value)
    for part in parts:
        yield from _kinds(project, path, part, key, depth)


def _written(project: Project, app: App, key: str) -> Iterator[tuple[str, Expr]]:
    """Every value that a source which may be the app's gives the setting, with its file."""
    if app.made_by is not None:
        for name, value in app.made_by.keywords:
            if name in _ARGUMENTS[key]:
                yield app.made_in, value
    namespace = project.configs.namespace_of(app) or "CELERY"
    spellings = {*spellings_of(key, ""), *spellings_of(key, namespace)}
    for path, facts in project.files.items():
        if not project.is_test(path):
            for value in _in_file(facts.interface, spellings):
                yield path, value


def _in_file(interface: Interface, spellings: set[str]) -> Iterator[Expr]:
    for write in interface.conf_writes:
        if write.key in spellings:
            yield write.value
        elif write.key is None:
            yield from _in_display(write.value, spellings)
    for name, bindings in interface.names.items():
        for bound in bindings:
            if isinstance(bound, ClassDecl):
                yield from (value for key, value in bound.attributes.items() if key in spellings)
            elif not isinstance(bound, FunctionDecl | Import):
                if name in spellings:
                    yield bound
                yield from _in_display(bound, spellings)


def _in_display(value: Expr, spellings: set[str]) -> Iterator[Expr]:
    for key, item in value.items if isinstance(value, Dict) else ():
        if isinstance(key, Const) and key.value in spellings:
            yield item
