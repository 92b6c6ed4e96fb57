"""What rules about crontabs are given: one call of Celery's `crontab`, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from celeryls.facts import CrontabSite
from celeryls.project.cronspec import FIELDS, IN_A_LINE, Field, InvalidField, expand
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.syntax.expr import Const, Expr, Starred
from celeryls.text import Fix, Span

_CRONTAB = "celery.schedules.crontab"


@dataclass(frozen=True, slots=True)
class Given:
    """The value that a crontab is given for one of its fields."""

    field: Field
    value: Expr
    span: Span


@dataclass
class CrontabContext:
    """One crontab in a file."""

    file: FileContext
    site: CrontabSite
    from_string: bool

    @cached_property
    def values(self) -> tuple[Expr, ...]:
        """The positional arguments, evaluated."""
        evaluate = self.file.project.evaluate
        return tuple(evaluate(self.file.path, value) for value in self.site.values)

    @property
    def spreads(self) -> bool:
        """Whether there may be more arguments than are written, by `*` or `**`."""
        return any(isinstance(value, Starred) for value in self.values) or any(
            keyword.name is None for keyword in self.site.keywords
        )

    @cached_property
    def given(self) -> dict[str, Given]:
        """The fields that are written out, by name; those after `*args` are not."""
        if self.from_string:
            return self._given_in_a_line()
        found: dict[str, Given] = {}
        for field, value, span in zip(FIELDS.values(), self.values, self.site.args, strict=False):
            if isinstance(value, Starred):
                break
            found[field.name] = Given(field, value, span)
        pairs = zip(self.site.keywords, self.site.keyword_values, strict=True)
        for keyword, written in pairs:
            if keyword.name in FIELDS:
                value = self.file.project.evaluate(self.file.path, written)
                found[keyword.name] = Given(FIELDS[keyword.name], value, keyword.value_span)
        return found

    @cached_property
    def line(self) -> str | None:
        """The text that `from_string` is given, if it is known."""
        if not self.from_string or len(self.values) != 1 or self.site.keywords:
            return None
        return text_of(self.values[0])

    def _given_in_a_line(self) -> dict[str, Given]:
        parts = self.line.split(" ") if self.line is not None else []
        if len(parts) != len(IN_A_LINE):
            return {}
        span = self.site.args[0]
        inner = Span(span.start + 1, span.end - 1)
        plain = inner.of(self.file.text) == self.line
        found, at = {}, inner.start
        for name, part in zip(IN_A_LINE, parts, strict=True):
            place = Span(at, at + len(part)) if plain else span
            found[name] = Given(FIELDS[name], Const(part), place)
            at += len(part) + 1
        return found

    def numbers(self, name: str) -> frozenset[int] | None:
        """What a field stands for; `None` if that can't be known, or Celery refuses it."""
        field = FIELDS[name]
        given = self.given.get(name)
        if given is None:
            return (
                None
                if self.spreads or self.from_string
                else frozenset(range(field.low, field.high + 1))
            )
        try:
            return expand(given.value, field, self.file.project.celery_version)
        except InvalidField:
            return None

    def is_every(self, name: str) -> bool:
        """Whether a field certainly stands for all of its values."""
        numbers = self.numbers(name)
        return numbers is not None and len(numbers) == FIELDS[name].size

    def finding(
        self, rule: Rule, message: str, *, span: Span | None = None, fixes: tuple[Fix, ...] = ()
    ) -> Finding:
        """A finding about this crontab, by default on all of it."""
        scope = self.site.span
        return Finding(rule.code, message, span or scope, scope, scope, fixes)


def text_of(value: Expr) -> str | None:
    """The text that an evaluated value is, if it is one."""
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def crontabs_of(file: FileContext) -> tuple[CrontabContext, ...]:
    """The crontabs of Celery's in a file."""
    found = []
    for site in file.project.body(file.path).crontabs:
        symbols = file.project.meaning(file.path, site.target)
        names = {s.qualname if isinstance(s, External) else None for s in symbols}
        if names == {_CRONTAB}:
            found.append(CrontabContext(file, site, from_string=False))
        elif names == {f"{_CRONTAB}.from_string"}:
            found.append(CrontabContext(file, site, from_string=True))
    return tuple(found)


class CrontabRule(Rule):
    """A rule that looks at one crontab of Celery's at a time."""

    def check(self, file: FileContext) -> Iterator[Finding]:
        for context in file.once(crontabs_of):
            yield from self.check_crontab(context)

    def check_crontab(self, context: CrontabContext) -> Iterator[Finding]:
        """Every finding about one crontab."""
        raise NotImplementedError
