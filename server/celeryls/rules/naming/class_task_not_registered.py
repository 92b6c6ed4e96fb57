"""CEL706."""

import ast
import re
from collections.abc import Iterator

from celeryls.facts import CallSite, ClassDecl
from celeryls.facts.calls import SENDS
from celeryls.project.symbols import Defined
from celeryls.rules.base import FileContext, Finding, Related, Rule
from celeryls.rules.new_settings import assigns
from celeryls.syntax import parse
from celeryls.syntax.expr import Call, Expr, Name
from celeryls.text import Applicability, Edit, Fix, Span, newline_of

_TASKS = frozenset({"celery.Task", "celery.app.task.Task", "celery.app.Task"})


class ClassTaskNotRegistered(Rule):
    """## What it does

    Finds classes of tasks that are sent but never given to `register_task`.

    ## Why it matters

    Since Celery 4 a class is not registered by itself. Its `delay` sends a message all the same,
    and the worker answers `Received unregistered task` and throws it away.

    Celery's documentation:
    [Task inheritance](https://docs.celeryq.dev/en/stable/userguide/tasks.html#custom-task-classes);
    see [What's new in Celery 4.0](https://docs.celeryq.dev/en/stable/history/whatsnew-4.0.html#the-task-base-class-no-longer-automatically-register-tasks)

    ## Example

    ```python
    class Charge(app.Task):
        def run(self, order_id): ...


    Charge().delay(1)
    ```

    Use instead:

    ```python
    class Charge(app.Task):
        def run(self, order_id): ...


    charge = app.register_task(Charge())
    charge.delay(1)
    ```

    ## Known limits

    Only classes whose instances are seen to be sent are reported, so no bases. Silent where
    something in the project is registered that can't be followed, such as all classes of a list.

    ## Fix safety

    Unsafe, since the instance that is registered is one more. There is no fix where the app is
    made in another file, or the class takes arguments.
    """

    code = "CEL706"
    name = "class-task-not-registered"
    summary = "A class of a task is sent and never registered, so no worker knows it."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if "Task" not in file.text or file.project.is_test(file.path):
            return
        for name, bindings in file.project.interface(file.path).names.items():
            if len(bindings) != 1 or not _is_candidate(file, name, bindings[0]):
                continue
            sent = _sent(file, name)
            if sent is None or _may_be_registered(file, name):
                continue
            place = re.search(rf"^class[ \t]+({name})\b", file.text, re.M)
            if place is not None:
                path, site = sent
                span = Span(*place.span(1))
                related = (Related(path, site.span, "it is sent here"),)
                message = f'"{name}" is sent and never registered: no worker knows it'
                whole = Span(0, len(file.text))
                fixes = tuple(_register(file, name))
                yield Finding(self.code, message, span, span, whole, fixes, related)


def _register(file: FileContext, name: str) -> Iterator[Fix]:
    """Register it below its class, with the app that is made in the same file."""
    apps = [app for app in file.project.apps if app.path == file.path and "." not in app.name]
    parsed = parse(file.text)
    if len(apps) != 1 or parsed.broken:
        return
    made = False
    for node in parsed.tree.body:
        made = made or assigns(node, apps[0].name)
        if isinstance(node, ast.ClassDef) and node.name == name and made:
            if any(isinstance(n, ast.FunctionDef) and n.name == "__init__" for n in node.body):
                return
            end = parsed.span(node).end
            newline = newline_of(file.text)
            line = f"{newline * 3}{apps[0].name}.register_task({name}())"
            rest = file.text[end:].split(newline, 1)[0]
            if not rest.strip():
                edit = Edit(Span(end, end), line)
                yield Fix.in_file(file.path, f"Register {name}", Applicability.UNSAFE, edit)


def _is_candidate(file: FileContext, name: str, bound: object) -> bool:
    """Whether a class is a task that can run, and nothing more is known about it."""
    if not isinstance(bound, ClassDecl) or not bound.bases or "run" not in bound.methods:
        return False
    chain = file.project.chain(file.path, name)
    return chain.complete and any(external in _TASKS for external in chain.externals)


def _sent(file: FileContext, name: str) -> tuple[str, CallSite] | None:
    """A place where an instance of a class is sent."""
    for path, facts in file.project.files.items():
        if file.project.is_test(path):
            continue
        for site in facts.body.calls:
            if site.called and site.method in SENDS and _is_instance(file, path, site.target, name):
                return path, site
    return None


def _is_instance(file: FileContext, path: str, target: Expr, name: str) -> bool:
    """Whether an expression is `Name()`, or a name that stands for that."""
    if isinstance(target, Name):
        symbols = file.project.resolve(path, target.dotted)
        if len(symbols) != 1 or not isinstance(symbols[0], Defined):
            return False
        made = symbols[0].what
        return isinstance(made, Call) and _is_instance(file, symbols[0].path, made, name)
    if not isinstance(target, Call) or not isinstance(target.func, Name):
        return False
    if target.func.last != name and path == file.path:
        return False
    meant = file.project.resolve(path, target.func.dotted)
    return [(s.path, s.name) for s in meant if isinstance(s, Defined)] == [(file.path, name)]


def _may_be_registered(file: FileContext, name: str) -> bool:
    """Whether some app is given the class, or something that may be it."""
    project = file.project
    known = {task.symbol for task in project.tasks() if task.kind == "class"}
    if (file.path, name) in known:
        return True
    calls = 0
    for path in project.files:
        text = project.text(path) or ""
        calls += len(re.findall(r"\bregister_task\b|\btasks\.register\b|\b_tasks\b", text))
    return calls > len(known)
