"""A client that drives the real server over its standard input and output."""

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest_lsp.client as pytest_lsp_client
from lsprotocol import types
from pygls.lsp.client import LanguageClient as BaseClient
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.protocol import LanguageClientProtocol

from tests.lsp.buffers import Buffer, Buffers, edited, offset_at, position_at, range_of

CLIENTS = {
    "visual_studio_code": "utf-16",
    "neovim@v0.11.0": "utf-8",
    "emacs": "utf-32",
}
"""The clients of the tests, with the encoding that each prefers."""
TIMEOUT = 15.0


async def until(condition: Callable[[], Any], what: str = "") -> Any:
    """Wait for something to become true, and give it back."""
    deadline = time.monotonic() + TIMEOUT
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what or 'something'}"
        await asyncio.sleep(0.01)
    return value


class Protocol(LanguageClientProtocol):
    """pytest-lsp's protocol, which takes an action with a command for a bare command."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        if self._result_types.get(data.get("id")) is types.CodeActionResponse:
            actions = data.get("result")
            self._result_types.pop(data["id"])
            message = super().structure_message(data)
            if "result" in data:
                message.result = [
                    self._converter.structure(action, types.CodeAction) for action in actions or ()
                ]
            return message
        return super().structure_message(data)


class RecordingClient(LanguageClient):
    """pytest-lsp's client, with its standard error, publications and edits kept."""

    def __init__(self) -> None:
        super().__init__(protocol_cls=Protocol, converter_factory=default_converter)
        self.published: list[types.PublishDiagnosticsParams] = []
        self.registered: list[types.Registration] = []
        self.applied: list[types.ApplyWorkspaceEditParams] = []
        self.refreshed: list[str] = []
        """What the server asked the client to ask for again."""
        self.errors = b""
        self.settings_take = 0.0
        """Seconds until the client answers which settings there are."""
        self.on_apply: Callable[[types.WorkspaceEdit], None] = lambda edit: None

    async def start_io(self, cmd: str, *args: Any, **kwargs: Any) -> None:
        await BaseClient.start_io(self, cmd, *args, **kwargs)
        self._stderr_forwarder = asyncio.create_task(self._keep_errors())

    async def _keep_errors(self) -> None:
        assert self._server and self._server.stderr
        while chunk := await self._server.stderr.read(4096):
            self.errors += chunk


def make_client() -> RecordingClient:
    client = RecordingClient()
    features = dict(pytest_lsp_client.DEFAULT_CLIENT_FEATURES)

    def publish(client: RecordingClient, params: types.PublishDiagnosticsParams) -> None:
        client.published.append(params)

    def register(client: RecordingClient, params: types.RegistrationParams) -> None:
        client.registered += params.registrations

    def apply(
        client: RecordingClient, params: types.ApplyWorkspaceEditParams
    ) -> types.ApplyWorkspaceEditResult:
        client.on_apply(params.edit)
        client.applied.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)

    features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = publish
    features[types.CLIENT_REGISTER_CAPABILITY] = register

    settings_of = features[types.WORKSPACE_CONFIGURATION]

    async def settings(client: RecordingClient, params: types.ConfigurationParams) -> Any:
        await asyncio.sleep(client.settings_take)
        return settings_of(client, params)

    features[types.WORKSPACE_CONFIGURATION] = settings

    def refresh_lenses(client: RecordingClient, params: None) -> None:
        client.refreshed.append("code lenses")

    def refresh_hints(client: RecordingClient, params: None) -> None:
        client.refreshed.append("inlay hints")

    features[types.WORKSPACE_APPLY_EDIT] = apply
    features[types.WORKSPACE_CODE_LENS_REFRESH] = refresh_lenses
    features[types.WORKSPACE_INLAY_HINT_REFRESH] = refresh_hints
    pytest_lsp_client.register_lsp_features(client, features)
    return client


class Editor:
    """An editor with one server."""

    def __init__(self, client: RecordingClient, capabilities: types.ClientCapabilities) -> None:
        self.client = client
        self.capabilities = capabilities
        self.buffers = Buffers("utf-16")
        client.on_apply = self.apply_edit

    async def connect(self, folders: list[Path], options: Any = None) -> types.InitializeResult:
        result = await self.client.initialize_session(
            types.InitializeParams(
                capabilities=self.capabilities,
                workspace_folders=[
                    types.WorkspaceFolder(uri=folder.as_uri(), name="") for folder in folders
                ]
                or None,
                initialization_options=options,
            )
        )
        self.buffers.encoding = str(result.capabilities.position_encoding or "utf-16")
        return result

    # --- documents --------------------------------------------------------------------

    def open(self, where: Path | str, text: str | None = None, language: str = "python") -> str:
        """Open a document: a file on disk, or whatever a URI names."""
        uri = where.as_uri() if isinstance(where, Path) else where
        if text is None:
            assert isinstance(where, Path)
            text = where.read_bytes().decode()
        self.buffers.open[uri] = Buffer(text)
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def text(self, uri: str) -> str:
        return self.buffers.open[uri].text

    def version(self, uri: str) -> int:
        return self.buffers.open[uri].version

    def replace(self, uri: str, old: str, new: str) -> None:
        """Replace the only place where `old` is, incrementally."""
        buffer = self.buffers.open[uri]
        where = range_of(buffer.text, old, self.buffers.encoding)
        buffer.text = buffer.text.replace(old, new)
        self._changed(uri, types.TextDocumentContentChangePartial(where, new))

    def insert(self, uri: str, offset: int, new: str) -> None:
        buffer = self.buffers.open[uri]
        at = position_at(buffer.text, offset, self.buffers.encoding)
        buffer.text = buffer.text[:offset] + new + buffer.text[offset:]
        self._changed(uri, types.TextDocumentContentChangePartial(types.Range(at, at), new))

    def _changed(self, uri: str, change: types.TextDocumentContentChangeEvent) -> None:
        buffer = self.buffers.open[uri]
        buffer.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version=buffer.version, uri=uri), [change]
            )
        )

    def close(self, uri: str) -> None:
        del self.buffers.open[uri]
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    # --- diagnostics ------------------------------------------------------------------

    def last(self, uri: str) -> types.PublishDiagnosticsParams | None:
        said = [item for item in self.client.published if item.uri == uri]
        return said[-1] if said else None

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """What is said about a document at its present version."""

        def current() -> types.PublishDiagnosticsParams | None:
            last = self.last(uri)
            return last if last is not None and last.version == self.version(uri) else None

        last = await until(current, f"diagnostics of {uri} at {self.version(uri)}")
        return list(last.diagnostics)

    async def codes(self, uri: str) -> list[str]:
        return [str(item.code) for item in await self.diagnostics(uri)]

    async def becomes(self, uri: str, *codes: str) -> None:
        """Wait until these are the findings of a document, in the order of its lines."""

        def said() -> bool:
            last = self.last(uri)
            return last is not None and [str(d.code) for d in last.diagnostics] == list(codes)

        await until(said, f"{codes} for {uri}; last: {self.last(uri)}")

    def underlined(self, uri: str, item: types.Diagnostic) -> str:
        return self.under(uri, item.range)

    def under(self, uri: str, place: types.Range) -> str:
        """The text of an open document in a range."""
        text, encoding = self.text(uri), self.buffers.encoding
        start = offset_at(text, place.start, encoding)
        return text[start : offset_at(text, place.end, encoding)]

    # --- actions ----------------------------------------------------------------------

    async def actions(
        self, uri: str, needle: str = "", *, only: str | None = None, invoked: bool = False
    ) -> list[types.CodeAction]:
        """The actions at the start of `needle`, or at the end of the document."""
        text, encoding = self.text(uri), self.buffers.encoding
        at = position_at(text, text.index(needle) if needle else len(text), encoding)
        trigger = types.CodeActionTriggerKind
        context = types.CodeActionContext(
            diagnostics=[],
            only=[only] if only else None,  # type: ignore[list-item]  # kinds are open
            trigger_kind=trigger.Invoked if invoked else trigger.Automatic,
        )
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(at, at), context)
        )
        return [item for item in found or () if isinstance(item, types.CodeAction)]

    async def take(self, action: types.CodeAction) -> None:
        """Do what choosing an action does: resolve it where that is needed, and apply it."""
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        assert action.edit is not None
        self.apply_edit(action.edit)

    def apply_edit(self, edit: types.WorkspaceEdit) -> None:
        for uri in self.buffers.apply(edit):
            self.client.text_document_did_change(
                types.DidChangeTextDocumentParams(
                    types.VersionedTextDocumentIdentifier(version=self.version(uri), uri=uri),
                    [types.TextDocumentContentChangeWholeDocument(self.text(uri))],
                )
            )

    # --- lenses and hints -------------------------------------------------------------

    async def lenses(self, uri: str) -> list[tuple[str, types.CodeLens]]:
        """The lenses of a document, resolved where that is needed, each with what it is above."""
        found = await self.client.text_document_code_lens_async(
            types.CodeLensParams(types.TextDocumentIdentifier(uri))
        )
        lenses = []
        for lens in found or ():
            resolved = lens if lens.command else await self.client.code_lens_resolve_async(lens)
            lenses.append((self.under(uri, resolved.range), resolved))
        return lenses

    async def titles(self, uri: str) -> list[str]:
        """What the lenses of a document say."""
        return [lens.command.title for _, lens in await self.lenses(uri) if lens.command]

    async def hints(self, uri: str) -> list[types.InlayHint]:
        """The hints of a whole document."""
        text, encoding = self.text(uri), self.buffers.encoding
        place = types.Range(types.Position(0, 0), position_at(text, len(text), encoding))
        found = await self.client.text_document_inlay_hint_async(
            types.InlayHintParams(types.TextDocumentIdentifier(uri), place)
        )
        return list(found or ())

    async def with_hints(self, uri: str) -> str:
        """A document as a person sees it with hints, each between « and »."""
        text = self.text(uri)
        for hint in reversed(await self.hints(uri)):
            at = offset_at(text, hint.position, self.buffers.encoding)
            text = f"{text[:at]}«{hint.label}»{text[at:]}"
        return text

    # --- completion -------------------------------------------------------------------

    async def completions(self, uri: str, offset: int) -> dict[str, types.CompletionItem]:
        at = position_at(self.text(uri), offset, self.buffers.encoding)
        found = await self.client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(uri), at)
        )
        items = found.items if isinstance(found, types.CompletionList) else found or ()
        return {item.label: item for item in items}

    def completed(self, uri: str, item: types.CompletionItem) -> str:
        """The text of a document after a completion."""
        assert isinstance(item.text_edit, types.TextEdit)
        edits = [item.text_edit, *(item.additional_text_edits or ())]
        return edited(self.text(uri), edits, self.buffers.encoding)


async def start(
    capabilities: str | types.ClientCapabilities = "visual_studio_code",
    *folders: Path,
    options: Any = None,
    settings: Any = None,
    settings_take: float = 0.0,
    server: tuple[str, ...] = ("-m", "celeryls", "server"),
) -> Editor:
    """A server in a process of its own, initialized; `server` is what Python is told to run."""
    client = make_client()
    client.settings_take = settings_take
    await client.start_io(sys.executable, *server)
    if settings is not None:
        client.set_configuration(settings, section="celeryls")
    if isinstance(capabilities, str):
        capabilities = client_capabilities(capabilities)
    editor = Editor(client, capabilities)
    await editor.connect(list(folders), options)
    return editor


async def stop(editor: Editor) -> str:
    """End a session as an editor does; what the server wrote to its standard error."""
    client = editor.client
    await client.shutdown_session()
    assert client._server is not None
    assert client._server.returncode == 0
    assert client._stderr_forwarder is not None
    await client._stderr_forwarder
    await client.stop()
    return client.errors.decode()
