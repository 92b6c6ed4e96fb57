"""CEL801."""

import ast
from collections.abc import Iterator

from celeryls.facts import KeywordSite
from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calls import calls_of_tasks
from celeryls.rules.configuring.sites import SettingContext, SettingRule
from celeryls.syntax.expr import Const, Expr, Seq, parse_expr
from celeryls.text import Applicability, Edit, Fix, Span

_PICKLE = frozenset({"pickle", "application/x-python-serialize"})
_CONTENTS = ("accept_content", "result_accept_content")
_SERIALIZERS = ("task_serializer", "result_serializer", "event_serializer")


class UnsafePickle(SettingRule):
    """## What it does

    Finds settings that let pickle in (`accept_content`, `result_accept_content`) or send it
    (`task_serializer`, `result_serializer`, `event_serializer`), and tasks and calls with
    `serializer="pickle"`.

    ## Why it matters

    To read a pickle is to run what it says. Whoever can write to the broker, or to the result
    backend, can run any code on the workers.

    Celery's documentation:
    [Security](https://docs.celeryq.dev/en/stable/userguide/security.html#serializers)

    ## Example

    ```python
    app.conf.accept_content = ["json", "pickle"]
    ```

    Use instead:

    ```python
    app.conf.accept_content = ["json"]
    ```

    ## Known limits

    Whether the broker can be trusted is not in the code. Signed messages, which are the serializer
    `auth`, are not reported. Only settings are looked at that an app of the project is seen to
    read, and only options that are written in place. Tests are not judged.

    ## Fix safety

    Unsafe: what tasks are given and return must then be JSON, and messages that wait in the queue
    may be pickles still.
    """

    code = "CEL801"
    name = "unsafe-pickle"
    summary = "Pickle is accepted or sent: whoever can write to the broker can run code."
    severity = "warning"
    since = "0.1.0"
    fix = "unsafe"

    def check(self, file: FileContext) -> Iterator[Finding]:
        yield from super().check(file)
        if "pickle" not in file.text or file.project.is_test(file.path):
            return
        for task in file.tasks():
            for keyword in task.decorator.keywords:
                yield from self._option(file, keyword)
        for call in file.once(calls_of_tasks):
            if not call.site.method.startswith("delay") and call.site.method not in ("s", "si"):
                for keyword in call.site.keywords:
                    yield from self._option(file, keyword)

    def _option(self, file: FileContext, keyword: KeywordSite) -> Iterator[Finding]:
        """`serializer="pickle"` of a task, or of a call."""
        span = keyword.value_span
        value = parse_expr(span.of(file.text)) if keyword.name == "serializer" else None
        if value is None or not _is_pickle(value):
            return
        message = '"serializer" is pickle: to read it is to run what it says'
        yield Finding(self.code, message, span, span, span, _as_json(file, span))

    def check_setting(self, context: SettingContext) -> Iterator[Finding]:
        key, place = context.written.key, context.written.site.value_span
        if key not in (*_CONTENTS, *_SERIALIZERS):
            return
        value = context.value
        if key in _CONTENTS:
            if isinstance(value, Seq) and any(_is_pickle(item) for item in value.items):
                message = f'"{context.name}" has pickle: who writes to the broker can run code here'
                yield context.finding(self, message, span=place, fixes=_out(context))
        elif key in _SERIALIZERS and _is_pickle(value):
            message = f'"{context.name}" is pickle: to read it is to run what it says'
            yield context.finding(self, message, span=place, fixes=_json(context))


def _is_pickle(value: Expr) -> bool:
    return isinstance(value, Const) and value.value in _PICKLE


def _json(context: SettingContext) -> tuple[Fix, ...]:
    if not _is_pickle(context.written.site.value):
        return ()
    return _as_json(context.file, context.written.site.value_span)


def _as_json(file: FileContext, span: Span) -> tuple[Fix, ...]:
    quote = span.of(file.text)[-1]
    edit = Edit(span, f"{quote}json{quote}")
    return (Fix.in_file(file.path, "Use JSON", Applicability.UNSAFE, edit),)


def _out(context: SettingContext) -> tuple[Fix, ...]:
    """Take pickle out of a list that is written in place, on one line."""
    value, span = context.written.site.value, context.written.site.value_span
    source = span.of(context.file.text)
    if not isinstance(value, Seq) or not all(isinstance(item, Const) for item in value.items):
        return ()
    if "\n" in source or "\r" in source:
        return ()
    tree = ast.parse(f"({source})", mode="eval").body
    assert isinstance(tree, ast.List | ast.Tuple | ast.Set)
    encoded = f"({source})".encode()
    texts = [
        encoded[item.col_offset : item.end_col_offset].decode()
        for item, known in zip(tree.elts, value.items, strict=True)
        if not _is_pickle(known)
    ]
    texts = texts or ['"json"']
    opening, closing = ("[", "]") if value.kind == "list" else ("{", "}")
    if value.kind == "tuple":
        opening, closing = "(", ",)" if len(texts) == 1 else ")"
    edit = Edit(span, f"{opening}{', '.join(texts)}{closing}")
    return (Fix.in_file(context.file.path, "Take pickle out", Applicability.UNSAFE, edit),)
