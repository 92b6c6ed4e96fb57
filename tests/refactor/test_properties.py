"""What holds for every function that can be converted."""

import ast
import inspect
import io
import itertools
import tokenize

from celery import Celery
from hypothesis import given, settings

from celeryls.project.conventions import Conventions, DecoratorStyle
from celeryls.text import apply_edits, overlaps
from tests.refactor.converting import OPTIONS, converted
from tests.refactor.functions import files

NUMBERS = itertools.count()


def function_of(tree):
    return next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "sync" and not _is_method(tree, node)
    )


def _is_method(tree, node):
    return any(isinstance(other, ast.ClassDef) and node in other.body for other in ast.walk(tree))


def comments(text):
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    return [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(normal).readline)
        if token.type == tokenize.COMMENT
    ]


@given(files())
@settings(max_examples=300)
def test_nothing_but_the_task_is_new(text):
    after, conversion = converted(text)
    assert not overlaps(conversion.edits)
    assert comments(after) == comments(text)
    # All that is new in the function is the decorator and the parameter.
    before_tree, after_tree = ast.parse(text), ast.parse(after)
    function = function_of(after_tree)
    task = function.decorator_list.pop(0)
    assert [ast.unparse(keyword) for keyword in task.keywords] == [
        option.replace('"', "'").replace("shop.tasks.sync", "shop.tasks.sync") for option in OPTIONS
    ]
    positional = function.args.posonlyargs or function.args.args
    assert positional.pop(0).arg == "self"
    # And in the file the import.
    added = [
        node
        for node in after_tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "celery"
    ]
    assert len(added) == 1
    after_tree.body.remove(added[0])
    assert ast.dump(after_tree) == ast.dump(before_tree)


@given(files())
@settings(max_examples=300)
def test_every_line_but_the_changed_ones_is_the_same_to_the_byte(text):
    after, conversion = converted(text)
    # Taking out what was put in gives the file as it was: nothing was replaced but blank lines.
    assert all(not edit.span.of(text).strip() for edit in conversion.edits)
    lines = after.splitlines(keepends=True)
    signature = conversion.edits[-1]
    untouched = text[: signature.span.start].splitlines(keepends=True)[:-1]
    below = text[signature.span.end :]
    assert after.endswith(below)
    rest = iter(lines)
    assert all(line in rest for line in untouched if line.strip())


@given(files())
@settings(max_examples=100)
def test_it_is_a_task_that_is_called_like_the_function(text):
    module = f"shop_{next(NUMBERS)}"
    conventions = Conventions(
        style=DecoratorStyle.APP_TASK, app_module=module, app_name="app", module=module
    )
    before = {"__name__": module}
    exec(compile(text, "before", "exec"), before)
    after = {"__name__": module, "app": (app := Celery(module))}
    # Made in the same file, above everything.
    head = "" if text.startswith("from __future__") else "app = app\n"
    if not head:
        return
    exec(compile(converted(head + text, conventions)[0], "after", "exec"), after)
    task = app.tasks[f"{module}.sync"]
    assert not isinstance(type(task).__dict__["run"], staticmethod)
    called = inspect.signature(task._orig_run)
    assert called.replace() == inspect.signature(before["sync"]).replace()
    assert apply_edits(text, ()) == text
