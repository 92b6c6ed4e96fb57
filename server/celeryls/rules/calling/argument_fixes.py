"""How the arguments of a call come to be those that the task takes: what CEL301 offers."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from celeryls import catalog
from celeryls.facts import Param, ParamKind
from celeryls.facts.lookup import Scope, meaning, nodes_in_scopes
from celeryls.rules.arity import BY_NAME, BY_PLACE, lacking, mismatch
from celeryls.rules.calling.lossy_argument import loses
from celeryls.rules.calling.models import held
from celeryls.rules.calling.variables import has_value
from celeryls.rules.calls import CallContext, Handed
from celeryls.rules.edits import add_item, add_keywords, remove_items
from celeryls.rules.spelling import closest
from celeryls.syntax import Parsed
from celeryls.syntax.expr import Name
from celeryls.syntax.scan import in_code
from celeryls.text import Applicability, Edit, Fix, Span

_DOES_MORE = re.compile(r":=|\b(?:await|yield)\b")
"""What an argument may do beside having a value, that code elsewhere may need."""


_Mend: TypeAlias = tuple[tuple[Edit, ...], Sequence[Param]]
"""Edits, and those of the missing parameters that get no name by them."""
_WITH_ARGS = frozenset({"apply_async", "apply_async_on_commit"})


@dataclass(frozen=True)
class _Plan:
    """What is wrong with the arguments: how many too many by place, which names."""

    surplus: int
    renamed: Mapping[str, str]
    unwanted: frozenset[str]
    missing: tuple[Param, ...]

    def after(self, handed: Handed, by_place: Sequence[Param]) -> Handed:
        """What the task gets then; `by_place` are those of what is missing that get no name."""
        named = [self.renamed.get(n, n) for n in handed.named if n not in self.unwanted]
        named += [param.name for param in self.missing if param not in by_place]
        added = tuple(Name(param.name) for param in by_place)
        kept = handed.positional[: len(handed.positional) - self.surplus]
        return Handed(kept + added, tuple(named), handed.more_positional, handed.more_named)


@dataclass(frozen=True)
class _Source:
    """A call in the tree of its file, and the scope that it is in."""

    parsed: Parsed
    node: ast.Call
    scope: Scope | None

    def option(self, name: str, at: int) -> ast.expr | None:
        """What `apply_async` is given as its `args` or `kwargs`."""
        if at < len(self.node.args):
            return self.node.args[at]
        return next((k.value for k in self.node.keywords if k.arg == name), None)


def mend(context: CallContext, params: Sequence[Param], handed: Handed) -> Iterator[Fix]:
    """The one fix after which nothing is wrong with the arguments, if there is one for certain."""
    final = context.site.method != "s"
    plan = _plan(params, handed, final=final)
    if plan is None or not in_code(context.file.text, context.site.span.start):
        return  # an f-string may bear no more quotes
    way = _in_displays if context.site.method in _WITH_ARGS else _in_call
    found = way(context, plan)
    if found is None:
        return
    edits, by_place = found
    if edits and mismatch(params, plan.after(handed, by_place), final=final) is None:
        yield Fix.in_file(context.file.path, _title(plan), Applicability.UNSAFE, *edits)


def _plan(params: Sequence[Param], handed: Handed, *, final: bool) -> _Plan | None:
    """What is to be done, if that is clear."""
    if len({*handed.named}) < len(handed.named):
        return None
    kinds = {param.kind for param in params}
    places = [param.name for param in params if param.kind in BY_PLACE]
    names = {param.name for param in params if param.kind in BY_NAME}
    count = len(handed.positional)
    surplus = 0 if ParamKind.VAR_POSITIONAL in kinds else max(0, count - len(places))
    wrong = [n for n in handed.named if n not in names and ParamKind.VAR_KEYWORD not in kinds]
    taken = {*handed.named, *places[:count]}
    renamed = {n: near for n in wrong if (near := closest(n, sorted(names - taken))) is not None}
    unwanted = frozenset(wrong) - renamed.keys()
    if len({*renamed.values()}) < len(renamed):
        return None
    if any(closest(name, sorted(names)) in taken for name in unwanted):
        return None  # it is given twice, once under a wrong name
    if not unwanted.isdisjoint(catalog.call_options()):
        return None  # it is meant for Celery
    plan = _Plan(surplus, renamed, unwanted, ())
    if handed.more_named or handed.more_positional:
        return None if surplus or unwanted else plan
    missing = tuple(lacking(params, plan.after(handed, ())))
    if missing and (surplus or unwanted):
        return None  # the one may be the other, under a wrong name
    return _Plan(surplus, renamed, unwanted, missing if final else ())


def _source(context: CallContext) -> _Source | None:
    """The call as its file's tree has it."""
    parsed, site = context.file.parsed, context.site
    if parsed.broken:
        return None
    line = parsed.lines.line_at(site.span.start) + 1
    for node, scope in nodes_in_scopes(parsed, [line]):
        if isinstance(node, ast.Call) and parsed.span(node) == site.span:
            return _Source(parsed, node, scope)
    return None


def _are_at_hand(context: CallContext, source: _Source, plan: _Plan) -> bool:
    """Whether what is missing has variables around the call of its name, which may be sent."""
    return all(_is_at_hand(context, source, param.name) for param in plan.missing)


def _is_at_hand(context: CallContext, source: _Source, name: str) -> bool:
    file, site = context.file, context.site
    if not has_value(source.parsed, source.scope, name, site.span.start):
        return False
    value = meaning(ast.Name(name), source.scope)
    if held(file, site.within, Name(name), value) is not None or loses(value) is not None:
        return False
    writes = (
        write for block in file.project.body(file.path).transactions for write in block.writes
    )
    return all(name != written for written, _ in writes)  # else it is an object of Django's


def _in_call(context: CallContext, plan: _Plan) -> _Mend | None:
    """The arguments are those of the call itself: `delay(1, amount=2)`."""
    source = _source(context) if plan.missing else None
    if plan.missing and (source is None or not _are_at_hand(context, source, plan)):
        return None
    text, site = context.file.text, context.site
    opened = text.index("(", context.method_span.end)
    if any(span.start <= opened for span in site.args):
        return None  # a generator that has the brackets of the call for its own
    spans = sorted([*site.args, *(keyword.span for keyword in site.keywords)])
    gone = {*site.args[len(site.args) - plan.surplus :]}
    gone |= {keyword.span for name, keyword in context.keywords.items() if name in plan.unwanted}
    edits = _removed(text, Span(opened, site.span.end), spans, gone)
    if edits is None or "#" in text[context.method_span.end : opened]:
        return None
    # By their place, unless names come before.
    by_place = [] if site.keywords else [p for p in plan.missing if p.kind in BY_PLACE]
    added = (p.name if p in by_place else f"{p.name}={p.name}" for p in plan.missing)
    if plan.missing:
        edits += add_keywords(text, context.layout, *added)
    names = context.keywords
    return edits + tuple(Edit(names[o].name_span, n) for o, n in plan.renamed.items()), by_place


def _in_displays(context: CallContext, plan: _Plan) -> _Mend | None:
    """The arguments are in `args` and `kwargs` of the call, as far as those are there."""
    source = _source(context)
    if source is None or not _are_at_hand(context, source, plan):
        return None
    text, span = context.file.text, source.parsed.span
    args, kwargs = source.option("args", 0), source.option("kwargs", 1)
    edits: tuple[Edit, ...] = ()
    if isinstance(args, ast.Tuple | ast.List):
        items = [span(item) for item in args.elts]
        is_tuple = isinstance(args, ast.Tuple)
        gone = {*items[len(items) - plan.surplus :]}
        removed = _removed(text, span(args), items, gone, is_tuple=is_tuple)
        if removed is None:
            return None
        edits += removed
    if isinstance(kwargs, ast.Dict):
        named = _named(source, kwargs)
        gone = {whole for name, (_, whole) in named.items() if name in plan.unwanted}
        removed = _removed(text, span(kwargs), [whole for _, whole in named.values()], gone)
        if removed is None:
            return None
        edits += removed
        for name, new in plan.renamed.items():
            inner = Span(named[name][0].start + 1, named[name][0].end - 1)
            if inner.of(text) != name:
                return None  # no plain text
            edits += (Edit(inner, new),)
    if not plan.missing:
        return edits, ()
    added = _added(context, source, plan, args, kwargs)
    return None if added is None else (edits + added[0], added[1])


def _named(source: _Source, kwargs: ast.Dict) -> dict[str, tuple[Span, Span]]:
    """The keys that are written in a dict, each with its place and that of its item."""
    found = {}
    for key, value in zip(kwargs.keys, kwargs.values, strict=True):
        if isinstance(key, ast.Constant):
            place = source.parsed.span(key)
            found[str(key.value)] = place, Span(place.start, source.parsed.span(value).end)
    return found


def _removed(
    text: str, container: Span, items: list[Span], gone: set[Span], *, is_tuple: bool = False
) -> tuple[Edit, ...] | None:
    if any(_DOES_MORE.search(span.of(text)) for span in gone):
        return None
    places = {at for at, item in enumerate(items) if item in gone}
    return remove_items(text, container, items, places, is_tuple=is_tuple) if places else ()


def _added(
    context: CallContext,
    source: _Source,
    plan: _Plan,
    args: ast.expr | None,
    kwargs: ast.expr | None,
) -> _Mend | None:
    """By their place in `args` if that is there or may be made, else by name in `kwargs`."""
    text, span = context.file.text, source.parsed.span
    listed = isinstance(args, ast.Tuple | ast.List)
    by_place: list[Param] = []
    if listed or (args is None and not isinstance(kwargs, ast.Dict)):
        by_place = [param for param in plan.missing if param.kind in BY_PLACE]
    by_name = [param for param in plan.missing if param not in by_place]
    edits: tuple[Edit, ...] = ()
    options: list[str] = []
    if by_place:
        names = ", ".join(param.name for param in by_place)
        alone = "," if len(by_place) == 1 else ""
        if isinstance(args, ast.Tuple | ast.List):
            is_first = isinstance(args, ast.Tuple) and not args.elts
            edits += add_item(text, span(args), names + (alone if is_first else ""))
        else:
            options.append(f"args=({names}{alone})")
    if by_name:
        quote = '"'
        if isinstance(kwargs, ast.Dict) and kwargs.keys and kwargs.keys[0] is not None:
            quote = span(kwargs.keys[0]).of(text)[-1]
        pairs = ", ".join(f"{quote}{param.name}{quote}: {param.name}" for param in by_name)
        if isinstance(kwargs, ast.Dict):
            edits += add_item(text, span(kwargs), pairs)
        elif kwargs is None:
            options.append(f"kwargs={{{pairs}}}")
        else:
            return None
    if options:
        edits += add_keywords(text, context.layout, *options)
    return edits, by_place


def _title(plan: _Plan) -> str:
    """What is done, in words; first what is lost."""
    parts = []
    if too_many := plan.surplus + len(plan.unwanted):
        parts.append(f"remove the argument{'s' * (too_many > 1)} that the task does not take")
    if plan.renamed:
        parts.append(f"rename to {_listed(plan.renamed.values())}")
    if plan.missing:
        ending = "s" * (len(plan.missing) > 1)
        parts.append(f"add the missing argument{ending} {_listed(p.name for p in plan.missing)}")
    whole = " and ".join(parts)
    return whole[0].upper() + whole[1:]


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f'"{name}"' for name in names)
