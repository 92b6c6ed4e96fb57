"""CEL124."""

from collections.abc import Iterator

from celeryls.facts import ParamKind
from celeryls.project.symbols import External
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone
from celeryls.syntax.expr import Const, Expr, Name, Operation, Seq, Subscript, parse_expr

_MODELS = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel"})
_BUILTINS = frozenset({"list", "tuple", "set", "frozenset", "dict"})
_TYPING = ("typing.", "typing_extensions.", "collections.")
_SPECIAL = frozenset({"Optional", "Union", "Annotated"})
_CONTAINERS = _BUILTINS | {
    *("List", "Tuple", "Set", "FrozenSet", "Dict", "DefaultDict", "defaultdict", "Deque", "deque"),
    *("Collection", "Iterable", "Sequence", "MutableSequence", "Mapping", "MutableMapping"),
}


class PydanticUnsupportedAnnotation(TaskRule):
    """## What it does

    Finds tasks with `pydantic=True` that have a model inside another annotation: `list[Item]`,
    `dict[str, Item]`, `Item | Order`.

    ## Why it matters

    Celery makes a model of an argument only where the annotation is the model, or `Optional` of
    one. All else is handed on as it came out of the message: the function gets plain dicts where
    it expects models, and a caller who passes models gets an `EncodeError`.

    Celery's documentation:
    [Argument validation with Pydantic](https://docs.celeryq.dev/en/stable/userguide/tasks.html#argument-validation-with-pydantic)

    ## Example

    ```python
    from pydantic import BaseModel


    class Item(BaseModel): ...


    @shared_task(pydantic=True)
    def ship(items: list[Item]): ...
    ```

    Use instead:

    ```python
    from pydantic import BaseModel


    class Item(BaseModel): ...


    class Shipment(BaseModel):
        items: list[Item]


    @shared_task(pydantic=True)
    def ship(shipment: Shipment): ...
    ```

    ## Known limits

    Only models that are classes of the project are known. Aliases of types, what functions return,
    and tasks under a decorator or a base of their own are not looked at.

    ## Fix safety

    There is no fix: what callers send has to change with the task.
    """

    code = "CEL124"
    name = "pydantic-unsupported-annotation"
    summary = "Celery makes no model of an argument whose annotation only contains one."
    severity = "error"
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        if task.options.get("pydantic") != Const(True) or not is_run_by_celery_alone(context):
            return
        for param, span in zip(task.decl.params, context.site.params, strict=True):
            variable = param.kind in (ParamKind.VAR_POSITIONAL, ParamKind.VAR_KEYWORD)
            if param.annotation is None or variable:
                continue
            model = _hidden(context, parse_expr(param.annotation))
            if model is None:
                continue
            yield context.finding(
                self,
                f'task "{task.label}": Celery makes no "{model}" of "{param.name}", since its '
                f"annotation is not the model itself but {param.annotation}",
                span=span,
            )


def _hidden(context: TaskContext, annotation: Expr) -> str | None:
    """The model in an annotation that Celery takes for no model."""
    match annotation:
        case Const(value=str(text)):
            return _hidden(context, parse_expr(text))
        case Operation(op="|"):
            return _in_union(context, _members(annotation))
        case Subscript(value=Name() as owner, index=index):
            inside = index.items if isinstance(index, Seq) else (index,)
            match _special(context, owner):
                case "Optional":
                    return _in_union(context, (*inside, Const(None)))
                case "Union":
                    return _in_union(context, inside)
                case "Annotated":
                    return _hidden(context, inside[0])
                case "":
                    return None
            return next((found for item in inside if (found := _model(context, item))), None)
    return None


def _members(annotation: Expr) -> tuple[Expr, ...]:
    match annotation:
        case Operation(op="|", operands=operands):
            return tuple(member for operand in operands for member in _members(operand))
    return (annotation,)


def _in_union(context: TaskContext, members: tuple[Expr, ...]) -> str | None:
    others = [member for member in members if member != Const(None)]
    if len(others) == 1 and len(members) == 2:
        return _hidden(context, others[0])
    if len(others) == 1:
        return None
    return next((found for member in others if (found := _model(context, member))), None)


def _special(context: TaskContext, owner: Name) -> str:
    """The name of a container or special form; empty if it is none, such as a model."""
    symbols = context.file.project.meaning(context.file.path, owner)
    if not symbols and owner.dotted in _BUILTINS:
        return owner.dotted
    match symbols:
        case (External(qualname=qualname),) if qualname.startswith(_TYPING):
            last = qualname.rpartition(".")[2]
            return last if last in _CONTAINERS | _SPECIAL else ""
    return ""


def _model(context: TaskContext, annotation: Expr) -> str | None:
    """The model that an annotation is, or has inside."""
    match annotation:
        case Const(value=str(text)):
            return _model(context, parse_expr(text))
        case Name(dotted=dotted):
            bases = context.file.project.chain(context.file.path, dotted).externals
            return None if _MODELS.isdisjoint(bases) else dotted
        case Operation(op="|", operands=inside):
            return next((found for item in inside if (found := _model(context, item))), None)
        case Subscript(value=Name() as owner, index=index) if _special(context, owner):
            items = index.items if isinstance(index, Seq) else (index,)
            return next((found for item in items if (found := _model(context, item))), None)
    return None
