"""The handlers: convert in, ask, convert out."""

import logging
from typing import Any

from lsprotocol import types

from celeryls.ide.vocabulary import ACTION_KINDS
from celeryls.lsp import (
    code_actions,
    code_lenses,
    commands,
    completion,
    hovers,
    inlay_hints,
    navigation,
    symbols,
    views,
    watching,
)
from celeryls.lsp.protocol import COMMAND_RESOLVE, GRAPH, PLAN, VIEW
from celeryls.lsp.server import CelerylsServer
from celeryls.lsp.uris import path_of
from celeryls.text import Encoding

logger = logging.getLogger(__name__)
_NO_SETTINGS = ("trusted", "commands", "notifyChanges")
"""The options of `initialize` that say what the client is like."""


def register(server: CelerylsServer) -> None:
    """Register every handler."""
    feature = server.feature
    feature(types.INITIALIZE)(initialize)
    feature(types.INITIALIZED)(initialized)
    feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(did_save)
    feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_folders)
    feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=list(ACTION_KINDS), resolve_provider=True),
    )(code_actions.code_action)
    feature(types.CODE_ACTION_RESOLVE)(code_actions.resolve)
    feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions())(completion.complete)
    feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolOptions(label="Celery"))(
        symbols.document_symbol
    )
    feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=True))(
        code_lenses.code_lens
    )
    feature(types.CODE_LENS_RESOLVE)(code_lenses.resolve)
    feature(types.TEXT_DOCUMENT_HOVER)(hovers.hover)
    feature(types.TEXT_DOCUMENT_INLAY_HINT)(inlay_hints.inlay_hint)
    feature(types.TEXT_DOCUMENT_DEFINITION)(navigation.definition)
    feature(types.TEXT_DOCUMENT_REFERENCES)(navigation.references)
    feature(types.WORKSPACE_SYMBOL)(symbols.workspace_symbol)
    feature(COMMAND_RESOLVE)(commands.command_resolve)
    feature(PLAN)(commands.plan)
    feature(VIEW)(views.view)
    feature(GRAPH)(views.graph)
    commands.register(server)


def initialize(server: CelerylsServer, params: types.InitializeParams) -> None:
    """Remember who the client is.  Answers must come at once, so nothing is read here."""
    session = server.session
    session.capabilities = params.capabilities
    session.encoding = Encoding(server.protocol.workspace.position_encoding)
    options = params.initialization_options
    if isinstance(options, dict):
        # No setting, since a workspace may bring settings of its own (docs/adr/0009-trust.md).
        session.trusted = options.get("trusted") is True
        session.notify_changes = options.get("notifyChanges") is True
        executed = options.get("commands")
        if isinstance(executed, list):
            session.client_commands = frozenset(item for item in executed if isinstance(item, str))
        options = {key: value for key, value in options.items() if key not in _NO_SETTINGS}
        settings = options.get("celeryls", options.get("settings", options))
        session.settings = settings if isinstance(settings, dict) else {}
    folders = [folder.uri for folder in params.workspace_folders or ()]
    if not folders and params.root_uri:
        folders = [params.root_uri]
    session.announced = [uri for uri in folders if uri.startswith("file:")]


def initialized(server: CelerylsServer, params: types.InitializedParams) -> None:
    """Read the workspace, ask for settings, watch what may change."""
    for uri in server.session.announced:
        server.session.add_folder(uri)
    server.in_background(watching.watch_parent(server))
    server.in_background(watching.watch_disk(server))
    server.in_background(watching.register(server))
    server.in_background(_start(server))


async def _start(server: CelerylsServer) -> None:
    await watching.pull_settings(server)
    await watching.scan(server)
    await server.off_loop(_warm_up)


def _warm_up(_: object) -> None:
    """Import what the first code action and completion need, so that they are quick."""
    import celeryls.ide.actions
    import celeryls.ide.hover
    import celeryls.ide.snippets  # noqa: F401


def did_open(server: CelerylsServer, params: types.DidOpenTextDocumentParams) -> None:
    """A buffer was opened: check it at once."""
    document = server.session.open(params.text_document)
    if document is not None:
        server.tell(server.session.folder_of(document.path))
        server.publisher.schedule(document.path, 0)
        server.changed.look()


def did_change(server: CelerylsServer, params: types.DidChangeTextDocumentParams) -> None:
    """A buffer changed: check it when the typing pauses."""
    session = server.session
    path = path_of(params.text_document.uri)
    if path in session.beside:
        session.change(params)
    if path not in session.documents:
        return
    workspace = session.folder_of(path).workspace
    before = workspace.generation
    session.change(params)
    server.refresher.schedule()
    server.publisher.schedule(path, workspace.loaded.config.debounce / 1000, typed=True)
    server.changed.look(typed=path)
    if workspace.generation != before:
        server.publisher.schedule_others(path)


def did_close(server: CelerylsServer, params: types.DidCloseTextDocumentParams) -> None:
    """A buffer was closed: the file on disk counts again."""
    session = server.session
    path = path_of(params.text_document.uri)
    session.beside.pop(path, None)
    if path not in session.documents:
        return
    workspace = session.folder_of(path).workspace
    before = workspace.generation
    document = session.close(path)
    server.publisher.clear(path, document.uri)
    server.changed.look()
    server.refresher.schedule()
    if workspace.generation != before:
        server.publisher.schedule_others(path)


def did_save(server: CelerylsServer, params: types.DidSaveTextDocumentParams) -> None:
    """A file was saved; it may be our configuration."""
    watching.configuration_may_have_changed(server)


async def did_change_configuration(
    server: CelerylsServer, params: types.DidChangeConfigurationParams
) -> None:
    """The client's settings changed."""
    if not await watching.pull_settings(server):
        settings: Any = params.settings
        if isinstance(settings, dict):
            ours = settings.get("celeryls", settings)
            server.session.settings = ours if isinstance(ours, dict) else {}
            server.session.settings_of = {}
    watching.configuration_may_have_changed(server)


async def did_change_watched_files(
    server: CelerylsServer, params: types.DidChangeWatchedFilesParams
) -> None:
    """Files changed on disk."""
    paths = [path_of(change.uri) for change in params.changes]
    server.changes.add(paths)


async def did_change_folders(
    server: CelerylsServer, params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Folders were added or removed."""
    for removed in params.event.removed:
        server.session.remove_folder(removed.uri)
    for added in params.event.added:
        if added.uri.startswith("file:"):
            server.session.add_folder(added.uri)
    await watching.pull_settings(server)
    await watching.scan(server)
