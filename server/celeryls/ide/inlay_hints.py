"""Inlay hints: what source leaves out, or says in numbers only."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from celeryls.facts import CrontabSite, DecoratorSite, KeywordSite
from celeryls.ide.durations import CLEAR, in_words
from celeryls.ide.retry_schedule import retry_schedule
from celeryls.project import Project, Task
from celeryls.project.durations import seconds
from celeryls.project.symbols import External
from celeryls.project.timetables import timetable_of
from celeryls.rules.configuring.sites import settings_of
from celeryls.rules.edits import add_keywords
from celeryls.syntax.expr import UNKNOWN, Call, Const, Expr, Name
from celeryls.text import Edit, Span

_SENDS_LATER = frozenset({"apply_async", "apply_async_on_commit"})
_CALL_SECONDS = frozenset({"countdown", "expires"})
_OPTION_SECONDS = frozenset(
    {"time_limit", "soft_time_limit", "default_retry_delay", "retry_backoff_max", "expires"}
)
_SETTING_SECONDS = frozenset(
    {"task_time_limit", "task_soft_time_limit", "result_expires", "result_failure_expires"}
    | {"control_queue_ttl", "control_queue_expires", "event_queue_ttl", "event_queue_expires"}
)
_RETRY_OPTIONS = frozenset(
    {"autoretry_for", "retry_backoff", "retry_kwargs", "max_retries", "default_retry_delay"}
)
_PRODUCT = re.compile(r"[1-9][\d_]{0,12}(?: ?\* ?[1-9][\d_]{0,12})*")


@dataclass(frozen=True, slots=True)
class Hint:
    """A text to show at an offset between characters.

    `apart` says that it does not stand for code there, so that it needs a space before it.
    `edits` write into the source what the hint says, where that can be done.
    """

    offset: int
    label: str
    tooltip: str
    apart: bool = True
    edits: tuple[Edit, ...] = ()


def inlay_hints(project: Project, path: str, within: Span | None = None) -> list[Hint]:
    """The hints of a file in the order of source, of all of it or `within` a part."""
    if path not in project.files:
        return []
    file = _File(project, path, within)
    hints = [*file.of_tasks(), *file.of_calls(), *file.of_schedules(), *file.of_crontabs()]
    hints += file.of_settings()
    if within is not None:
        hints = [hint for hint in hints if within.contains(hint.offset)]
    return sorted(hints, key=lambda hint: hint.offset)


class _File:
    """Makes the hints of one file."""

    def __init__(self, project: Project, path: str, within: Span | None) -> None:
        self._project = project
        self._path = path
        self._within = within
        self._text = project.text(path) or ""
        self._body = project.body(path)

    # --- tasks ------------------------------------------------------------------------

    def of_tasks(self) -> Iterator[Hint]:
        for task in self._project.tasks_in(self._path):
            site = self._project.site(task)
            if not self._wanted(site.span, site.decorators) or not site.name.length:
                continue
            if task.decorator is not None:
                decorator = site.decorators[task.decorator]
                yield from self._name(task, decorator)
                for keyword in decorator.keywords:
                    if keyword.name in _OPTION_SECONDS and keyword.name in task.options:
                        yield from self._in_words(task.options[keyword.name], keyword.value_span)
                yield from self._retries(task, decorator)
            for retry in site.retries:
                if retry.method == "retry" and retry.own:
                    yield from self._of_keywords(retry.keywords)

    def _wanted(self, span: Span, decorators: tuple[DecoratorSite, ...]) -> bool:
        start = decorators[0].span.start if decorators else span.start
        return self._within is None or self._within.touches(Span(start, span.end))

    def _name(self, task: Task, decorator: DecoratorSite) -> Iterator[Hint]:
        """The name that Celery gives to a task that says none."""
        if task.name is None or not task.complete or "name" in task.options or decorator.args:
            return
        written = f"name={json.dumps(task.name, ensure_ascii=False)}"
        edits = add_keywords(self._text, decorator, written) if task.is_plain else ()
        # Editors may cut a long hint short.
        tooltip = f"Registered as {task.name}, after its module and its function."
        offset = decorator.callee.end
        label = f"({written})"
        if decorator.called:
            offset = self._text.find("(", offset, decorator.span.end) + 1
            comma = "," if decorator.keywords else ""
            label = f"{written}, " if self._goes_on(offset, decorator) else f"{written}{comma}"
        if offset:
            yield Hint(offset, label, tooltip, apart=False, edits=edits)

    def _goes_on(self, offset: int, decorator: DecoratorSite) -> bool:
        """Whether an argument follows in the same line."""
        line = self._text[offset : decorator.span.end - 1].partition("\n")[0]
        return bool(line.strip()) and not line.lstrip().startswith("#")

    def _retries(self, task: Task, decorator: DecoratorSite) -> Iterator[Hint]:
        if _RETRY_OPTIONS.isdisjoint(keyword.name for keyword in decorator.keywords):
            return
        found = retry_schedule(self._project, task)
        if found is not None:
            tooltip = "When the task is tried again after failures, from its options in force."
            if found.jitter:
                tooltip += " With `retry_jitter` each delay is random, up to the one shown."
            yield Hint(decorator.span.end, f"retries: {found.words}", tooltip)

    # --- calls and schedules ----------------------------------------------------------

    def of_calls(self) -> Iterator[Hint]:
        for site in self._body.calls:
            if self._within is not None and not self._within.touches(site.span):
                continue
            if site.method in _SENDS_LATER:
                values = site.given[len(site.args) :]
                for keyword, value in zip(site.keywords, values, strict=False):
                    if keyword.name in _CALL_SECONDS:
                        yield from self._in_words(self._evaluated(value), keyword.value_span)
            elif site.method == "add_periodic_task" and site.values and site.args:
                yield from self._in_words(self._evaluated(site.values[0]), site.args[0])

    def of_schedules(self) -> Iterator[Hint]:
        for entry in self._body.schedules:
            for item in entry.items:
                if item.key == "schedule":
                    yield from self._in_words(self._evaluated(item.value), item.value_span)

    def of_crontabs(self) -> Iterator[Hint]:
        for site in self._body.crontabs:
            if self._within is None or self._within.touches(site.span):
                timetable = timetable_of(self._call(site), self._project.celery_version)
                if timetable is not None:
                    yield Hint(site.span.end, str(timetable), "When this is, in words.")

    def of_settings(self) -> Iterator[Hint]:
        for written in settings_of(self._project, self._path):
            if written.key in _SETTING_SECONDS:
                value = self._evaluated(written.site.value)
                yield from self._in_words(value, written.site.value_span)

    def _call(self, site: CrontabSite) -> Expr:
        symbols = self._project.meaning(self._path, site.target)
        names = {symbol.qualname if isinstance(symbol, External) else "" for symbol in symbols}
        values = zip(site.keywords, site.keyword_values, strict=True)
        return Call(
            Name(names.pop() if len(names) == 1 else ""),
            tuple(self._evaluated(value) for value in site.values),
            tuple((keyword.name, self._evaluated(value)) for keyword, value in values),
        )

    def _of_keywords(self, keywords: tuple[KeywordSite, ...]) -> Iterator[Hint]:
        """Of calls whose values facts don't keep: only what is written as plain numbers."""
        for keyword in keywords:
            if keyword.name in _CALL_SECONDS:
                yield from self._in_words(
                    _product(keyword.value_span.of(self._text)), keyword.value_span
                )

    def _evaluated(self, value: Expr) -> Expr:
        return self._project.evaluate(self._path, value)

    def _in_words(self, value: Expr, span: Span) -> Iterator[Hint]:
        """A number of seconds that takes a moment to read."""
        count = seconds(value)
        if count is not None and count >= CLEAR:
            yield Hint(span.end, in_words(count), f"{count:g} seconds")


def _product(text: str) -> Expr:
    """`3600`, `2 * 60 * 60`: numbers that are written out."""
    factors = _PRODUCT.fullmatch(text) and re.findall(r"[\d_]+", text)
    return Const(prod(int(factor) for factor in factors)) if factors else UNKNOWN
