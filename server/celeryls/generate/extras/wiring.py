"""An endpoint put into the web app, where it is certain how; else the line to add."""

import ast
from dataclasses import replace

from celeryls.facts import Import
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.scaffold.web import WebApp, web_app
from celeryls.project import Project, Task
from celeryls.project.apps import App
from celeryls.project.conventions import Conventions
from celeryls.project.detection import Framework
from celeryls.syntax import Parsed, parse
from celeryls.syntax.bindings import bindings
from celeryls.syntax.imports import add_import
from celeryls.text import Edit, Span, newline_of
from celeryls.text.draft import Draft
from celeryls.text.layout import Page

_METHODS = {
    Framework.FASTAPI: ("include_router", "router"),
    Framework.FLASK: ("register_blueprint", "blueprint"),
}


def include_in_web_app(
    draft: ProjectDraft, framework: Framework, task: Task, app: App | None, module: str
) -> tuple[str, ...]:
    """Include a router or register a blueprint; else a note that says the lines."""
    method, member = _METHODS[framework]
    project = draft.project
    web = web_app(project, framework)
    path = project.file_of(web.module, task.path) if web is not None else None
    if web is not None and path is not None:
        starts = [task.path, *([app.path] if app is not None and app.path else [])]
        edits = None
        if not any(_reaches(project, start, path) for start in starts):
            edits = _included(draft, path, web, module, method, member)
        if edits:
            draft.edit(path, edits, f"has the endpoint of {task.decl.name}")
            return ()
    name = web.name if web is not None and not web.factory else "app"
    return (
        f"Put it into the web app: from {module} import {member}, then {name}.{method}({member}).",
    )


def _included(
    draft: ProjectDraft, path: str, web: WebApp, module: str, method: str, member: str
) -> tuple[Edit, ...] | None:
    text = draft.text(path) or ""
    edited = Draft(text)
    parsed = parse(text)
    if parsed.broken:
        return None
    if web.factory:
        place = _before_return(parsed, web.name)
    else:
        place = _after_app(parsed, web.name)
    if place is None:
        return None
    at, indent, called = place
    conventions = draft.project.conventions(path)
    alias = f"{module.rpartition('.')[2].removesuffix('_endpoint')}_{member}"
    taken = {bound.name for bound in bindings(parsed.tree)}
    if alias in taken:
        return None
    newline = newline_of(text)
    page = Page(conventions.line_length)
    line = page.layout(f"{indent}{called}.{method}(", [alias], ")")
    # One argument has no comma of its own where a formatter breaks the line.
    line = line.replace(f"{alias},\n", f"{alias}\n").replace("\n", newline) + newline
    edited.apply((Edit(Span(at, at), line),))
    found = add_import(
        parse(edited.text),
        conventions.relative(module),
        member,
        line_length=conventions.line_length,
        first_party=own_packages(draft.project),
        avoid={member},
    )
    changed = tuple(
        replace(edit, new_text=_renamed(edit.new_text, found.local_name, alias, conventions))
        for edit in found.edits
    )
    edited.apply(changed)
    return edited.edits()


def _renamed(text: str, local: str, alias: str, conventions: Conventions) -> str:
    """An import with another alias, in lines that are short enough."""
    text = text.replace(f" as {local}", f" as {alias}")
    statement = text.strip()
    if len(statement) <= conventions.line_length:
        return text
    head, _, member = statement.partition(" import ")
    newline = newline_of(text)
    wrapped = f"{head} import ({newline}    {member},{newline})"
    return text.replace(statement, wrapped)


def own_packages(project: Project) -> set[str]:
    """The top-level modules and packages of a project, which imports are sorted by."""
    modules = (project.module_of(path) for path in (*project.files, *project.untraced))
    return {module.partition(".")[0] for module in modules if module is not None}


def _line_end(parsed: Parsed, node: ast.stmt) -> int:
    """Where a line begins below a statement."""
    lines = parsed.lines
    line = lines.line_at(parsed.span(node).end)
    return lines.line_start(line + 1) if line + 1 < len(lines) else -1


def _after_app(parsed: Parsed, name: str) -> tuple[int, str, str] | None:
    """Below the last statement at module level that calls a method of the app, or makes it."""
    found: ast.stmt | None = None
    for node in parsed.tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Name) and each.id == name for each in targets):
                found = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and found:
            func = node.value.func
            if (
                isinstance(func, ast.Attribute)
                and isinstance(func.value, ast.Name)
                and func.value.id == name
            ):
                found = node
    at = _line_end(parsed, found) if found is not None else -1
    return (at, "", name) if at >= 0 else None


def _before_return(parsed: Parsed, factory: str) -> tuple[int, str, str] | None:
    """Above the only `return app` of a factory, which is its last statement."""
    for node in parsed.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name != factory:
            continue
        last = node.body[-1]
        if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
            return None
        returns = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
        own = [each for each in returns if isinstance(each.value, ast.Name)]
        if [each for each in own if each.value is not None and each is not last]:
            own = [each for each in own if getattr(each.value, "id", "") == last.value.id]
            if len(own) > 1:
                return None
        start = parsed.lines.line_start(last.lineno - 1)
        return start, parsed.text[start : parsed.start(last)], last.value.id
    return None


def include_in_urls(
    draft: ProjectDraft, settings: str | None, module: str, url: str
) -> tuple[str, ...]:
    """Include the endpoint's `urlpatterns` in those of the project."""
    parts = [f'"{url}"', f'include("{module}")']
    item = f"path({', '.join(parts)})"
    project = draft.project
    named = _root_urlconf(project.text(settings) or "") if settings is not None else None
    path = project.file_of(named, settings or "") if named else None
    text = draft.text(path) if path is not None else None
    node = _url_list(parse(text)) if text is not None else None
    if path is None or text is None or node is None:
        return (f"Put it into the project's urlpatterns: {item}.",)
    edited = Draft(text)
    conventions = project.conventions(path)
    # As a list's item: indented, and with a comma.
    laid_out = Page(conventions.line_length).layout("    path(", parts, "),")
    laid_out = laid_out.removesuffix(",").lstrip().replace("\n", newline_of(text))
    edited.apply((_appended(parse(text), node, requote(text, laid_out)),))
    called = []
    for name in ("path", "include"):
        found = add_import(
            parse(edited.text), "django.urls", name, line_length=conventions.line_length
        )
        edited.apply(found.edits)
        called.append(found.local_name)
    if called != ["path", "include"]:
        return (f"Put it into the project's urlpatterns: {item}.",)
    draft.edit(path, edited.edits(), "has the endpoint")
    return ()


def requote(text: str, item: str) -> str:
    """`item` in the quotes that a file has most of."""
    return item.replace('"', "'") if text.count("'") > text.count('"') else item


def _root_urlconf(text: str) -> str | None:
    for node in parse(text).tree.body:
        if (
            isinstance(node, ast.Assign)
            and any(getattr(each, "id", "") == "ROOT_URLCONF" for each in node.targets)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            return node.value.value
    return None


def _url_list(parsed: Parsed) -> ast.List | None:
    """The list that is assigned to `urlpatterns`, if it is assigned once."""
    found = [
        node.value
        for node in ast.walk(parsed.tree)
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == "urlpatterns"
    ]
    only = found[0] if len(found) == 1 and not parsed.broken else None
    return only if isinstance(only, ast.List) else None


def _appended(parsed: Parsed, node: ast.List, item: str) -> Edit:
    """An item at the end of a list, a line of its own."""
    text, newline = parsed.text, newline_of(parsed.text)
    span = parsed.span(node)
    if not node.elts:
        return Edit(Span(span.start + 1, span.end - 1), f"{newline}    {item},{newline}")
    last = parsed.span(node.elts[-1])
    lines = parsed.lines
    if lines.line_at(last.end) == lines.line_at(span.end):
        own = [parsed.span(each).of(text) for each in node.elts]
        block = "".join(f"{newline}    {each}," for each in [*own, item])
        return Edit(Span(span.start + 1, span.end - 1), block + newline)
    line = lines.line_at(last.start)
    start = lines.line_start(line)
    indent = text[start : start + len(text[start:]) - len(text[start:].lstrip(" \t"))]
    comma = "," if text[last.end : span.end].lstrip()[:1] == "," else ""
    at = last.end + text[last.end : span.end].index(",") + 1 if comma else last.end
    return Edit(Span(at, at), f"{'' if comma else ','}{newline}{indent}{item},")


def set_default(draft: ProjectDraft, app: App) -> tuple[str, ...]:
    """Have the app be the one of every thread: a web app answers requests in threads.

    Without it a shared task is sent by an app without settings there (celery/_state.py,
    `_get_current_app`).
    """
    text = draft.text(app.path or "") or ""
    if app.path is None or ".set_default()" in text:
        return ()
    parsed = parse(text)
    made = [
        node
        for node in parsed.tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(each, ast.Name) and each.id == app.name for each in node.targets)
    ]
    at = _line_end(parsed, made[-1]) if made and not parsed.broken else -1
    if at < 0:
        return (
            f"Call {app.name}.set_default() where the app is made: requests are answered in "
            "threads, which know no other app.",
        )
    newline = newline_of(text)
    lines = ("# A web app answers in threads, where shared tasks know the default app alone.",)
    code = "".join(line + newline for line in (*lines, f"{app.name}.set_default()"))
    draft.edit(app.path, (Edit(Span(at, at), code),), "is the app of all threads")
    return ()


def _reaches(project: Project, start: str, goal: str) -> bool:
    """Whether importing one file imports another, as far as the files with Celery tell."""
    seen, pending = {start}, [start]
    while pending:
        path = pending.pop()
        if path == goal:
            return True
        if path not in project.files:
            continue
        for bound in project.interface(path).names.values():
            for each in bound:
                if not isinstance(each, Import):
                    continue
                names = [each.module, f"{each.module}.{each.name}"]
                for name in names:
                    found = project.file_of(name, path)
                    if found is not None and found not in seen:
                        seen.add(found)
                        pending.append(found)
    return False
