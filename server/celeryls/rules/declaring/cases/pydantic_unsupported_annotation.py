from celeryls.rules.cases import Invalid, Valid


def _task(annotation: str, options: str = "pydantic=True", before: str = "") -> str:
    return (
        "from typing import Annotated, Generic, Optional, Union\n\nfrom celery import shared_task\n"
        f"from pydantic import BaseModel\n{before}\n"
        "class Item(BaseModel): ...\n\nclass Order(Item): ...\n\n"
        f"@shared_task({options})\ndef f(x: {annotation}): ...\n"
    )


VALID = [
    Valid("the model", _task("Item")),
    Valid("a model below it", _task("Order")),
    Valid("perhaps none", _task("Item | None")),
    Valid("none, perhaps", _task("None | Item")),
    Valid("perhaps none, as it was written", _task("Optional[Item]")),
    Valid("perhaps none, at length", _task("Union[Item, None]")),
    Valid("as text", _task('"Item"')),
    Valid("perhaps, as text", _task('"Item | None"')),
    Valid("with notes", _task("Annotated[Item, list[Item]]")),
    Valid("other things", _task("list[int] | dict[str, int]")),
    Valid(
        "a list of something that is no model", _task("list[Thing]", before="class Thing: ...\n")
    ),
    Valid("a list of something unknown", _task("list[Thing]", before="from own import Thing\n")),
    Valid(
        "a model with a parameter",
        _task("Page[Item]", before="class Page(BaseModel, Generic[T]):\n    items: list[T]\n"),
    ),
    Valid("a container of one's own", _task("Box[Item]", before="from own import Box\n")),
    Valid("a list of one's own", _task("list[Item]", before="from own import list\n")),
    Valid("not of pydantic", _task("list[Item]", "pydantic=False")),
    Valid("nothing said", _task("list[Item]", "bind=False")),
    Valid("all the rest", _task("Item, *args: list[Item]")),
    Valid(
        "a decorator may make models",
        _task("list[Item]").replace("def f", "@models\ndef f"),
    ),
]

INVALID = [
    Invalid(
        _task("list[Item]").replace("x: list[Item]", "«x: list[Item]»"),
        'task "shop.tasks.f": Celery makes no "Item" of "x", since its annotation is not the model '
        "itself but list[Item]",
        None,
    ),
    *(
        Invalid(
            _task(annotation).replace(f"x: {annotation}", f"«x: {annotation}»"),
            'Celery makes no "Item"',
            None,
        )
        for annotation in (
            "Item | Order",
            "Union[Item, Order, None]",
            "Union[Item, int]",
            "Optional[list[Item]]",
            "dict[str, Item]",
            "Annotated[Union[Item, Order], 1]",
            '"list[Item]"',
            'list["Item"]',
            "Annotated[list[Item], 1]",
            "list[Item] | None",
            "tuple[int, list[Item]]",
        )
    ),
]
