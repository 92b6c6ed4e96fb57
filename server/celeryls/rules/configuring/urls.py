"""The URLs of brokers and result backends that a file writes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from celeryls.project.apps import App
from celeryls.rules.base import FileContext
from celeryls.rules.configuring.sites import settings_of
from celeryls.syntax.expr import Const, Expr
from celeryls.text import Span

_KEYS = frozenset({"broker_url", "broker_read_url", "broker_write_url", "result_backend"})
_ARGUMENTS = {"broker": "broker_url", "backend": "result_backend"}


@dataclass(frozen=True, slots=True)
class Url:
    """A URL that an app is given as the setting `key`.

    `span` is where its text stands, or else what stands for it; `literal` says that it is the
    inside of plain quotes.
    """

    app: App
    key: str
    text: str
    span: Span
    literal: bool


def urls_of(file: FileContext) -> Iterator[Url]:
    """The URLs in a file's settings, and those that apps made in it are given."""
    if "://" not in file.text or file.project.is_test(file.path):
        return
    seen: set[tuple[str, Span]] = set()
    for written in settings_of(file.project, file.path):
        if written.key in _KEYS:
            value = file.project.evaluate(file.path, written.site.value)
            for url in _urls(file, written.app, written.key, value, written.site.value_span):
                seen.add((url.key, url.span))
                yield url
    for app in file.project.apps:
        if app.made_in == file.path and app.made_by is not None:
            for name, given in app.made_by.keywords:
                key = _ARGUMENTS.get(name or "", name or "")
                if key in _KEYS:
                    value = file.project.evaluate(file.path, given)
                    found = _urls(file, app, key, value, None)
                    yield from (url for url in found if (url.key, url.span) not in seen)


def _urls(
    file: FileContext, app: App, key: str, value: Expr, written: Span | None
) -> Iterator[Url]:
    """The URL that a value is, if the place where it is written can be told."""
    if not isinstance(value, Const) or not isinstance(value.value, str):
        return
    text = value.value
    if "://" not in text:
        return
    if written is not None:
        inner = Span(written.start + 1, written.end - 1)
        if inner.of(file.text) == text and written.of(file.text)[0] in "\"'":
            yield Url(app, key, text, inner, True)
            return
    found = [*re.finditer(rf"(?<=[\"']){re.escape(text)}(?=[\"'])", file.text)]
    if len(found) == 1:
        yield Url(app, key, text, Span(*found[0].span()), True)
    elif written is not None:
        yield Url(app, key, text, written, False)
