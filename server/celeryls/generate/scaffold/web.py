"""The web app of a Flask or FastAPI project: where it is, and a small one where there is none."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from celeryls.forms.errors import AnswerError
from celeryls.forms.scaffold_form import ScaffoldSpec
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.scaffold.rendering import rendered
from celeryls.project import Project
from celeryls.project.detection import Framework
from celeryls.syntax import parse
from celeryls.syntax.bindings import bindings
from celeryls.syntax.expr import dotted_name

_CLASSES = {Framework.FLASK: ("flask", "Flask"), Framework.FASTAPI: ("fastapi", "FastAPI")}
_MADE = {
    Framework.FLASK: ("web", "flask_web", "create_app"),
    Framework.FASTAPI: ("main", "fastapi", "app"),
}
"""What is made where there is none: its module, the template, the name in it."""


@dataclass(frozen=True, slots=True)
class WebApp:
    """A web app, under the name that it, or the function that makes it, has in a module."""

    module: str
    name: str
    factory: bool
    needs: tuple[str, ...] = ()
    """The parameters without a default, if it is a factory."""


def web_app(project: Project, framework: Framework) -> WebApp | None:
    """The web app of the project: the outermost, a factory before an app that is made at once."""
    package, class_name = _CLASSES[framework]
    found: list[tuple[int, bool, str, WebApp]] = []
    for path in (*project.files, *project.untraced):
        text = project.text(path)
        module = project.module_of(path)
        if text is None or class_name not in text or module is None or project.is_test(path):
            continue
        for app in _in_module(text, module, package, class_name):
            found.append((path.count(os.sep), not app.factory, path, app))
    return min(found, key=lambda item: item[:3])[3] if found else None


def _in_module(text: str, module: str, package: str, class_name: str) -> Iterator[WebApp]:
    parsed = parse(text)
    local = {
        bound.name if bound.imported[1] else f"{bound.name}.{class_name}"
        for bound in bindings(parsed.tree)
        if bound.imported in ((package, class_name), (package, None))
    }

    def makes(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and dotted_name(node.func) in local

    for node in parsed.tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value and makes(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield WebApp(module, target.id, factory=False)
        elif isinstance(node, ast.FunctionDef):
            inner = list(ast.walk(node))
            returns = any(isinstance(each, ast.Return) and each.value for each in inner)
            if returns and any(makes(each) for each in inner):
                yield WebApp(module, node.name, factory=True, needs=_needed(node.args))


def _needed(arguments: ast.arguments) -> tuple[str, ...]:
    plain = [*arguments.posonlyargs, *arguments.args]
    needed = plain[: len(plain) - len(arguments.defaults)]
    needed += [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return tuple(argument.arg for argument in needed)


def ensure_web_app(draft: ProjectDraft, spec: ScaffoldSpec, folder: Path) -> tuple[WebApp, bool]:
    """The web app, and whether it was made for want of one, in `folder`.

    Raises `AnswerError` for a factory that can't be called without arguments.
    """
    found = web_app(draft.project, spec.framework)
    if found is not None:
        if found.needs and spec.framework is Framework.FLASK:
            raise AnswerError(
                f"Workers have to call {found.name} in {found.module}, which takes "
                f"{', '.join(found.needs)}: give that a default first.",
                "framework",
            )
        return found, False
    stem, template, name = _MADE[spec.framework]
    path = str(folder / f"{stem}.py")
    module = draft.project.module_of(path) or stem
    text = rendered(draft.project, path, template, {"module": module})
    draft.create(path, text, "new, with a small web app")
    return WebApp(module, name, factory=spec.framework is Framework.FLASK), True


def start_command(framework: Framework, app: WebApp) -> str:
    """The line that starts the web app while one works on it."""
    if framework is Framework.FLASK:
        return f"flask --app {app.module} run"
    target = f"{app.module}:{app.name}"
    return f"uvicorn {target} --reload" + (" --factory" if app.factory else "")
