"""The modules of a project as `ast` sees them, and what names mean in them."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Span = tuple[int, int]
"""Code points of a text, the second exclusive."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda
Bindings = dict[str, list[ast.AST]]
_DEPTH = 8


@dataclass(eq=False)
class Module:
    """One file."""

    path: str
    name: str
    text: str
    tree: ast.Module
    scopes: dict[ast.AST, Bindings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [0]
        self._lines = [f"{line}\n" for line in self.text.split("\n")]  # no other ends, as `ast`
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        """A place as `ast` counts it: lines from 1, columns in UTF-8 bytes."""
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return self._starts[line - 1] + len(text.encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> Span:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def of(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def bindings(self) -> "Bindings":
        """What binds each name at the top of the module."""
        return bound_by(self.tree.body)

    def bound_in(self, scope: ast.AST, body: Iterable[ast.AST]) -> "Bindings":
        """What binds each name in an inner scope."""
        if scope not in self.scopes:
            self.scopes[scope] = bound_by(body)
        return self.scopes[scope]


def is_test(path: Path) -> bool:
    return any(re.search(r"(^|_)(tests?|conftest)(_|\d*\.|$)", part) for part in path.parts)


def bound_by(body: Iterable[ast.AST]) -> "Bindings":
    """Each name that statements bind, and what binds it; inner scopes are left out."""
    found: Bindings = defaultdict(list)
    stack = list(body)
    while stack:
        node = stack.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name].append(node)
                continue
            case ast.Lambda():
                continue
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    found[(alias.asname or alias.name).partition(".")[0]].append(node)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name].append(node)
                stack.append(node.value)
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found[name].append(node)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found[name].append(node)
            case ast.Global() | ast.Nonlocal():
                for name in node.names:
                    found[name].append(node)
        stack += ast.iter_child_nodes(node)
    return found


def parameters(node: Scope) -> list[ast.arg]:
    args = node.args
    every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [arg for arg in every if arg is not None]


class Names:
    """All modules of a project folder but its tests, of which only the text counts."""

    def __init__(self, folder: Path, paths: Iterable[str]) -> None:
        self.folder = folder
        self.modules: dict[str, Module] = {}
        texts: list[str] = []
        tests: dict[str, str] = {}
        for path in sorted(paths):
            try:
                text = Path(path).read_text("utf-8")
                texts.append(text)
                if is_test(Path(path).relative_to(folder)):
                    tests[path] = text
                    continue
                if "\f" in text:
                    continue  # `ast` counts the columns behind a form feed in a way of its own
                tree = ast.parse(text)
            except (OSError, ValueError, SyntaxError):
                continue
            name = _module_name(folder, Path(path))
            self.modules[name] = Module(path, name, text, tree)
        self.packages = {name.partition(".")[0] for name in self.modules}
        self.text = "\n".join(texts)
        self.tests = tests
        self._said: dict[str, bool] = {}

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word occurs in the project."""
        return Counter(re.findall(r"\w+", self.text))

    def says(self, pattern: str) -> bool:
        """Whether a regular expression occurs anywhere in the project."""
        if pattern not in self._said:
            self._said[pattern] = re.search(pattern, self.text) is not None
        return self._said[pattern]

    @cached_property
    def nodes(self) -> list[tuple[Module, ast.Call | ast.Dict]]:
        """Every call and every dict."""
        return [
            (module, node)
            for module in self.modules.values()
            for node in module.nodes
            if isinstance(node, ast.Call | ast.Dict)
        ]

    def meaning(self, module: Module, node: ast.expr) -> tuple[Module, ast.AST] | str | None:
        """Where a name is bound in the project, or its full name outside; `None` if unknown."""
        dotted = ast.unparse(node)
        if not re.fullmatch(r"\w+(\.\w+)*", dotted):
            return None
        head = dotted.partition(".")[0]
        for above in module.above(node):
            match above:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    if any(head == arg.arg for arg in parameters(above)):
                        return None
                    body = above.body if isinstance(above.body, list) else [above.body]
                    bound = module.bound_in(above, body)
                case ast.ClassDef() if isinstance(module.parents[node], ast.ClassDef):
                    bound = module.bound_in(above, above.body)
                case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                    bound = module.bound_in(above, above.generators)
                case _:
                    continue
            if head in bound:
                return self._bound(module, bound[head], dotted, 0)
        return self._top(module, dotted, 0)

    def _top(self, module: Module, dotted: str, depth: int) -> tuple[Module, ast.AST] | str | None:
        bound = module.bindings.get(dotted.partition(".")[0], [])
        return self._bound(module, bound, dotted, depth)

    def _bound(
        self, module: Module, bound: list[ast.AST], dotted: str, depth: int
    ) -> tuple[Module, ast.AST] | str | None:
        if len(bound) != 1 or depth > _DEPTH:
            return None
        head, _, rest = dotted.partition(".")
        match bound[0]:
            case ast.ImportFrom() as node:
                original = next(a.name for a in node.names if (a.asname or a.name) == head)
                whole = f"{original}.{rest}" if rest else original
                return self._member(_absolute(module, node), whole, depth + 1)
            case ast.Import(names=names):
                alias = next(a for a in names if (a.asname or a.name).partition(".")[0] == head)
                whole = f"{alias.name}.{rest}" if alias.asname else dotted
                package, _, inside = whole.partition(".")
                return self._member(package, inside, depth + 1) if inside else whole
            case node:
                return (module, node) if not rest else None

    def _member(self, module: str, dotted: str, depth: int) -> tuple[Module, ast.AST] | str | None:
        head, _, rest = dotted.partition(".")
        known = self.modules.get(module)
        if known is not None and head in known.bindings:
            return self._top(known, dotted, depth)
        if f"{module}.{head}" in self.modules:
            return self._member(f"{module}.{head}", rest, depth) if rest else None
        if module.partition(".")[0] in self.packages:
            return None
        return f"{module}.{dotted}"


def _module_name(folder: Path, path: Path) -> str:
    parts = list(path.relative_to(folder).with_suffix("").parts)
    if parts[0] == "src" and not (folder / "src/__init__.py").exists():
        del parts[0]
    if parts[-1] == "__init__":
        del parts[-1]
    return ".".join(parts)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    away = node.level - Path(module.path).match("__init__.py")
    start = parts[: len(parts) - away]
    return ".".join([*start, *([node.module] if node.module else [])])
