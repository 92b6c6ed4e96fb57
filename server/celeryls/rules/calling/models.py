"""Which values are objects of Django's models, as far as source says so."""

from celeryls.facts import ClassDecl, FunctionDecl, Param
from celeryls.project.symbols import Defined, External
from celeryls.rules.base import FileContext
from celeryls.syntax.expr import Attribute, Call, Const, Expr, Imported, Local, Name, parse_expr

_MODELS = frozenset(
    {
        *("django.db.models.Model", "django.db.models.base.Model"),
        "django.contrib.gis.db.models.Model",
        *(f"django.contrib.auth.models.{name}" for name in ("AbstractUser", "AbstractBaseUser")),
        *(f"django.contrib.auth.models.{name}" for name in ("User", "Group", "Permission")),
        "django.contrib.contenttypes.models.ContentType",
        "django.contrib.sites.models.Site",
    }
)
_ONE = frozenset({"get", "create", "first", "last", "earliest", "latest"})
"""Methods of a manager or query set that give an object of its model."""
_MANY = frozenset({"all", "filter", "exclude", "order_by", "select_related", "prefetch_related"})
"""Those that give a query set."""


def held(file: FileContext, within: str, written: Expr, value: Expr) -> str | None:
    """What an argument certainly is: "an object of the model Order"; `None` if nothing of Django's.

    It stands in the function `within`; `value` is what is `written` with local names replaced.
    """
    model = None
    match value:
        case Call(func=func):
            model = _model(file, func)
            if model is None:
                return _of_manager(file, func)
        case Local(name=name, reason="parameter") if written == Name(name):
            model = _annotated(file, within, name)
        case Name() if written == Name("self") and "." in within:
            model = _model(file, value)
    return None if model is None else f"an object of the model {model}"


def _model(file: FileContext, value: Expr) -> str | None:
    """The name of the model class that a value certainly is."""
    symbols = file.project.meaning(file.path, value)
    if len(symbols) != 1:
        return None
    match symbols[0]:
        case External(qualname=qualname) if qualname in _MODELS:
            return qualname.rpartition(".")[2]
        case Defined(path=path, name=name, what=ClassDecl()):
            chain = file.project.chain(path, name)
            # Kombu asks an object for what JSON is to carry of it.
            if not chain.has_method("__json__") and not _MODELS.isdisjoint(chain.externals):
                return name
    return None


def _of_manager(file: FileContext, func: Expr) -> str | None:
    """What `Order.objects.get(...)` gives, or `Order.objects.filter(...).first()`."""
    methods: list[str] = []
    while isinstance(func, Call | Attribute):
        if isinstance(func, Attribute):
            methods.insert(0, func.name)
            func = func.value
        else:
            func = func.func
    owner: Expr
    match func:
        case Name(dotted=dotted):
            head, _, rest = dotted.partition(".objects.")
            owner = Name(head)
        case Imported(module=module, name=name, level=level, rest=rest):
            head, _, rest = f".{rest}".partition(".objects.")
            owner = Imported(module, name, level, head[1:])
        case _:
            return None
    if not rest or "." in rest:
        return None
    *before, last = [rest, *methods]
    if not all(method in _MANY for method in before) or last not in _ONE | _MANY:
        return None
    model = _model(file, owner)
    if model is None:
        return None
    return f"an object of the model {model}" if last in _ONE else f"a query set of {model}"


def _annotated(file: FileContext, within: str, name: str) -> str | None:
    """The model that a parameter is annotated with."""
    for param in _parameters(file, within):
        if param.name == name and param.annotation is not None and not param.has_default:
            value = parse_expr(param.annotation)
            if isinstance(value, Const) and isinstance(value.value, str):
                value = parse_expr(value.value)
            return _model(file, value) if isinstance(value, Name) else None
    return None


def _parameters(file: FileContext, within: str) -> tuple[Param, ...]:
    """The parameters of a function by its qualified name; none if there is more than one."""
    interface = file.project.interface(file.path)
    owner, _, method = within.rpartition(".")
    if owner:
        match interface.names.get(owner):
            case (ClassDecl(methods=methods),):
                return methods.get(method, ())
        return ()
    match interface.names.get(within):
        case (FunctionDecl(params=params),):
            return params
    return ()
