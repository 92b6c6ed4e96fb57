"""What holds for every function that can be converted."""

import ast
import inspect
import io
import itertools
import re
import sys
import tokenize
from dataclasses import replace
from types import ModuleType

import pytest
from celery import Celery
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from

from celeryls.text import overlaps
from tests.refactor.converting import OPTIONS, SHOP, SHOP_APP, converted
from tests.refactor.functions import files

NUMBERS = itertools.count()


def function_in(tree):
    """`sync` at the top of a module, or in a block of it."""
    blocks = [tree, *(node for node in tree.body if isinstance(node, ast.If | ast.Try))]
    statements = [statement for block in blocks for statement in block.body]
    return next(node for node in statements if getattr(node, "name", "") == "sync")


def take_out_import(tree):
    """Remove `shared_task` from what is imported."""
    for node in [node for node in tree.body if isinstance(node, ast.ImportFrom)]:
        node.names = [alias for alias in node.names if alias.name != "shared_task"]
        if not node.names:
            tree.body.remove(node)


def comments(text):
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens = tokenize.generate_tokens(io.StringIO(normal).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


@given(files(), sampled_from((30, 60, 88)))
@settings(max_examples=300)
def test_the_decorator_self_and_an_import_are_all_that_is_new(text, line_length):
    after, _ = converted(text, replace(SHOP, line_length=line_length))
    tree = ast.parse(after)
    function = function_in(tree)
    task = function.decorator_list.pop(0)
    written = [ast.unparse(keyword).replace("'", '"') for keyword in task.keywords]
    assert written == list(OPTIONS)
    positional = function.args.posonlyargs or function.args.args
    assert positional.pop(0).arg == "self"
    take_out_import(tree)
    assert ast.dump(tree) == ast.dump(ast.parse(text))
    assert comments(after) == comments(text)


@given(files())
@settings(max_examples=200)
def test_the_edits_put_in_and_take_nothing_out(text):
    _, conversion = converted(text, replace(SHOP, line_length=10_000))
    assert len(conversion.edits) <= 3
    assert not overlaps(conversion.edits)
    # Blank lines that head a file may give way to the import.
    assert not "".join(edit.span.of(text) for edit in conversion.edits).strip()
    *_, last = conversion.edits
    assert last.new_text.strip(", \t\r\n") == "self"


@given(files())
@settings(max_examples=200)
def test_line_endings_are_not_mixed(text):
    after, _ = converted(text)
    assert len(set(re.findall("\r\n|\n|\r", after))) == 1


@pytest.fixture(scope="module")
def app_module():
    module = sys.modules["some_app"] = ModuleType("some_app")
    yield module
    del sys.modules["some_app"]


def call(function, parameters):
    """Call with something for every parameter."""
    by_position, by_name = [], {}
    for number, parameter in enumerate(parameters):
        match parameter.kind:
            case parameter.VAR_POSITIONAL:
                by_position += [number, -number]
            case parameter.KEYWORD_ONLY:
                by_name[parameter.name] = number
            case parameter.VAR_KEYWORD:
                by_name["more"] = number
            case _:
                by_position.append(number)
    return function(*by_position, **by_name)


@given(text=files())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_a_bound_task_that_is_called_like_the_function(app_module, text):
    app = app_module.app = Celery("some")
    number = next(NUMBERS)
    conventions = replace(SHOP_APP, app_module="some_app", module=f"shop_{number}")
    before, after = {"__name__": f"shop_{number}"}, {"__name__": f"shop_{number}"}
    exec(compile(text, "before", "exec"), before)
    exec(compile(converted(text, conventions)[0], "after", "exec"), after)
    task = app.tasks[f"shop_{number}.sync"]
    assert not isinstance(type(task).__dict__["run"], staticmethod)
    parameters = list(inspect.signature(before["sync"]).parameters.values())
    assert list(inspect.signature(after["sync"].run).parameters) == [p.name for p in parameters]
    assert call(after["sync"], parameters) == call(before["sync"], parameters)
