"""Imports added where a careful person would put them.

Knows the import order that isort and ruff share; knows nothing of Celery.  Offsets are code
points.
"""

import ast
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from celeryls.syntax.bindings import Bound, bindings
from celeryls.syntax.parse import Parsed
from celeryls.text import Edit, Span, newline_of

_CODING = ("#!", "# -*-", "# coding", "#coding", "# vim", "# encoding")


@dataclass(frozen=True, slots=True)
class ImportEdit:
    """How to have a name: the edits (none where it is there), and what to write in code."""

    edits: tuple[Edit, ...]
    local_name: str


def add_import(
    parsed: Parsed,
    module: str,
    name: str | None = None,
    *,
    typing_only: bool = False,
    line_length: int = 88,
    first_party: Collection[str] = (),
    avoid: Collection[str] = (),
) -> ImportEdit:
    """Have `name` of `module` at module level; without a `name`, `module` itself.

    A `module` may be relative, `.celery`, if it has a `name`.
    What is imported already is used under its name there, `import celery` included.
    `typing_only` says that an import under `if TYPE_CHECKING` is enough.  `avoid` are names
    that the code around will bind; a name that is taken gets an alias.  `first_party` are the
    top-level packages of the project, which are sorted after the others'.
    """
    bound = list(bindings(parsed.tree))
    found = _existing(bound, module, name, typing_only, avoid)
    if found is not None:
        return ImportEdit((), found)
    wanted = name or module.partition(".")[0]
    same = {(module, name)}
    taken = {
        other.name
        for other in bound
        if other.imported not in same and not (name is None and _is_package(other, wanted))
    }
    local = name or module
    alias = ""
    if wanted in taken or wanted in avoid:
        local = _free(module, name, taken | set(avoid) | {other.name for other in bound})
        alias = f" as {local}"
    if name is None:
        edit = _new_statement(parsed, f"import {module}{alias}", module, None, first_party)
        return ImportEdit((edit,), local)
    for node in parsed.tree.body:
        if _extendable(node, module, alias):
            assert isinstance(node, ast.ImportFrom)
            return ImportEdit(_extend(parsed, node, name, name + alias, line_length), local)
    statement = f"from {module} import {name}{alias}"
    edit = _new_statement(parsed, statement, module, name, first_party)
    return ImportEdit((edit,), local)


def add_after_imports(parsed: Parsed, statement: str) -> Edit:
    """Put one line of code, such as a logger, below the imports, with the blank lines it wants."""
    last = None
    for node in parsed.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        if _is_import_block(node) or (last is None and _is_docstring(parsed.tree, node)):
            last = node
    return _after(parsed, last, statement, blank_before=True)


def _existing(
    bound: list[Bound],
    module: str,
    name: str | None,
    typing_only: bool,
    avoid: Collection[str],
) -> str | None:
    usable = [
        other
        for other in bound
        if other.name not in avoid and (typing_only if other.typing_only else not other.conditional)
    ]
    for other in usable:
        if name is not None and (other.imported == (module, name) or _is(other, module, name)):
            return other.name
    for other in usable:
        if other.imported == (module, None):
            # `import a.b` binds `a` and is used as `a.b`; `import a.b as c` as `c`.
            is_plain = other.name == module.partition(".")[0] and not _has_alias(other, module)
            local = module if is_plain else other.name
            return local if name is None else f"{local}.{name}"
    return None


def _is(bound: Bound, module: str, name: str) -> bool:
    """Whether a binding is a relative import of `name`."""
    node = bound.statement
    return (
        isinstance(node, ast.ImportFrom)
        and node.level > 0
        and _module_of(node) == module
        and any(alias.name == name and bound.name == (alias.asname or name) for alias in node.names)
    )


def _module_of(node: ast.ImportFrom) -> str:
    """The module as it is written, with its dots."""
    return "." * node.level + (node.module or "")


def _has_alias(bound: Bound, module: str) -> bool:
    assert isinstance(bound.statement, ast.Import)
    return any(
        alias.name == module and alias.asname == bound.name for alias in bound.statement.names
    )


def _is_package(bound: Bound, package: str) -> bool:
    """Whether the binding is `import package.something`, which `import package.other` shares."""
    if bound.imported is None or bound.imported[1] is not None or bound.name != package:
        return False
    module = bound.imported[0]
    return module.partition(".")[0] == package and not _has_alias(bound, module)


def _free(module: str, name: str | None, taken: Collection[str]) -> str:
    last = module.lstrip(".").partition(".")[0] or "own"
    if name is None:
        candidate = module.replace(".", "_") if "." in module else f"{module}_module"
    elif name[0].isupper():
        candidate = last.replace("_", " ").title().replace(" ", "") + name
    else:
        candidate = f"{last}_{name}"
    while candidate in taken:
        candidate += "_"
    return candidate


# --- where imports stand ---------------------------------------------------------------


def _section(module: str, first_party: Collection[str]) -> int:
    """isort's sections: future, standard library, third party, first party, relative."""
    top = module.partition(".")[0]
    if not top:
        return 4
    if top == "__future__":
        return 0
    if top in first_party:
        return 3
    return 1 if top in sys.stdlib_module_names else 2


_Key: TypeAlias = tuple[int, bool, int, str, tuple[int, str]]


def _key(node: ast.stmt, first_party: Collection[str]) -> _Key:
    """How isort orders: sections, `import` before `from`, modules, then first members."""
    if isinstance(node, ast.ImportFrom):
        return _key_of(_module_of(node), node.names[0].name, first_party)
    assert isinstance(node, ast.Import)
    return _key_of(node.names[0].name, None, first_party)


def _key_of(module: str, name: str | None, first_party: Collection[str]) -> _Key:
    inner = module.lstrip(".")
    section = _section(module, first_party)
    member = (0, "") if name is None else _member_key(name)
    # What is farther away comes first.
    return section, name is not None, len(inner) - len(module), inner.lower(), member


def _is_docstring(tree: ast.Module, node: ast.stmt) -> bool:
    return (
        node is tree.body[0]
        and isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_import_block(node: ast.stmt) -> bool:
    """An import, or an `if` or `try` whose body imports."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    return isinstance(node, (ast.If, ast.Try)) and any(
        isinstance(child, (ast.Import, ast.ImportFrom)) for child in node.body
    )


def _new_statement(
    parsed: Parsed, statement: str, module: str, name: str | None, first_party: Collection[str]
) -> Edit:
    imports: list[ast.stmt] = []
    for node in parsed.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append(node)
    key = _key_of(module, name, first_party)
    section = key[0]
    same = [node for node in imports if _key(node, first_party)[0] == section]
    if same:
        above = [node for node in same if _key(node, first_party) <= key]
        if above:
            return _after(parsed, above[-1], statement, blank_before=False)
        return _before(parsed, same[0], statement, blank_after=False)
    above = [node for node in imports if _key(node, first_party)[0] < section]
    if above:
        return _after(parsed, above[-1], statement, blank_before=True)
    if imports:
        return _before(parsed, imports[0], statement, blank_after=True)
    first = parsed.tree.body[0] if parsed.tree.body else None
    has_docstring = first is not None and _is_docstring(parsed.tree, first)
    return _after(parsed, first if has_docstring else None, statement, blank_before=True)


def _after(parsed: Parsed, node: ast.stmt | None, statement: str, *, blank_before: bool) -> Edit:
    """Insert below `node`; without one, at the top of the file, below its first comment."""
    lines = parsed.lines
    newline = newline_of(parsed.text)
    line = _last_line(parsed, node) if node is not None else _comment_line(parsed)
    following = line + 1
    while following < len(lines) and not lines.line_text(following).strip():
        following += 1
    blank_lines = following - line - 1
    needed = _blanks_before(parsed, following) if following < len(lines) else 0
    # Beside imports of its own section a statement needs no room of its own.
    padding = newline * max(0, needed - blank_lines) if blank_before else ""
    if line < 0:
        start = lines.line_start(following)
        return Edit(Span(0, start), statement + newline * (1 + needed))
    end = lines.line_span(line).end
    return Edit(Span(end, end), newline * (1 + blank_before) + statement + padding)


def _blanks_before(parsed: Parsed, line: int) -> int:
    """The blank lines that belong above the first statement at or below `line`."""
    for node in parsed.tree.body:
        if _first_line(node) >= line:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return 2
            return 1
    return 1


def _before(parsed: Parsed, node: ast.stmt, statement: str, *, blank_after: bool) -> Edit:
    newline = newline_of(parsed.text)
    lines = parsed.lines
    line = _first_line(node)
    # Comments that stand directly above an import belong to it, unless they head the file, or
    # its section, which the statement is of.
    above = _comment_above(parsed, node)
    if above > 0 and (blank_after or not _has_headings(parsed)):
        line = above
    if any(_first_line(other) < line <= _end_line(other) for other in parsed.tree.body):
        return _after(parsed, node, statement, blank_before=blank_after)
    start = lines.line_start(line)
    return Edit(Span(start, start), statement + newline * (1 + blank_after))


def _comment_above(parsed: Parsed, node: ast.stmt) -> int:
    """The first line of the comment directly above a statement, or the statement's own."""
    above = _first_line(node)
    while above > 0 and parsed.lines.line_text(above - 1).startswith("#"):
        above -= 1
    return above


def _has_headings(parsed: Parsed) -> bool:
    """Whether sections of imports have headings, as isort writes them: `# Standard Library`."""
    headed = 0
    for node in parsed.tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            above = _comment_above(parsed, node)
            alone = above == 0 or not parsed.lines.line_text(above - 1).strip()
            headed += alone and above == _first_line(node) - 1
    return headed > 1


def _first_line(node: ast.stmt) -> int:
    """The zero-based line a statement begins on, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)]) - 1


def _end_line(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - 1


def _last_line(parsed: Parsed, node: ast.stmt) -> int:
    """The line below which text may be inserted: no statement that shares it goes on."""
    line = _end_line(node)
    for other in parsed.tree.body:
        if _first_line(other) <= line < _end_line(other):
            line = _end_line(other)
    return line


def _comment_line(parsed: Parsed) -> int:
    """The last line of the comment that heads the file, -1 without one."""
    lines = parsed.lines
    last = -1
    while last + 1 < len(lines) and lines.line_text(last + 1).startswith("#"):
        last += 1
    if last + 1 < len(lines) and lines.line_text(last + 1).strip():
        # It goes with the code below; only what addresses tools heads the file.
        last = -1
        while lines.line_text(last + 1).startswith(_CODING):
            last += 1
    return last


# --- `from module import a, b` gets one more -------------------------------------------


def _extendable(node: ast.stmt, module: str, alias: str) -> bool:
    """Whether a name can join a statement; isort gives those with `as` one each."""
    if not isinstance(node, ast.ImportFrom) or _module_of(node) != module:
        return False
    renamed = [other.asname is not None for other in node.names]
    together = any(renamed) and not all(renamed)
    return node.names[0].name != "*" and (together or not (any(renamed) or alias))


def _member_key(name: str) -> tuple[int, str]:
    if name == "*":
        return -1, name
    kind = 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2
    return kind, name.lower()


def _extend(
    parsed: Parsed, node: ast.ImportFrom, name: str, written: str, line_length: int
) -> tuple[Edit, ...]:
    text = parsed.text
    newline = newline_of(text)
    keys = [_member_key(alias.name) for alias in node.names]
    index = len(keys)
    if keys == sorted(keys):
        index = next((at for at, key in enumerate(keys) if key > _member_key(name)), index)
    spans = [parsed.span(alias) for alias in node.names]
    whole = parsed.span(node)
    line_start = parsed.lines.line_start(node.lineno - 1)
    if node.lineno == node.end_lineno:
        names = [span.of(text) for span in spans]
        names.insert(index, written)
        if whole.end - line_start + len(written) + 2 > line_length:
            opening = text.rfind("(", whole.start, spans[0].start)
            span = Span(opening, whole.end) if opening >= 0 else Span(spans[0].start, whole.end)
            block = "".join(f"    {each},{newline}" for each in names)
            return (Edit(span, f"({newline}{block})"),)
    first_line = parsed.lines.line_at(spans[0].start)
    one_a_line = first_line > node.lineno - 1 and len(spans) == len(
        {parsed.lines.line_at(span.start) for span in spans}
    )
    if index < len(spans):
        start = spans[index].start
        indent = text[parsed.lines.line_start(parsed.lines.line_at(start)) : start]
        # What stands before the first name of a one-line import is not an indent.
        between = newline + indent if one_a_line else " "
        return (Edit(Span(start, start), f"{written},{between}"),)
    end = spans[-1].end
    if not one_a_line:
        return (Edit(Span(end, end), f", {written}"),)
    line = parsed.lines.line_span(parsed.lines.line_at(end))
    indent = text[line.start : spans[-1].start]
    rest = text[end : line.end]
    added = f"{newline}{indent}{written},"
    if ")" in rest.partition("#")[0]:
        return (Edit(Span(end, end), f",{newline}{indent}{written}"),)
    if rest.lstrip().startswith(","):
        return (Edit(Span(line.end, line.end), added),)
    if not rest:
        return (Edit(Span(end, end), "," + added),)
    return (Edit(Span(end, end), ","), Edit(Span(line.end, line.end), added))
