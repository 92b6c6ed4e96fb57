"""Commands, and the form protocol in front of them (docs/lsp-extensions.md)."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from celeryls import DOCS_URL
from celeryls.ide.vocabulary import DIALOGUE_COMMANDS, OPEN_COMMAND, CannotDo
from celeryls.lsp.code_actions import workspace_edit
from celeryls.lsp.protocol import ContentModified, RequestRefused
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of

if TYPE_CHECKING:
    from celeryls.ide.dialogue import Place

logger = logging.getLogger(__name__)


def register(server: CelerylsServer) -> None:
    """Register every command."""

    def begins(command: str) -> None:
        @server.command(command)
        async def execute(*arguments: Any) -> Any:
            return await _execute(server, command, arguments)

    for command in DIALOGUE_COMMANDS:
        begins(command)

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
    from celeryls.forms import wire
    from celeryls.ide.dialogues import DIALOGUES

    if not isinstance(params, Mapping) or params.get("command") not in DIALOGUES:
        return params
    dialogue = DIALOGUES[params["command"]]
    place = _place(server.session, params.get("arguments"))
    project = server.session.project(place.path)
    return await server.off_loop(
        lambda _: wire.resolve(
            params,
            lambda answers: dialogue.form(project, place, answers),
            _input_types(server.session),
        )
    )


async def _execute(server: CelerylsServer, command: str, arguments: tuple[Any, ...]) -> Any:
    from celeryls.forms import wire
    from celeryls.ide.dialogue import edits_of, plan_of
    from celeryls.ide.dialogues import DIALOGUES

    session, dialogue = server.session, DIALOGUES[command]
    place = _place(session, arguments)
    given: dict[str, Any] = {"arguments": list(arguments)}
    if arguments and isinstance(arguments[-1], dict) and "formAnswers" in arguments[-1]:
        given = {"arguments": list(arguments[:-1]), **arguments[-1]}
    answers = wire.answers_of(given)
    project, document = session.project(place.path), session.documents.get(place.path)
    try:
        if answers is None:
            raise CannotDo(
                "This command asks questions first, which this editor can't: "
                "use one of the code actions, or `celeryls new` in a terminal."
            )
        plan = await server.off_loop(lambda _: plan_of(dialogue, project, place, answers))
        if session.documents.get(place.path) is not document:
            raise ContentModified
        edit = workspace_edit(session, project, edits_of(plan))
    except (CannotDo, ValueError) as error:
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, str(error)))
        raise RequestRefused(str(error)) from error
    version = session.version_of(place.path)
    applied = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit=edit, label=dialogue.title)
    )
    if not applied.applied:
        # Some clients skip an edit that is too old, and say so; nothing was written then.
        logger.warning("the edit of %s at version %s was not applied", place.path, version)
    return {
        "applied": applied.applied,
        "notes": list(plan.notes),
        "calls": list(plan.calls),
        "nextSteps": [
            {"title": step.title, **({"command": step.command} if step.command else {})}
            for step in plan.next_steps
        ],
    }


def _place(session: Session, arguments: Any) -> "Place":
    """What a command's first argument says of where it begins."""
    from celeryls.ide.dialogue import Place

    first = arguments[0] if isinstance(arguments, list | tuple) and arguments else None
    if isinstance(first, Mapping):
        if isinstance(first.get("path"), str):
            path, offset = first["path"], first.get("offset")
            holds = first.get("version") in (None, session.version_of(path))
            at = offset if isinstance(offset, int) and holds else None
            return Place(path, at, first)
        if isinstance(first.get("uri"), str):
            return Place(path_of(first["uri"]), None, first)
    raise RequestRefused("the command needs a document: {uri} or {path, offset}")


def _input_types(session: Session) -> list[str]:
    experimental = session.capabilities.experimental
    resolving = experimental.get("interactiveResolve") if isinstance(experimental, Mapping) else {}
    found = resolving.get("inputTypes") if isinstance(resolving, Mapping) else None
    return [str(item) for item in found] if isinstance(found, list) else ["string"]
