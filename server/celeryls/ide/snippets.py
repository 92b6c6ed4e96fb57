"""Snippet completions: the skeletons that people type again and again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from celeryls.facts import has_traces
from celeryls.ide.vocabulary import Completion
from celeryls.project import Conventions, DecoratorStyle, Project
from celeryls.syntax import parse
from celeryls.syntax.imports import add_import
from celeryls.syntax.scan import in_code
from celeryls.text import Span, lines_of, newline_of
from celeryls.text.draft import Draft

_TAB_STOP = re.compile(r"\$\{\d+:([^}]*)\}|\$\d+")
_WORD = re.compile(r"[\w-]*\Z")


@dataclass(frozen=True, slots=True)
class _Snippet:
    label: str
    detail: str
    body: str
    imports: tuple[tuple[str, str], ...] = ()
    module_level: bool = False
    """Whether it makes sense at the left margin only."""


_OPTIONS = """\
    bind=True,
    acks_late=True,
    autoretry_for=(ConnectionError, TimeoutError),
    retry_backoff=True,
    max_retries=3,
    soft_time_limit=300,
    time_limit=360,
"""

_SNIPPETS = (
    _Snippet(
        "task",
        "A task with late acknowledgement and automatic retry",
        "@DECORATOR(\n" + _OPTIONS + ")\n"
        "def ${1:name}(self, ${2:item_id}: ${3:int}) -> ${4:None}:\n"
        '    """${5:What it does.}"""\n'
        "    $0",
        module_level=True,
    ),
    _Snippet(
        "task-retry",
        "A task that decides itself when to retry",
        "@DECORATOR(bind=True, acks_late=True, max_retries=3)\n"
        "def ${1:name}(self, ${2:item_id}: ${3:int}) -> ${4:None}:\n"
        '    """${5:What it does.}"""\n'
        "    try:\n"
        "        $0\n"
        "    except ${6:ConnectionError} as exc:\n"
        "        raise self.retry(exc=exc, countdown=${7:60} * 2**self.request.retries) from exc",
        module_level=True,
    ),
    _Snippet(
        "task-periodic",
        "A task for beat, with the entry that schedules it",
        "@DECORATOR(\n" + _OPTIONS + ")\n"
        "def ${1:name}(self) -> ${2:None}:\n"
        '    """${3:What it does.}\n'
        "\n"
        "    In beat_schedule:\n"
        '        "${4:every-night}": {"task": "MODULE$1", "schedule": crontab(hour=3, minute=0)}\n'
        '    """\n'
        "    $0",
        module_level=True,
    ),
    _Snippet(
        "chain",
        "One task after the other, each with the result of the one before",
        "chain(${1:first}.s(${2}), ${3:second}.s()).delay()$0",
        imports=(("celery", "chain"),),
    ),
    _Snippet(
        "group",
        "Tasks side by side",
        "group(${1:task}.s(${2:item}) for ${2:item} in ${3:items}).delay()$0",
        imports=(("celery", "group"),),
    ),
    _Snippet(
        "chord",
        "Tasks side by side, then one with all their results",
        "chord(${1:task}.s(${2:item}) for ${2:item} in ${3:items})(${4:callback}.s())$0",
        imports=(("celery", "chord"),),
    ),
    _Snippet(
        "beat-entry",
        "An entry of beat_schedule",
        '"${1:every-night}": {\n'
        '    "task": "${2:package.tasks.name}",\n'
        '    "schedule": crontab(hour=${3:3}, minute=${4:0}),\n'
        "},$0",
        imports=(("celery.schedules", "crontab"),),
    ),
)


def snippets(project: Project, path: str, text: str, offset: int) -> Iterator[Completion]:
    """The snippets that fit a cursor; none inside strings, comments and expressions."""
    lines = lines_of(text)
    line = lines.line_at(offset)
    start = lines.line_start(line)
    before = text[start:offset]
    word = _WORD.search(before)
    assert word is not None
    indent = before[: word.start()]
    if indent.strip() or not in_code(text, offset) or not _about_celery(path, text):
        return
    conventions = project.conventions(path)
    typed = word.group()
    for snippet in _SNIPPETS:
        if snippet.module_level and indent:
            continue
        if not snippet.label.startswith(typed):
            continue
        yield _completion(snippet, conventions, text, indent, Span(start + word.start(), offset))


def _about_celery(path: str, text: str) -> bool:
    pure = PurePath(path)
    named = pure.stem in ("tasks", "celery", "celery_app") or "tasks" in pure.parts[-2:-1]
    return named or has_traces(text)


def _completion(
    snippet: _Snippet, conventions: Conventions, text: str, indent: str, word: Span
) -> Completion:
    body = snippet.body
    imports = snippet.imports
    if "DECORATOR" in body:
        decorator, more = _decorator(conventions)
        body = body.replace("DECORATOR", decorator)
        imports = (*imports, *more)
    # The line that is being typed must not count as a use, nor break the file.
    draft = Draft(text[: word.start] + " " * word.length + text[word.end :])
    for module, name in imports:
        added = add_import(parse(draft.text), module, name)
        draft.apply(added.edits)
        if added.local_name != name:
            body = re.sub(rf"\b{name}\b", added.local_name, body)
    module = f"{conventions.module}." if conventions.module else ""
    body = body.replace("MODULE", module)
    newline = newline_of(text)
    body = body.replace("\n", newline + indent)
    return Completion(
        label=snippet.label,
        detail=snippet.detail,
        documentation=_TAB_STOP.sub(lambda found: found[1] or "", body),
        snippet=body,
        plain=_TAB_STOP.sub(lambda found: found[1] or "", body),
        word=word,
        edits=draft.edits(),
    )


def _decorator(conventions: Conventions) -> tuple[str, tuple[tuple[str, str], ...]]:
    if conventions.style is DecoratorStyle.APP_TASK and conventions.app_name is not None:
        if conventions.app_module in (None, conventions.module):
            return f"{conventions.app_name}.task", ()
        assert conventions.app_module is not None
        return f"{conventions.app_name}.task", ((conventions.app_module, conventions.app_name),)
    return "shared_task", (("celery", "shared_task"),)
