"""Whether a class's `__call__` changes what a task is handed, or only does something around it."""

import ast
from collections.abc import Iterable, Iterator, Sequence

_INHERITED = ("__call__", "run")


def only_wraps(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a `__call__` hands all arguments on as they are, once, and returns what comes back.

    `with app.app_context(): return self.run(*args, **kwargs)`, as Flask's documentation has it,
    or `return super().__call__(*args, **kwargs)`.  To a worker such a task is one without it.
    """
    given = method.args
    if (
        isinstance(method, ast.AsyncFunctionDef)
        or method.decorator_list
        or given.kwonlyargs
        or given.vararg is None
        or given.kwarg is None
        or len(given.posonlyargs) + len(given.args) != 1
    ):
        return False
    names = (given.vararg.arg, given.kwarg.arg)
    returned = list(_returned(method.body))
    if not returned or not all(_hands_on(value, *names) for value in returned):
        return False
    uses = [n for n in ast.walk(method) if isinstance(n, ast.Name) and n.id in names]
    return len(uses) == 2 * len(returned)


def _returned(body: Sequence[ast.stmt]) -> Iterator[ast.expr | None]:
    """The values that statements return; `None` stands for whatever is too much to follow."""
    for statement in body:
        match statement:
            case ast.Return(value=value):
                yield value
            case ast.With(items=items, body=inner):
                if "suppress" in "".join(ast.dump(item) for item in items):
                    yield None
                yield from _returned(inner)
            case ast.If(body=inner, orelse=other):
                yield from _returned([*inner, *other])
            case ast.Try(body=inner, handlers=[], orelse=other, finalbody=last):
                yield from _returned([*inner, *other, *last])
            case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.Pass() | ast.Assert():
                if _any(ast.walk(statement), (ast.Yield, ast.YieldFrom, ast.Await, ast.Lambda)):
                    yield None
            case ast.Import() | ast.ImportFrom():
                pass
            case _:
                yield None


def _any(nodes: Iterable[ast.AST], kinds: tuple[type[ast.AST], ...]) -> bool:
    return any(isinstance(node, kinds) for node in nodes)


def _hands_on(value: ast.expr | None, args: str, kwargs: str) -> bool:
    """`super().__call__(*args, **kwargs)`, `self.run(*args, **kwargs)` and the like."""
    match value:
        case ast.Call(
            func=ast.Attribute(value=ast.Name() | ast.Call(func=ast.Name(id="super")), attr=method),
            args=[ast.Starred(value=ast.Name(id=first))],
            keywords=[ast.keyword(arg=None, value=ast.Name(id=second))],
        ):
            return method in _INHERITED and (first, second) == (args, kwargs)
        case ast.Call(
            func=ast.Attribute(value=ast.Name(), attr="__call__"),
            args=[ast.Name(id="self"), ast.Starred(value=ast.Name(id=first))],
            keywords=[ast.keyword(arg=None, value=ast.Name(id=second))],
        ):  # Task.__call__(self, *args, **kwargs)
            return (first, second) == (args, kwargs)
    return False
