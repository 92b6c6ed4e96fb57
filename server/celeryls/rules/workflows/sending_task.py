"""A task that sends a workflow, for what can only name a task."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from celeryls.facts import CallSite
from celeryls.rules.base import FileContext
from celeryls.rules.declaring.missing_required_option import required_options
from celeryls.syntax import Parsed
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import Name
from celeryls.syntax.scan import TokenKind, scan
from celeryls.text import Applicability, Edit, Fix, Span, newline_of

_CONNECTED = re.compile(r"([\w.]+)\.on_after_(?:configure|finalize)\.connect")
_DOTTED = re.compile(r"[\w.]+")
_OPTIONS = "acks_late=False, max_retries=0"
"""Beat sends it again next time, so there is nothing to make good after a fault."""


def scheduled_by_task(file: FileContext, site: CallSite, kind: str) -> Iterator[Fix]:
    """Have `add_periodic_task` name a new task, which sends the workflow that it is given."""
    parsed, place = file.parsed, _given(site)
    if parsed.broken or place is None or required_options(file):
        return
    top = next((n for n in parsed.tree.body if parsed.span(n).contains(place.start)), None)
    if isinstance(top, ast.Expr):
        if parsed.span(top.value) != site.span:
            return
    elif not isinstance(top, ast.FunctionDef):
        return
    workflow = next((n for n in ast.walk(top) if _stands_at(parsed, n, place)), None)
    decorator, at = _decorator(file, site, top), _above(parsed, top)
    if workflow is None or decorator is None or at is None or not _may_move(parsed, workflow, top):
        return
    line, padding = at
    name = _free_name(file.text, f"send_{kind}")
    newline = newline_of(file.text)
    body = _moved(file, place)
    if body is None:
        return
    lines = [f"@{decorator}({_OPTIONS})", f"def {name}():", f"{body}.delay()", "", "", ""]
    start = file.lines.line_start(line)
    yield Fix.in_file(
        file.path,
        f'Schedule a new task "{name}" that sends it',
        Applicability.UNSAFE,
        Edit(Span(start, start), newline * padding + newline.join(lines)),
        Edit(place, f"{name}.s()"),
    )


def _given(site: CallSite) -> Span | None:
    """Where the signature stands, if it is not given arguments beside."""
    named = {keyword.name: keyword.value_span for keyword in site.keywords}
    if len(site.args) > 2 or named.keys() & {None, "args", "kwargs"}:
        return None
    return site.args[1] if len(site.args) == 2 else named.get("sig")


def _stands_at(parsed: Parsed, node: ast.AST, place: Span) -> bool:
    return isinstance(node, ast.Call) and parsed.span(node) == place


def _decorator(file: FileContext, site: CallSite, top: ast.stmt) -> str | None:
    """What makes the tasks of a file, or may: the app that it makes; bound above a statement."""
    before = _before(file.parsed, top)
    found = bindings(file.parsed.tree)
    bound = {one.name for one in found if not one.conditional and one.top in before}
    used = Counter(
        task.decorator.callee.of(file.text)
        for task in file.tasks()
        if not (task.task.decl.in_class or task.task.decl.in_function)
    )
    for written, _ in used.most_common():
        if _DOTTED.fullmatch(written) and written.partition(".")[0] in bound:
            return written
    names = [site.target.dotted] if isinstance(site.target, Name) else []
    for decorator in getattr(top, "decorator_list", ()):
        connected = _CONNECTED.fullmatch(file.parsed.span(decorator).of(file.text))
        names += [connected[1]] if connected is not None else []
    for name in names:
        app = file.project.app_of(file.path, name)
        if app is not None and app.path == file.path and name in bound:
            return f"{name}.task"
    return None


def _above(parsed: Parsed, top: ast.stmt) -> tuple[int, int] | None:
    """The line of a statement with the comments right above it, and the blank lines it lacks."""
    lines = parsed.lines
    decorators: list[ast.expr] = getattr(top, "decorator_list", [])
    line = min([top.lineno, *(node.lineno for node in decorators)]) - 1
    end = max((node.end_lineno or 0 for node in _before(parsed, top)), default=0)
    if line < end:
        return None  # a statement before it ends on its line
    while line > end and lines.line_text(line - 1).startswith("#"):
        line -= 1
    blanks = 0
    while line - blanks > end and not lines.line_text(line - blanks - 1).strip():
        blanks += 1
    return line, max(0, 2 - blanks) if line > 0 else 0


def _before(parsed: Parsed, top: ast.stmt) -> list[ast.stmt]:
    return parsed.tree.body[: parsed.tree.body.index(top)]


def _may_move(parsed: Parsed, workflow: ast.AST, top: ast.stmt) -> bool:
    """Whether a workflow means the same in another function of the file, and later."""
    inside = {*ast.walk(workflow)}
    if any(isinstance(n, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for n in inside):
        return False
    used = {node.id for node in inside if isinstance(node, ast.Name)}
    own: set[str] = set()
    if isinstance(top, ast.FunctionDef):
        own = {name for node in ast.walk(top) if node not in inside for name in _binds(node)}
        own.discard(top.name)
    times = Counter(one.name for one in bindings(parsed.tree))
    return not used & own and all(times[name] < 2 for name in used)


def _binds(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return tuple(alias.asname or alias.name.partition(".")[0] for alias in names)
    return ()


def _free_name(text: str, wanted: str) -> str:
    name, at = wanted, 1
    while re.search(rf"\b{name}\b", text):
        at += 1
        name = f"{wanted}_{at}"
    return name


def _moved(file: FileContext, place: Span) -> str | None:
    """An expression as it stands in the body of a function at the top of the file."""
    source, text = place.of(file.text), file.text
    if any(
        token.kind is TokenKind.STRING and len(token.span.of(text).splitlines()) > 1
        for token in scan(text, place.start, place.end)
    ):
        return None
    line = file.lines.line_text(file.lines.line_at(place.start))
    margin = line[: len(line) - len(line.lstrip())]
    unit = "\t" if margin.startswith("\t") else "    "
    first, *rest = source.splitlines(keepends=True)
    moved = (unit + each.removeprefix(margin) if each.strip() else each for each in rest)
    return unit + first + "".join(moved)
