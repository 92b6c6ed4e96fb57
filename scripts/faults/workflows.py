"""Faults in chains, groups, chords and signatures."""

import ast
from collections.abc import Iterator

from faults.plant import Edit, Fault, at_node, imported, kind, replaced
from faults.source import Call, Code


def _full(code: Code) -> Iterator[Call]:
    """Statements that send a task with all that it takes."""
    for call in code.calls:
        if not (call.task.is_plain and call.is_statement and call.method == "delay"):
            continue
        full = len(call.node.args) == len(call.task.positional) and not call.node.keywords
        if full and not call.is_spread and not call.task.node.args.vararg:
            yield call


def _import(call: Call, name: str) -> tuple[str, Edit]:
    """A name for one of Celery's workflows that the file does not have yet."""
    return f"planted_{name}", imported(call.module, f"from celery import {name} as planted_{name}")


@kind("CEL401")
def result_for_full_step(code: Code) -> Iterator[Fault]:
    """A chain of the same call twice: the second has no place for the result of the first."""
    for call in _full(code):
        name, edit = _import(call, "chain")
        step = f"{call.callee}.s({call.arguments})"
        yield replaced(call, f"{name}({step}, {step}).delay()", edit)


@kind("CEL401")
def piped_result_for_full_step(code: Code) -> Iterator[Fault]:
    for call in _full(code):
        step = f"{call.callee}.s({call.arguments})"
        yield replaced(call, f"({step} | {step}).delay()")


@kind("CEL401")
def immutable_step_made_mutable(code: Code) -> Iterator[Fault]:
    """`si` becomes `s` in a later step of a chain that was there."""
    for call in code.calls:
        chain = _chain_around(code, call)
        full = len(call.node.args) + len(call.node.keywords) >= len(call.task.positional)
        if call.method == "si" and chain is not None and call.task.is_plain and full:
            start = call.module.span(call.node.func)[1] - 2
            yield at_node(call.module, call.node, (start, start + 2, "s"))


@kind("CEL402")
def sent_inside_chain(code: Code) -> Iterator[Fault]:
    for call in _full(code):
        name, edit = _import(call, "chain")
        step = f"{call.callee}.si({call.arguments})"
        yield replaced(call, f"{name}({call.module.of(call.node)}, {step}).delay()", edit)


@kind("CEL402")
def sent_inside_group(code: Code) -> Iterator[Fault]:
    for call in _full(code):
        name, edit = _import(call, "group")
        sent = call.module.of(call.node)
        yield replaced(call, f"{name}([{sent}, {sent}]).delay()", edit)


@kind("CEL405")
def signature_as_statement(code: Code) -> Iterator[Fault]:
    for number, call in enumerate(_full(code)):
        method = ("s", "si")[number % 2]
        yield replaced(call, f"{call.callee}.{method}({call.arguments})")


@kind("CEL405")
def delay_without_brackets(code: Code) -> Iterator[Fault]:
    for call in _full(code):
        yield replaced(call, f"{call.callee}.delay")


@kind("CEL405")
def chain_never_sent(code: Code) -> Iterator[Fault]:
    """`chain(...).delay()` loses its end."""
    for module, node in code.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call() as made, attr="delay")):
                alone = isinstance(module.parents[node], ast.Expr)
                if alone and code.meaning(module, made.func) in ("celery.chain", "celery.group"):
                    start, end = module.span(made)[1], module.span(node)[1]
                    yield at_node(module, node, (start, end, ""))


@kind("CEL407")
def periodic_chain(code: Code) -> Iterator[Fault]:
    """The signature that is given to `add_periodic_task` becomes a chain."""
    for call in code.calls:
        match call.module.parents[call.node]:
            case ast.Call(func=ast.Attribute(attr="add_periodic_task")) as scheduled:
                if call.node in scheduled.args[1:2] and call.method == "s":
                    name, edit = _import(call, "chain")
                    step = call.module.of(call.node)
                    yield at_node(
                        call.module,
                        scheduled,
                        (*call.module.span(call.node), f"{name}({step}, {call.callee}.si())"),
                        edit,
                    )


def _chain_around(code: Code, call: Call) -> ast.Call | None:
    """The chain of which a call is a later step; `.set(...)` may follow."""
    inner: ast.AST = call.node
    for above in call.module.above(call.node):
        match above:
            case ast.Attribute(attr="set") | ast.Call(func=ast.Attribute(attr="set")):
                inner = above
                continue
            case ast.Call(args=args) if inner in args:
                if code.meaning(call.module, above.func) == "celery.chain":
                    return above if inner is not args[0] else None
        return None
    return None


@kind("CEL401")
def result_for_full_body(code: Code) -> Iterator[Fault]:
    """A chord whose body has no place for the results of the header."""
    for call in _full(code):
        name, edit = _import(call, "chord")
        step = f"{call.callee}.s({call.arguments})"
        yield replaced(call, f"{name}([{step}, {step}])({step})", edit)


@kind("CEL406")
def task_as_its_own_error_callback(code: Code) -> Iterator[Fault]:
    """Linked as it is: what fits the call is no error callback."""
    for call in _full(code):
        node, count = call.task.node, len(call.task.positional)
        # Two or more are called with three arguments; bound ones are sent with one.
        wrong = call.task.required > 1 if call.task.bound else count == 2 or count > 3
        if not wrong or node.args.kwonlyargs or node.args.kwarg or call.task.required < count:
            continue
        arguments = f"({call.arguments.rstrip().rstrip(',')},)"
        linked = f"link_error={call.callee}.s()"
        yield replaced(call, f"{call.callee}.apply_async({arguments}, {linked})")
