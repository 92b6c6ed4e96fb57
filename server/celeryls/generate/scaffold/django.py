"""The app of a Django project: its module, the import in its package, its settings."""

import ast
import os
import re
from pathlib import Path

from celeryls.facts import extract
from celeryls.forms.errors import AnswerError
from celeryls.forms.scaffold_form import ScaffoldSpec
from celeryls.generate.drafts import ProjectDraft
from celeryls.generate.names import FileNames
from celeryls.generate.scaffold.module import setting_values, unused
from celeryls.generate.scaffold.places import LOCAL_FOLDER, folder_source, project_name
from celeryls.generate.scaffold.rendering import rendered
from celeryls.project import Project
from celeryls.rules.naming.django_app_not_imported import import_in_package
from celeryls.syntax import Parsed, parse
from celeryls.text import Edit, Span, newline_of
from celeryls.text.draft import Draft

PREFIX = "CELERY_"
_APP_NAME = "celery_app"
_BROKER = ("broker_url", "broker_transport_options", "result_backend")
_KEY = re.compile(rf"{PREFIX}[A-Z_]+\Z")


def write_django(draft: ProjectDraft, path: Path, settings: str, spec: ScaffoldSpec) -> list[str]:
    """Write the app of a Django project; returns notes on what was left as it is."""
    module = draft.project.module_of(str(path)) or path.stem
    if not (path.parent / "__init__.py").exists():
        raise AnswerError(
            f"{draft.project.relative(str(path.parent))} is no package: Django's app goes beside "
            "the settings, in a folder with an __init__.py.",
            "file",
        )
    name = project_name(draft.project, module)
    values = {"name": name, "settings_module": _settings_module(draft.project, settings)}
    text = rendered(draft.project, str(path), "django", values)
    draft.create(str(path), text, "new, with the app")
    return [*_import_app(draft, path), *_add_settings(draft, path, settings, spec)]


def _settings_module(project: Project, settings: str) -> str:
    """The settings as `manage.py` names them, else those that were found."""
    for path in sorted(project.untraced):
        if os.path.basename(path) == "manage.py":
            named = extract(project.text(path) or "").interface.django_settings
            if named:
                return named
    return project.module_of(settings) or Path(settings).stem


def _import_app(draft: ProjectDraft, path: Path) -> list[str]:
    """Have the package import the app, so that the web part uses it as workers do."""
    init = str(path.parent / "__init__.py")
    text = draft.text(init) or ""
    fix = next(iter(import_in_package(init, text, path.stem, "app")), None)
    if fix is None:
        shown = draft.project.relative(init)
        return [f"{shown} has a {_APP_NAME} already, which is left as it is: is it the new app?"]
    draft.edit(init, fix.edits[init], "imports the app")
    return []


def _add_settings(draft: ProjectDraft, path: Path, settings: str, spec: ScaffoldSpec) -> list[str]:
    text = draft.text(settings) or ""
    parsed = parse(text)
    relative = draft.project.relative
    if parsed.broken:
        raise AnswerError(f"{relative(settings)} has a syntax error; mend it first.")
    present = sorted(_names(parsed, _KEY))
    conventions = draft.project.conventions(settings)
    edited = Draft(text)
    names = FileNames(
        edited,
        line_length=conventions.line_length,
        first_party={(conventions.module or "").partition(".")[0]},
        avoid=(),
    )
    skipped = {key.removeprefix(PREFIX).lower() for key in present}
    with_broker = skipped.isdisjoint(_BROKER)
    if not with_broker:
        skipped.update(_BROKER)
    queue = names.imported("kombu", "Queue") if "task_queues" not in skipped else ""
    values = {
        **setting_values(spec, queue),
        "app_file": relative(str(path)),
        "folder": _folder(draft.project, settings, parsed, names) if with_broker else "",
        "indent": 0,
        "local": {"os": names.imported("os") if with_broker else ""},
        "name": _variables(parsed),
        "prefix": PREFIX,
        "skipped": sorted(skipped),
        "timezone": "TIME_ZONE" if _names(parsed, re.compile(r"TIME_ZONE\Z")) else '"UTC"',
        "typed": False,
        "with_broker": with_broker,
    }
    block = rendered(draft.project, settings, "django_settings", values)
    edited.apply((_append(parse(edited.text), block),))
    draft.edit(settings, edited.edits(), "settings for Celery")
    if not present:
        return []
    return [f"{relative(settings)} has {', '.join(present)} already; what is there stays."]


def _names(parsed: Parsed, pattern: re.Pattern[str]) -> set[str]:
    """The variables of a module whose names fit, also those under an `if`."""
    return {
        node.id
        for node in ast.walk(parsed.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and pattern.match(node.id)
    }


def _variables(parsed: Parsed) -> dict[str, str]:
    """What the broker's variables are called; those in lower case are no settings of Django."""
    taken = _names(parsed, re.compile(r"celery_"))
    return {
        "broker_url": f"{PREFIX}BROKER_URL",
        "options": f"{PREFIX}BROKER_TRANSPORT_OPTIONS",
        **{name: unused(taken, f"celery_{name}") for name in ("results", "folder", "part")},
    }


def _folder(project: Project, settings: str, parsed: Parsed, names: FileNames) -> str:
    """Source of the folder of messages and results; the settings mostly have a base for it."""
    for node in parsed.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        is_base = any(isinstance(each, ast.Name) and each.id == "BASE_DIR" for each in targets)
        # Before Django 3.1 it was a text.
        if is_base and "Path(" in ast.unparse(node):
            return f'BASE_DIR / "{LOCAL_FOLDER}"'
    path = names.imported("pathlib", "Path")
    return folder_source(project, Path(settings)).replace("Path(", f"{path}(", 1)


def _append(parsed: Parsed, block: str) -> Edit:
    """Put the block at the end, but above what may override settings: a last star import."""
    text, newline = parsed.text, newline_of(parsed.text)
    block = block.rstrip("\n").replace("\n", newline)
    last = parsed.tree.body[-1] if parsed.tree.body else None
    if last is not None and len(parsed.tree.body) > 1 and _overrides(last):
        above = parsed.tree.body[-2]
        end = parsed.lines.line_span(parsed.lines.line_at(parsed.span(above).end)).end
        return Edit(Span(end, end), newline * 2 + block)
    end = len(text.rstrip())
    return Edit(Span(end, len(text)), newline * 2 * bool(end) + block + newline)


def _overrides(node: ast.stmt) -> bool:
    inner = node.body[0] if isinstance(node, ast.Try) and node.body else node
    return isinstance(inner, ast.ImportFrom) and inner.names[0].name == "*"
