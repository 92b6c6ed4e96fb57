"""What a planted fault is, the kinds there are, and the small changes they are made of."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from faults.source import Call, Code, Module, Span, Task

Edit = tuple[int, int, str]
"""From, to (code points of the text before), and what is put there."""


@dataclass(frozen=True)
class Fault:
    """One fault: edits of one file, and where its finding must touch the text before them."""

    module: Module
    edits: tuple[Edit, ...]
    places: tuple[tuple[str, Span], ...]

    @property
    def text(self) -> str:
        """The file with the fault in it."""
        text = self.module.text
        for start, end, new in sorted(self.edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def before(self, offset: int, *, ends: bool = False) -> int:
        """Where a place of `text` was before; of what was put in, where it was put.

        Where something was taken away, what `ends` there ended before it.
        """
        shift = 0
        for start, end, new in sorted(self.edits):
            if offset < start + shift + ends:
                break
            if offset < start + shift + len(new):
                return start
            shift += len(new) - (end - start)
        return offset - shift


Maker = Callable[[Code], Iterator[Fault]]


@dataclass(frozen=True)
class Kind:
    """A kind of fault, the rule that must find it, and what else truly follows from it there."""

    name: str
    code: str
    make: Maker
    follows: Mapping[str, str] = field(default_factory=dict)


KINDS: list[Kind] = []


def kind(code: str, **follows: str) -> Callable[[Maker], Maker]:
    """Register a maker of faults; `follows` says why another rule has to speak too."""

    def register(make: Maker) -> Maker:
        KINDS.append(Kind(make.__name__.replace("_", "-"), code, make, follows))
        return make

    return register


def at_task(task: Task, *edits: Edit) -> Fault:
    """A fault whose finding is in the decorators or the head of the function."""
    return Fault(task.module, edits, ((task.module.path, task.head),))


def at_node(module: Module, node: ast.expr | ast.stmt, *edits: Edit) -> Fault:
    return Fault(module, edits, ((module.path, module.span(node)),))


def replaced(call: Call, text: str, *edits: Edit) -> Fault:
    """A fault that is another expression in place of a call."""
    return at_node(call.module, call.node, (*call.module.span(call.node), text), *edits)


def appended(module: Module, text: str) -> Fault:
    """A fault that is code at the end of a file."""
    end = len(module.text)
    new = text if module.text.endswith("\n") else f"\n{text}"
    return Fault(module, ((end, end, new),), ((module.path, (end, end)),))


def imported(module: Module, statement: str) -> Edit:
    """An import before the first one of a file that may have one before it."""
    for node in module.tree.body:
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and node.module != "__future__"
        ):
            start = module.span(node)[0]
            return start, start, f"{statement}\n"
    end = len(module.text)
    return end, end, f"\n{statement}\n"


def with_argument(module: Module, call: ast.expr, text: str) -> Edit:
    """Add arguments at the end of a call, or of a decorator that isn't one."""
    end = module.span(call)[1]
    if not isinstance(call, ast.Call):
        return end, end, f"({text})"
    items = [*call.args, *call.keywords]
    if not items:
        return end - 1, end - 1, text
    # In front of a comma that is there already, and behind brackets around the last one.
    tail = max(module.span(item)[1] for item in items)
    while module.text[tail] == ")" and tail < end - 1:
        tail += 1
    return tail, tail, f", {text}"


def with_positional(module: Module, call: ast.Call, text: str) -> Edit:
    """Add an argument behind the last one without a name."""
    if call.args:
        end = module.span(call.args[-1])[1]
        return end, end, f", {text}"
    start = module.span(call.func)[1] + 1
    return start, start, f"{text}, " if call.keywords else text


def without_argument(module: Module, call: ast.Call, item: ast.expr | ast.keyword) -> Edit:
    """Take an argument of a call away, with its comma."""
    items = sorted(module.span(one) for one in (*call.args, *call.keywords))
    at = items.index(module.span(item))
    if at > 0:
        return items[at - 1][1], items[at][1], ""
    if len(items) > 1:
        return items[0][0], items[1][0], ""
    return module.span(call.func)[1] + 1, module.span(call)[1] - 1, ""


def with_option(task: Task, text: str, *edits: Edit) -> Fault:
    """A fault that is options at the end of a task's decorator."""
    return at_task(task, with_argument(task.module, task.decorator, text), *edits)


def at_start(task: Task, statements: str) -> Edit:
    """Statements at the start of a task's body, behind its docstring."""
    module, body = task.module, task.node.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(body) > 1:
        first = body[1]
    start = module.span(first)[0]
    begin = module.line_start(start)
    indent = module.text[begin:start]
    if indent.strip():  # `def task(): pass`
        return start, start, ""
    lines = "".join(f"{indent}{line}\n" for line in statements.splitlines())
    return begin, begin, lines


def in_body(task: Task, statements: str, *edits: Edit) -> Fault:
    """A fault that is statements at the start of a task's body."""
    edit = at_start(task, statements)
    return Fault(task.module, (edit, *edits), ((task.module.path, edit[:2]),))


def misspelt(name: str) -> str:
    """A name as fingers may write it: a letter left out, written twice or exchanged."""
    longest = max(name.replace(".", "_").split("_"), key=len)
    at = name.index(longest) + len(longest) // 2
    before, here, after = name[:at], name[at], name[at + 1 :]
    if len(longest) >= 6 and len(name) % 3 == 0 and after and after[0] not in (here, "_", "."):
        return before + after[0] + here + after[1:]
    return before + after if len(name) % 3 == 1 else before + here + here + after
