"""Which queue `task_routes` sends a task to (celery/app/routes.py)."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from celeryls.syntax.expr import UNKNOWN, Call, Const, Dict, Expr, Name, Seq

NOWHERE = Const(None)
_UNROUTED = (Const(None), Seq("tuple", ()), Seq("list", ()), Dict(()))


def routed_queue(routes: Expr, name: str | None) -> Expr:
    """The queue that evaluated `task_routes` give to the task `name`.

    `Const(None)` if none does; unknown if a route is a function, or the name is not known and
    may match.
    """
    if routes in _UNROUTED:
        return NOWHERE
    if name is None:
        return UNKNOWN
    for router in _routers(routes):
        if not isinstance(router, Dict):
            return UNKNOWN
        found = _route(router, name)
        if found != NOWHERE:
            return found
    return NOWHERE


def _routers(routes: Expr) -> Iterator[Expr]:
    """The routers of a setting: one, or a list of some; a list of pairs is one as well."""
    if not isinstance(routes, Seq):
        yield routes
        return
    for item in routes.items:
        if isinstance(item, Seq) and len(item.items) == 2 and isinstance(item.items[0], Const):
            yield Dict(((item.items[0], item.items[1]),))
        elif isinstance(item, Seq):
            pairs = [i.items for i in item.items if isinstance(i, Seq) and len(i.items) == 2]
            known = len(pairs) == len(item.items)
            yield Dict(tuple((key, value) for key, value in pairs)) if known else UNKNOWN
        else:
            yield item


def _route(router: Dict, name: str) -> Expr:
    """Exact names come first, then patterns in their order (`MapRoute`)."""
    keys = [key for key, _ in router.items]
    if not all(isinstance(key, Const) and isinstance(key.value, str) for key in keys):
        return UNKNOWN  # a regular expression, or a computed name
    for key, route in router.items:
        if key == Const(name):
            return _queue(route)
    for key, route in router.items:
        pattern = key.value if isinstance(key, Const) else None
        if isinstance(pattern, str) and "*" in pattern and fnmatchcase(name, pattern):
            return _queue(route)
    return NOWHERE


def routes_to(routes: Expr) -> Iterator[str]:
    """The queues that evaluated `task_routes` send to, as far as they are known."""
    for router in _routers(routes):
        for _, route in router.items if isinstance(router, Dict) else ():
            queue = _queue(route)
            if isinstance(queue, Const) and isinstance(queue.value, str):
                yield queue.value


def _queue(route: Expr) -> Expr:
    match route:
        case Const(value=str()):
            return route
        case Dict(items=entries):
            for key, value in entries:
                if key == Const("queue"):
                    return _name_of(value)
            known = all(isinstance(key, Const) for key, _ in entries)
            return NOWHERE if known else UNKNOWN
    return UNKNOWN


def _name_of(queue: Expr) -> Expr:
    """The name of a queue, which is a text or a `kombu.Queue`."""
    match queue:
        case Const(value=str()):
            return queue
        case Call(func=Name(dotted="kombu.Queue"), args=(Const(value=str()) as name, *_)):
            return name
    return UNKNOWN


def queue_names(queues: Expr) -> Iterator[str]:
    """The names in an evaluated `task_queues`, as far as they are known."""
    items: tuple[Expr, ...] = ()
    if isinstance(queues, Seq):
        items = queues.items
    elif isinstance(queues, Dict):
        items = tuple(key for key, _ in queues.items if key is not None)
    for item in items:
        name = _name_of(item)
        if isinstance(name, Const) and isinstance(name.value, str):
            yield name.value
