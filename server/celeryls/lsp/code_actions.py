"""`textDocument/codeAction` and `codeAction/resolve`."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from celeryls.ide.vocabulary import ACTION_KINDS, Action, CannotDo, Edits, wanted
from celeryls.lsp.convert import from_range, to_workspace_edit
from celeryls.lsp.protocol import ContentModified, RequestRefused
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.session import Session
from celeryls.lsp.uris import path_of

if TYPE_CHECKING:
    from celeryls.project import Project

logger = logging.getLogger(__name__)


async def code_action(
    server: CelerylsServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    """The actions of a range."""
    # Imported when first asked: `initialize` must be answered at once.
    from celeryls.ide.actions import Place, actions

    session = server.session
    path = path_of(params.text_document.uri)
    document = session.documents.get(path)
    only = tuple(str(kind) for kind in params.context.only or ())
    # Asked before each save for kinds that are mostly not ours.
    if document is None or not any(wanted(kind, only) for kind in ACTION_KINDS):
        return None
    folder = session.folder_of(path)
    lines = session.lines(path)
    place = Place(
        project=folder.workspace.snapshot(),
        path=path,
        text=document.text,
        span=from_range(lines, params.range, session.encoding),
        selection=folder.rules(),
        only=only,
        invoked=params.context.trigger_kind == types.CodeActionTriggerKind.Invoked,
        asks=asks(session),
        opens=_opens(session),
    )

    def answer(token: Any) -> list[types.CodeAction | types.Command]:
        result: list[types.CodeAction | types.Command] = []
        for action in actions(place):
            token.check()
            if wanted(action.kind, only):
                converted = _to_action(session, place.project, path, action)
                if converted is not None:
                    result.append(converted)
        return result

    found = await server.off_loop(answer)
    if session.documents.get(path) is not document:
        raise ContentModified
    return found


async def resolve(server: CelerylsServer, action: types.CodeAction) -> types.CodeAction:
    """The edit of an action."""
    from celeryls.ide.actions import resolve as edits_of

    session = server.session
    data = action.data
    if not isinstance(data, dict) or "path" not in data:
        return action
    path = str(data["path"])
    document = session.documents.get(path)
    if data.get("version") != session.version_of(path):
        raise ContentModified
    project = session.project(path)
    try:
        rules = session.folder_of(path).rules()
        edits = await server.off_loop(lambda _: edits_of(project, data, rules))
        if session.documents.get(path) is not document:
            raise ContentModified
        action.edit = workspace_edit(session, project, edits)
    except (CannotDo, ValueError) as error:
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, str(error)))
        raise RequestRefused(str(error)) from error
    return action


def asks(session: Session) -> bool:
    """Whether the client can ask the questions of a form (docs/lsp-extensions.md)."""
    from celeryls.forms.wire import can_ask

    experimental = session.capabilities.experimental
    if not isinstance(experimental, Mapping):
        return False
    resolving = experimental.get("interactiveResolve")
    return isinstance(resolving, Mapping) and can_ask(resolving.get("inputTypes"))


def _opens(session: Session) -> bool:
    """Whether the client can open a web page."""
    window = session.capabilities.window
    return bool(window and window.show_document and window.show_document.support)


def workspace_edit(
    session: Session,
    project: "Project",
    edits: Edits,
    labels: Mapping[str, str] | None = None,
    *,
    confirm: bool = False,
) -> types.WorkspaceEdit:
    """Edits for this client, with the versions of the documents that it has open.

    Raises `ValueError` for a file that is no Python and has changes that are not saved: the places
    of its edits are those on disk.
    """
    for path in edits:
        document = session.beside.get(path)
        if document is not None and document.text != project.text(path):
            raise ValueError(f"{path} has changes that are not saved: save it first")
    return to_workspace_edit(
        edits,
        text_of=project.text,
        uri_of=session.uri_of,
        version_of=session.version_of,
        encoding=session.encoding,
        capabilities=session.capabilities,
        labels=labels,
        confirm=confirm,
    )


def _to_action(
    session: Session, project: "Project", path: str, action: Action
) -> types.CodeAction | None:
    capability = session.capabilities.text_document
    supported = capability.code_action if capability is not None else None
    if action.disabled and not (supported and supported.disabled_support):
        return None
    converted = types.CodeAction(
        title=action.title,
        kind=action.kind,
        is_preferred=action.preferred or None,
        diagnostics=session.diagnostics(project, session.lines(path), action.diagnostics) or None,
    )
    if action.disabled:
        converted.disabled = types.CodeActionDisabled(reason=action.disabled)
    elif action.command is not None:
        # A dialogue may take minutes: the version tells whether the offset still holds.
        argument = {**(action.data or {}), "version": session.version_of(path)}
        converted.command = types.Command(
            title=action.title, command=action.command, arguments=[argument]
        )
    elif action.edits is not None:
        converted.edit = workspace_edit(session, project, action.edits)
    elif action.data is not None:
        data = dict(action.data)
        data["version"] = session.version_of(str(data.get("path")))
        if (
            supported
            and supported.resolve_support
            and "edit" in supported.resolve_support.properties
        ):
            converted.data = data
        else:
            from celeryls.ide.actions import resolve as edits_of

            try:
                rules = session.folder_of(path).rules()
                converted.edit = workspace_edit(session, project, edits_of(project, data, rules))
            except (CannotDo, ValueError):
                return None
            except Exception:
                logger.exception("the edit of %r failed on %s", action.title, path)
                return None
    return converted
