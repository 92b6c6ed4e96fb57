"""Where in a file a new function goes.

After the last task, or at the cursor, but below everything it needs to be there when it is
defined, and above `if __name__ == "__main__"`.  Knows no templates.  Lines are zero-based,
offsets code points.
"""

import ast
from collections.abc import Collection

from celeryls.syntax import Parsed
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import dotted_name
from celeryls.text import Edit, Span, minimal_edit, newline_of

_TASK_DECORATORS = ("task", "shared_task", "periodic_task")


def insert_function(
    parsed: Parsed, code: str, *, at: int | None, needs: Collection[str] = ()
) -> Edit:
    """The edit that puts `code`, a function, into the file, two blank lines around it.

    `at` is a cursor's offset, heeded where it is at module level.  `needs` are names that the
    file binds and the function's head uses.  Changes nothing but white space beside it.
    """
    body = parsed.tree.body
    least, most = _bounds(parsed, needs)
    index = _index_at(parsed, at) if at is not None else None
    above: int | None = None
    if index is not None and at is not None and least <= index <= most:
        above = _line_above(parsed, at)
    else:
        index = min(max(_after_last_task(parsed, most), least), most)
    if above is None:
        above = _below_statement(parsed, body[index - 1]) if index else _heading(parsed)
    return _insert(parsed, code, above)


def _insert(parsed: Parsed, code: str, above: int) -> Edit:
    """Put `code` below line `above` (-1 for the top), and set the white space around it."""
    lines, text = parsed.lines, parsed.text
    newline = newline_of(text)
    below = above + 1
    while below < len(lines) and not lines.line_text(below).strip():
        below += 1
    start = lines.line_span(above).end if above >= 0 else 0
    end = lines.line_start(below)
    before = newline * 3 if above >= 0 else ""
    after = newline * (3 if below < len(lines) else 1)
    span = Span(start, end)
    new_text = before + code.rstrip("\n").replace("\n", newline) + after
    edit = minimal_edit(span, span.of(text), new_text)
    assert edit is not None
    return edit


def is_task(node: ast.stmt, shared_names: Collection[str]) -> bool:
    """Whether a statement is a function with a task's decorator, by the look of it."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    for decorator in node.decorator_list:
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = dotted_name(call) or ""
        if name in shared_names or name.rpartition(".")[2] in _TASK_DECORATORS:
            return True
    return False


def _bounds(parsed: Parsed, needs: Collection[str]) -> tuple[int, int]:
    """The least and the greatest index in the module's body at which the function may stand."""
    body = parsed.tree.body
    least = 0
    for index, node in enumerate(body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        is_docstring = index == 0 and isinstance(node, ast.Expr)
        if is_docstring or isinstance(node, (ast.Import, ast.ImportFrom)):
            least = index + 1
    positions = {id(node): index for index, node in enumerate(body)}
    for bound in bindings(parsed.tree):
        if bound.name in needs:
            least = max(least, positions[id(bound.top)] + 1)
    guards = [index for index, node in enumerate(body) if _is_main_guard(node)]
    most = next((index for index in guards if index >= least), len(body))
    return least, most


def _is_main_guard(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and any(
            isinstance(side, ast.Name) and side.id == "__name__"
            for side in (node.test.left, *node.test.comparators)
        )
    )


def _after_last_task(parsed: Parsed, most: int) -> int:
    """The index behind the last task, or behind the last statement before the main guard."""
    shared = {
        bound.name for bound in bindings(parsed.tree) if bound.imported == ("celery", "shared_task")
    }
    tasks = [index for index, node in enumerate(parsed.tree.body[:most]) if is_task(node, shared)]
    return tasks[-1] + 1 if tasks else most


def _lines_of(node: ast.stmt) -> tuple[int, int]:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    assert node.end_lineno is not None
    first = min([node.lineno, *(item.lineno for item in decorators)])
    return first - 1, node.end_lineno - 1


def _below_statement(parsed: Parsed, node: ast.stmt) -> int:
    """The last line that belongs to `node`: comments inside of it or right below included."""
    lines = parsed.lines
    last = _lines_of(node)[1]
    for other in parsed.tree.body:
        first, end = _lines_of(other)
        if first <= last < end:
            last = end
    line = last + 1
    while line < len(lines):
        text = lines.line_text(line)
        if text.strip() and not (text[0] in " \t" and text.lstrip().startswith("#")):
            break
        if text.strip():
            last = line
        line += 1
    return last


def _heading(parsed: Parsed) -> int:
    """The last line of the comment that heads a file without statements above; -1 for none."""
    lines = parsed.lines
    first = _lines_of(parsed.tree.body[0])[0] if parsed.tree.body else len(lines)
    last = -1
    for line in range(first):
        if lines.line_text(line).strip():
            last = line
    if parsed.tree.body and last == first - 1:
        # The comment goes with the statement.
        while last >= 0 and lines.line_text(last).strip():
            last -= 1
        while last >= 0 and not lines.line_text(last).strip():
            last -= 1
    return last


def _index_at(parsed: Parsed, at: int) -> int | None:
    """The index in the body that a cursor between two statements means; inside one, `None`."""
    line = parsed.lines.line_at(at)
    index = 0
    for node in parsed.tree.body:
        first, last = _lines_of(node)
        if first <= line <= last:
            return None
        if last < line:
            index += 1
    return index


def _line_above(parsed: Parsed, at: int) -> int | None:
    """The last line with something on it above the cursor, -1 at the top.

    From a comment that belongs to the statement below, that is the line above the comment.
    `None` on an indented comment, which is not at module level.
    """
    lines = parsed.lines
    line = lines.line_at(at)
    text = lines.line_text(line)
    if text.strip() and text[0] in " \t":
        return None
    if text.strip():
        last = line
        while last + 1 < len(lines) and lines.line_text(last + 1).startswith("#"):
            last += 1
        if last + 1 == len(lines) or not lines.line_text(last + 1).strip():
            return last
        while line >= 0 and lines.line_text(line).startswith("#"):
            line -= 1
    while line >= 0 and not lines.line_text(line).strip():
        line -= 1
    return line
