"""Commands, and the form protocol in front of them (docs/lsp-extensions.md)."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from celeryls import DOCS_URL
from celeryls.ide.vocabulary import (
    ADDITIONS,
    CREATE_TASK_COMMAND,
    DIALOGUE_COMMANDS,
    OPEN_COMMAND,
    RUN_COMMAND,
    SET_UP_COMMAND,
    CannotDo,
)
from celeryls.lsp.code_actions import workspace_edit
from celeryls.lsp.convert import from_position
from celeryls.lsp.protocol import ContentModified, RequestRefused
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of
from celeryls.text import apply_edits

if TYPE_CHECKING:
    from celeryls.generate import NextStep, Plan
    from celeryls.ide.dialogue import Dialogue, Place
    from celeryls.project import Project

logger = logging.getLogger(__name__)
_ADDING = {
    "task": CREATE_TASK_COMMAND,
    "app": SET_UP_COMMAND,
    **{what: command for what, (_, command) in ADDITIONS.items()},
}
"""The command that adds what a next step is about."""
_LOOKS, _PAUSE = 40, 0.05
"""How often, and with how many seconds between, to look whether an edit has arrived."""


def register(server: CelerylsServer) -> None:
    """Register every command."""

    def begins(command: str) -> None:
        @server.command(command)
        async def execute(*arguments: Any) -> Any:
            return await _execute(server, command, arguments)

    for command in DIALOGUE_COMMANDS:
        begins(command)

    @server.command(RUN_COMMAND)
    async def run_task(*arguments: Any) -> Any:
        return await _run(server, arguments)

    @server.command(OPEN_COMMAND)
    async def open_documentation(*arguments: Any) -> Any:
        first = arguments[0] if arguments else None
        url = first.get("url") if isinstance(first, Mapping) else None
        if not isinstance(url, str) or not url.startswith(DOCS_URL):
            raise RequestRefused("the command needs the {url} of a page of this documentation")
        shown = await server.window_show_document_async(
            types.ShowDocumentParams(uri=url, external=True)
        )
        return {"success": shown.success}


async def command_resolve(server: CelerylsServer, params: Any) -> Any:
    """`command/resolve`: which questions to ask before a command is executed."""
    from celeryls.forms import AnswerError, wire
    from celeryls.ide.dialogues import FORMS

    if not isinstance(params, Mapping) or params.get("command") not in FORMS:
        return params
    form = FORMS[params["command"]]
    place = await place_of(server, params.get("arguments"))
    project = server.session.project(place.path)
    try:
        return await server.off_loop(
            lambda _: wire.resolve(
                params,
                lambda answers: form(project, place, answers),
                _input_types(server.session),
            )
        )
    except AnswerError as error:
        raise refused(server, error.message) from error


async def plan(server: CelerylsServer, params: Any) -> Any:
    """`celeryls/plan`: what a command would write, given answers to all that it asks."""
    if not isinstance(params, Mapping) or params.get("command") not in DIALOGUE_COMMANDS:
        raise RequestRefused(f"plans are for the commands {', '.join(DIALOGUE_COMMANDS)}")
    planned = await _planned(server, str(params["command"]), params)
    session = server.session
    return {
        **_told(planned),
        "code": planned.plan.code,
        "changes": [
            {
                "uri": session.uri_of(change.path),
                "isNew": change.is_new,
                "summary": list(change.summary),
                "newText": apply_edits(planned.project.text(change.path) or "", change.edits),
            }
            for change in planned.plan.changes
        ],
    }


async def _execute(server: CelerylsServer, command: str, arguments: tuple[Any, ...]) -> Any:
    session = server.session
    planned = await _planned(server, command, _given(arguments))
    changes = planned.plan.changes
    try:
        edit = workspace_edit(
            session,
            planned.project,
            {change.path: change.edits for change in changes},
            {change.path: "; ".join(change.summary) for change in changes},
            confirm=planned.place.arguments.get("confirm") is not False,
        )
    except ValueError as error:
        raise refused(server, str(error)) from error
    applied = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit=edit, label=planned.dialogue.title)
    )
    done = applied.applied and await _arrived(session, planned)
    if applied.applied and not done:
        message = "The file has changed meanwhile, so it was not written to. Do it again."
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
    elif not done:  # perhaps somebody looked at it and said no
        logger.info("the edit of %s was not applied: %s", command, applied.failure_reason)
    return {"applied": done, **_told(planned)}


async def _run(server: CelerylsServer, arguments: tuple[Any, ...]) -> Any:
    """The line that runs a task; the client types it, nothing is run here.

    Of a client that can't ask every answer is as it is by default.
    """
    from celeryls.forms import wire
    from celeryls.ide.run_task import line

    given = _given(arguments)
    place = await place_of(server, given["arguments"])
    project, answers = server.session.project(place.path), wire.answers_of(given) or {}
    try:
        found = await server.off_loop(lambda _: line(project, place, answers))
    except CannotDo as error:
        raise refused(server, str(error)) from error
    return {
        "title": found.title,
        "command": found.command,
        "arguments": list(found.arguments),
        "cwd": found.cwd,
    }


def _given(arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The parameters of a command as the client sent them, its answers among them."""
    if arguments and isinstance(arguments[-1], dict) and "formAnswers" in arguments[-1]:
        return {"arguments": list(arguments[:-1]), **arguments[-1]}
    return {"arguments": list(arguments)}


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan, with what it was made from."""

    dialogue: "Dialogue"
    project: "Project"
    place: "Place"
    plan: "Plan"


async def _planned(server: CelerylsServer, command: str, given: Mapping[str, Any]) -> _Planned:
    """Plan what a command with answers comes to; refuses, and shows why, what can't be done."""
    from celeryls.forms import wire
    from celeryls.ide.dialogue import plan_of
    from celeryls.ide.dialogues import DIALOGUES

    session, dialogue = server.session, DIALOGUES[command]
    place = await place_of(server, given.get("arguments"))
    answers = wire.answers_of(given)
    project, document = session.project(place.path), session.documents.get(place.path)
    if answers is None and _asks_nothing(dialogue, project, place):
        answers = {}
    if answers is None:
        raise refused(
            server,
            "This command asks questions first, which this editor can't: "
            "use one of the code actions, or `celeryls new` in a terminal.",
        )
    try:
        made = await server.off_loop(lambda _: plan_of(dialogue, project, place, answers))
    except CannotDo as error:
        raise refused(server, str(error)) from error
    if session.documents.get(place.path) is not document:
        raise ContentModified
    return _Planned(dialogue, project, place, made)


def _asks_nothing(dialogue: "Dialogue", project: "Project", place: "Place") -> bool:
    from celeryls.forms import AnswerError

    try:
        return dialogue.form(project, place, None).complete
    except AnswerError:
        return True  # `plan_of` says why


def refused(server: CelerylsServer, message: str) -> RequestRefused:
    """Show somebody why something can't be done; the error to answer with."""
    server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
    return RequestRefused(message)


def _told(planned: _Planned) -> dict[str, Any]:
    """What there is to say of a plan."""
    plan = planned.plan
    return {
        "notes": list(plan.notes),
        "calls": list(plan.calls),
        "nextSteps": [_next_step(step) for step in plan.next_steps],
    }


def _next_step(step: "NextStep") -> dict[str, Any]:
    told: dict[str, Any] = {"title": step.title}
    if step.command is not None:
        told["command"] = step.command
    if step.adds is not None:
        command = _ADDING[step.adds.what]
        arguments = {"path": step.adds.path}
        if step.adds.task is not None:
            arguments["task"] = step.adds.task
        told["action"] = {"title": step.title, "command": command, "arguments": [arguments]}
    return told


async def _arrived(session: Session, planned: _Planned) -> bool:
    """Whether the open documents have become what was planned.

    Some clients skip an edit of an older version and say that they applied it.
    """
    texts = {
        change.path: apply_edits(planned.project.text(change.path) or "", change.edits)
        for change in planned.plan.changes
        if change.path in session.documents
    }
    for _ in range(_LOOKS):
        documents = (session.documents.get(path) for path in texts)
        if all(document is None or document.text == texts[document.path] for document in documents):
            return True
        await asyncio.sleep(_PAUSE)
    return False


async def place_of(server: CelerylsServer, arguments: Any) -> "Place":
    """What a command's first argument says of where it begins.

    A task that goes by its registered name alone is looked for in every folder.
    """
    from celeryls.ide.dialogue import Place

    session = server.session
    first = arguments[0] if isinstance(arguments, list | tuple) and arguments else None
    if isinstance(first, Mapping):
        names = (first.get("task"), first.get("function"))
        if not all(name is None or isinstance(name, str) for name in names):
            raise RequestRefused("`task` and `function` are names")
        if any(isinstance(first.get(key), str) and first[key] for key in ("path", "uri")):
            given = first.get("path")
            path = given if isinstance(given, str) and given else path_of(first["uri"])
            await session.ready(path)  # what is offered comes from the project's other files
            # A dialogue may take minutes.
            holds = first.get("version") in (None, session.version_of(path))
            return Place(path, _offset(session, path, first) if holds else None, first)
        name = first.get("task")
        for folder in session.all_folders() if isinstance(name, str) else ():
            await folder.scanned.wait()
            for task in folder.workspace.snapshot().tasks_named(str(name)):
                return Place(task.path, None, first)
        if isinstance(name, str):
            raise refused(server, f"There is no task {name} in this workspace.")
    raise RequestRefused("the command needs a document: {uri, position} or {path, offset}")


def _offset(session: Session, path: str, given: Mapping[str, Any]) -> int | None:
    """The cursor: an `offset` in code points, or a `position` as the client counts."""
    offset, position = given.get("offset"), given.get("position")
    if isinstance(offset, int):
        return offset
    if not isinstance(position, Mapping) or path not in session.documents:
        return None
    line, character = position.get("line"), position.get("character")
    if not isinstance(line, int) or not isinstance(character, int) or min(line, character) < 0:
        return None
    return from_position(session.lines(path), types.Position(line, character), session.encoding)


def _input_types(session: Session) -> list[str]:
    experimental = session.capabilities.experimental
    resolving = experimental.get("interactiveResolve") if isinstance(experimental, Mapping) else {}
    found = resolving.get("inputTypes") if isinstance(resolving, Mapping) else None
    return [str(item) for item in found] if isinstance(found, list) else ["string"]
