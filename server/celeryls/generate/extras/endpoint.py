"""An API endpoint that sends a task, and a route beside it that says how the task is doing.

In a new module beside the task's, for the framework that the project is built on, and put into
the web app where that is certain.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from celeryls.forms.errors import AnswerError
from celeryls.generate.apps import app_for
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.extras.arguments import (
    CONVERTED,
    Argument,
    arguments_of,
    json_types,
    literal_values,
)
from celeryls.generate.extras.serializers import serializer_field
from celeryls.generate.extras.wiring import (
    include_in_urls,
    include_in_web_app,
    own_packages,
    set_default,
)
from celeryls.generate.names import FileNames
from celeryls.generate.quoting import requoted
from celeryls.generate.templates import render
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.detection import Detection, Framework, detect
from celeryls.syntax.expr import Const
from celeryls.text.draft import Draft

_NONE = frozenset[str]()
_RESERVED = frozenset(
    {
        *("ACCEPTED", "Any", "REQUIRED", "UUID", "blueprint", "partial", "problems", "request"),
        *("router", "sent", "status", "task_id", "transaction", "urlpatterns", "views", "json"),
    }
)
"""Names that an endpoint's module has of its own."""
_UNSECURED = (
    "Nobody is asked who they are: whoever reaches the endpoint can send the task, and read the "
    "result of any task whose id they know. Protect both routes as the project does."
)
_PENDING = "An id that nobody knows looks PENDING, as Celery does not keep what was never sent."


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a framework has it: the template, what that imports, and the types it converts."""

    template: str
    imports: Mapping[str, tuple[str, ...]]
    converted: frozenset[str] = _NONE


_TYPING = {"typing": ("Any",), "uuid": ("UUID",)}
_ERROR = {"celery.exceptions": ("OperationalError",)}
_KINDS = {
    "fastapi": _Kind(
        "fastapi",
        {
            **_TYPING,
            **_ERROR,
            "fastapi": ("APIRouter", "HTTPException", "Request"),
            "pydantic": ("BaseModel",),
        },
        CONVERTED,
    ),
    "flask": _Kind("flask", {**_TYPING, **_ERROR, "flask": ("Blueprint", "url_for")}),
    "django": _Kind(
        "django",
        {
            "functools": ("partial",),
            "uuid": ("UUID", "uuid4"),
            "django.db": ("transaction",),
            "django.http": ("HttpRequest", "JsonResponse"),
            "django.urls": ("path", "reverse"),
            "django.views.decorators.http": ("require_GET", "require_POST"),
        },
    ),
    "rest": _Kind(
        "rest",
        {
            "functools": ("partial",),
            "uuid": ("UUID", "uuid4"),
            "django.db": ("transaction",),
            "django.urls": ("path",),
            "rest_framework.request": ("Request",),
            "rest_framework.response": ("Response",),
            "rest_framework.reverse": ("reverse",),
            "rest_framework.views": ("APIView",),
        },
        CONVERTED,
    ),
}


def add_endpoint(draft: ProjectDraft, task: Task) -> tuple[str, ...]:
    """Write the endpoint of a task and put it into the web app; notes, a sentence each.

    Raises `AnswerError` where there is no web framework, and for tasks that take what no request
    can bring.
    """
    found = detect(draft.project)
    kind = _kind(found)
    name = task.decl.name
    arguments = arguments_of(draft.project, task, kind.converted)
    path = os.path.join(os.path.dirname(task.path), f"{name}_endpoint.py")
    module, of_task = draft.project.module_of(path), draft.project.module_of(task.symbol[0])
    if module is None or of_task is None:
        raise AnswerError(f"{draft.project.relative(task.path)} can't be imported by a web app.")
    if draft.exists(path):
        raise AnswerError(
            f"{draft.project.relative(path)} exists, so {name} may have an endpoint already; "
            "nothing is overwritten."
        )
    app = app_for(draft.project, task.path, None)
    text = _written(draft.project, path, task, of_task, kind, arguments, app)
    draft.create(path, text, f"new, with the endpoint of {name}")
    notes: tuple[str, ...]
    if found.framework is Framework.DJANGO:
        notes = include_in_urls(draft, found.django_settings, module, _url(name))
        if kind.template == "django":
            notes += (
                "Django's protection against CSRF is on: a client without a session needs "
                "@csrf_exempt, and an authentication of its own.",
            )
    else:
        notes = include_in_web_app(draft, found.framework, task, app, module)
        if task.kind == "shared_task" and app is not None:
            notes += set_default(draft, app)
    return (*notes, _UNSECURED, _PENDING, *_results(draft.project, task, app))


def _kind(found: Detection) -> _Kind:
    if found.framework is Framework.PLAIN:
        raise AnswerError("An endpoint needs FastAPI, Flask or Django, and none is in use here.")
    rest = found.framework is Framework.DJANGO and found.rest_framework
    return _KINDS["rest" if rest else found.framework.value]


def _url(name: str) -> str:
    return f"tasks/{name}/"


def _results(project: Project, task: Task, app: App | None) -> tuple[str, ...]:
    """What stands in the way of the status route."""
    if project.effective(task, "ignore_result").value == Const(True):
        return ("The task ignores its result, so its state stays PENDING.",)
    if app is not None and project.setting(app, "result_backend").value == Const(None):
        return ("There is no result_backend, so the status route fails; name one.",)
    return ()


def _written(
    project: Project,
    path: str,
    task: Task,
    of_task: str,
    kind: _Kind,
    arguments: tuple[Argument, ...],
    app: App | None,
) -> str:
    """The text of the endpoint's module."""
    conventions = project.conventions(path)
    name = task.decl.name
    draft = Draft(f'"""The endpoint of {name}."""\n')
    own = own_packages(project)
    avoid = _RESERVED | {f"send_{name}", f"{name}_status"}
    names = FileNames(draft, line_length=conventions.line_length, first_party=own, avoid=_NONE)
    imports: dict[str, tuple[str, ...]] = dict(kind.imports)
    bodies = {
        "fastapi": _models,
        "flask": _checked,
        "django": _checked,
        "rest": _serialized,
    }
    values = bodies[kind.template](arguments, imports, names)
    for module, members in imports.items():
        for member in members:
            names.imported(module, member or None)
    names.avoid = avoid
    local = names.imported(conventions.relative(of_task), task.symbol[1])
    results = local
    module_of_app = project.module_of(app.path) if app is not None and app.path else None
    if (
        app is not None
        and module_of_app
        and task.kind == "shared_task"
        and (kind.template in ("fastapi", "flask") and "." not in app.name)
    ):
        # A shared task finds its app where that has been imported.
        results = names.imported(conventions.relative(module_of_app), app.name)
    code = render(
        f"extras/endpoint/{kind.template}.py.j2",
        {
            "name": name,
            "task": local,
            "results": results,
            "class_name": "".join(part.title() for part in name.split("_")) or name,
            "any_arguments": bool(arguments),
            **values,
        },
        conventions,
    )
    return requoted(draft.text.rstrip("\n") + "\n\n" + code, conventions.quotes)


_Imports = dict[str, tuple[str, ...]]
_UNFIT = frozenset(
    {
        *("copy", "construct", "dict", "fields", "from_orm", "json", "parse_file", "parse_obj"),
        *("parse_raw", "schema", "schema_json", "update_forward_refs", "validate"),
    }
)
"""What a pydantic model has of its own, as do names that begin with `model_` or `_`."""


def _models(arguments: tuple[Argument, ...], imports: _Imports, names: FileNames) -> dict[str, Any]:
    """The fields of a pydantic model.  A default that is not known is left to the task."""
    fields = []
    aliased = unknown = False
    types = {part for each in arguments for part in _type_names(each.annotation)}
    for argument in arguments:
        written = names.type(argument.annotation, "endpoint")
        default = argument.default
        if not argument.is_required and default is None:
            unknown, default = True, "None"
        if default == "None" and written != "Any" and "None" not in written:
            written = f"{written} | None"
        field = argument.name
        if field in _UNFIT | types or field.startswith(("_", "model_")):
            aliased = True
            field = f"{field.strip('_')}_"
            shown = "" if default is None else f"default={default}, "
            default = f'Field({shown}alias="{argument.name}")'
        fields.append(f"{field}: {written}" + (f" = {default}" if default is not None else ""))
    if arguments:
        imports["pydantic"] = ("BaseModel", "ConfigDict", *(("Field",) if aliased else ()))
    # What is not known is left out, so that the task's own default holds.
    dumped = "exclude_defaults=True" if unknown else "exclude_unset=True"
    return {"fields": fields, "dumped": f"by_alias=True, {dumped}" if aliased else dumped}


def _type_names(annotation: str) -> set[str]:
    from celeryls.forms.annotations import names_in

    return {name.rpartition(".")[2] for name in names_in(annotation)}


def _checked(
    arguments: tuple[Argument, ...], imports: _Imports, names: FileNames
) -> dict[str, Any]:
    """A table of what a body may hold, for explicit checks."""
    accepted = []
    for argument in arguments:
        word, types = json_types(argument)
        written = ["type(None)" if each == "NoneType" else each for each in types] or ["object"]
        choices = literal_values(argument)
        accepted.append({"name": argument.name, "word": word, "types": written, "choices": choices})
    if arguments:
        imports.setdefault("typing", ("Any",))
        if "flask" in imports:
            imports["flask"] = ("Blueprint", "request", "url_for")
        else:
            imports["json"] = ("",)
    required = [argument.name for argument in arguments if argument.is_required]
    return {"accepted": accepted, "required": required}


def _serialized(
    arguments: tuple[Argument, ...], imports: _Imports, names: FileNames
) -> dict[str, Any]:
    """The fields of a serializer."""
    if arguments:
        imports["rest_framework"] = ("serializers",)
    fields = []
    for each in arguments:
        kind, options = serializer_field(each)
        fields.append({"name": each.name, "kind": kind, "options": options})
    return {"fields": fields}
