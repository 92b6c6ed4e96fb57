"""A plain function becomes a bound Celery task.

The decorator and the parameter `self` are added, and the import if it is missing; the body
stays as it is, and so do callers: a bound task can be called directly without `self`
(`Task.__call__`, celery/app/task.py).  Knows one file and the project's conventions; whether
a function is a task already is for others to say.
"""

import ast
from dataclasses import dataclass

from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.refactor.decorators import unknown_decorator
from celeryls.syntax import Parsed
from celeryls.syntax.bindings import bindings
from celeryls.syntax.imports import add_import
from celeryls.text import Edit, Span, newline_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef
RETRY_ON = "(ConnectionError, TimeoutError)"


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    """A function to convert.  `name` is its qualified name, `around` what it is nested in."""

    node: _Function
    name: str
    around: ast.ClassDef | _Function | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """The edits that convert a function, and what a person should know."""

    edits: tuple[Edit, ...]
    notes: tuple[str, ...] = ()


def find_function(parsed: Parsed, offset: int) -> FunctionTarget | None:
    """The function on whose head, decorators included, the cursor is."""
    found: FunctionTarget | None = None
    stack: list[tuple[ast.AST, str, ast.ClassDef | _Function | None]] = [(parsed.tree, "", None)]
    while stack:
        node, prefix, around = stack.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _Function):
                if _head(parsed, child).contains(offset):
                    found = FunctionTarget(child, prefix + child.name, around)
                stack.append((child, f"{prefix}{child.name}.<locals>.", child))
            elif isinstance(child, ast.ClassDef):
                stack.append((child, f"{prefix}{child.name}.", child))
            elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
                stack.append((child, prefix, around))
    return found


def _head(parsed: Parsed, node: _Function) -> Span:
    """From the first decorator to the end of the line on which the body's colon stands."""
    start = min([parsed.start(node), *(parsed.start(d) - 1 for d in node.decorator_list)])
    arguments = node.args
    parts: list[ast.expr | ast.arg] = [
        *(a for a in ast.walk(arguments) if isinstance(a, ast.arg)),
        *arguments.defaults,
        *(d for d in arguments.kw_defaults if d is not None),
    ]
    if node.returns is not None:
        parts.append(node.returns)
    lines = parsed.lines
    last = max([parsed.start(node), *(parsed.span(part).end for part in parts)])
    line = lines.line_at(last)
    body = lines.line_at(parsed.start(node.body[0]))
    return Span(start, lines.line_span(max(line, min(body - 1, line + 1))).end)


def refusal(parsed: Parsed, target: FunctionTarget, *, is_task: bool) -> str | None:
    """Why a function can't be converted, in plain words; `None` if it can."""
    node = target.node
    name = node.name
    if is_task:
        return f"{name} is a task already."
    whole = parsed.span(node)
    if parsed.hopeless or any(hole.touches(whole) for hole in parsed.holes):
        return "The file has a syntax error here; mend it first."
    if isinstance(target.around, ast.ClassDef):
        return f"{name} is a method: Celery would call it without its object."
    if target.around is not None:
        return (
            f"{name} is inside the function {target.around.name}: "
            "a worker could not find it. Move it to the module's top level first."
        )
    if isinstance(node, ast.AsyncFunctionDef):
        return (
            f"{name} is async: a worker does not await it. "
            "Convert a plain function that calls asyncio.run instead."
        )
    if _yields(node):
        return f"{name} is a generator: its result can't be sent. Return a list instead."
    if any(argument.arg == "self" for argument in _arguments(node)):
        return f"{name} has a parameter called self already; rename it first."
    if sum(bound.name == name for bound in bindings(parsed.tree)) > 1:
        return f"{name} is bound more than once in this file; rename one of them first."
    return unknown_decorator(parsed, node)


def convert(parsed: Parsed, target: FunctionTarget, conventions: Conventions) -> Conversion:
    """The edits that convert a function which `refusal` has nothing against.

    Raises `ValueError` where the rewritten head does not keep the rest of the statement.
    """
    node = target.node
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    start = parsed.lines.line_start(first - 1)
    head = Span(start, parsed.start(node.body[0]))
    decorator, imports = _decorator(parsed, conventions)
    keywords = _options(node, conventions)
    edits = _rewrite(parsed, node, head, decorator, keywords)
    return Conversion((*imports, *edits), tuple(_notes(node, conventions)))


def _options(node: _Function, conventions: Conventions) -> list[str]:
    """The house defaults: retry stands in the decorator, so the body can stay as it is."""
    named = [f'name="{conventions.module}.{node.name}"'] if conventions.module else []
    return [
        "bind=True",
        *named,
        "acks_late=True",
        f"autoretry_for={RETRY_ON}",
        "retry_backoff=True",
        "retry_jitter=True",
        "max_retries=3",
        "soft_time_limit=300",
        "time_limit=360",
    ]


def _decorator(parsed: Parsed, conventions: Conventions) -> tuple[str, tuple[Edit, ...]]:
    """What to write after `@`, and the import that it needs."""
    app = conventions.app_name
    if conventions.style is DecoratorStyle.APP_TASK and app is not None:
        bound = {other.name for other in bindings(parsed.tree)}
        if app.partition(".")[0] in bound:
            return f"{app}.task", ()
        if conventions.app_module not in (None, conventions.module):
            assert conventions.app_module is not None
            own = {conventions.app_module.partition(".")[0]}
            added = add_import(parsed, conventions.app_module, app, first_party=own)
            return f"{added.local_name}.task", added.edits
    added = add_import(parsed, "celery", "shared_task")
    return added.local_name, added.edits


def _rewrite(
    parsed: Parsed, node: _Function, head: Span, decorator: str, keywords: list[str]
) -> tuple[Edit, ...]:
    """The edits of the statement: libcst sees its head alone, with a body that stands in."""
    import libcst

    text = parsed.text
    newline = newline_of(text)
    source = head.of(text)
    # A body on the line of its colon is cut off with it.
    one_line = not source.endswith(("\n", "\r", " ", "\t")) or source.rstrip(" \t").endswith(":")
    module = libcst.parse_module(source + ("pass" if one_line else "pass") + newline)
    statement = module.body[0]
    assert isinstance(statement, libcst.FunctionDef)
    parameters = _with_self(statement.params)
    before = module.code_for_node(statement.params)
    after = module.code_for_node(parameters)
    at = text.index("(", _name_end(parsed, node)) + 1
    if node.args.args or node.args.posonlyargs or after != "self":
        added = after[: len(after) - len(before)] if before else after
    else:
        added = "self"
    if not after.endswith(before):
        raise ValueError("the parameters can't be extended in place")
    layout = _layout(text, at)
    if layout and before:
        # One parameter a line: ours gets a line of its own.
        added = layout + added.rstrip()
    block = "".join(f"    {keyword},{newline}" for keyword in keywords)
    decorated = Edit(Span(head.start, head.start), f"@{decorator}({newline}{block}){newline}")
    return decorated, Edit(Span(at, at), added)


def _with_self(parameters: "libcst.Parameters") -> "libcst.Parameters":  # noqa: F821
    """The parameters with `self` before all others."""
    import libcst

    others = bool(
        parameters.params
        or parameters.posonly_params
        or parameters.kwonly_params
        or parameters.star_kwarg
        or isinstance(parameters.star_arg, libcst.Param | libcst.ParamStar)
    )
    comma = libcst.Comma(whitespace_after=libcst.SimpleWhitespace(" "))
    own = libcst.Param(libcst.Name("self"), comma=comma if others else libcst.MaybeSentinel.DEFAULT)
    if parameters.posonly_params:
        return parameters.with_changes(posonly_params=(own, *parameters.posonly_params))
    return parameters.with_changes(params=(own, *parameters.params))


def _layout(text: str, at: int) -> str:
    """The line break and indent before the first parameter, where it has a line of its own."""
    end = at
    while end < len(text) and text[end] in " \t\r\n\f":
        end += 1
    between = text[at:end]
    return between if "\n" in between or "\r" in between else ""


def _name_end(parsed: Parsed, node: _Function) -> int:
    return parsed.text.index(node.name, parsed.start(node) + len("def")) + len(node.name)


def _notes(node: _Function, conventions: Conventions) -> list[str]:
    notes = ["It may run twice: make sure that running it again does no harm."]
    if conventions.module is None:
        notes.append(
            "The task has no explicit name, since the module's name depends on where Python starts."
        )
    return notes


def _arguments(node: _Function) -> list[ast.arg]:
    return [item for item in ast.walk(node.args) if isinstance(item, ast.arg)]


def _yields(node: _Function) -> bool:
    stack: list[ast.AST] = list(node.body)
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, _Function | ast.Lambda | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(inner))
    return False
