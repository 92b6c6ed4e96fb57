"""What the server knows of one client: its documents, folders and settings."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from celeryls.lsp.convert import to_diagnostic
from celeryls.lsp.folder import Folder
from celeryls.lsp.uris import is_file, is_view, path_of, uri_of
from celeryls.text import Encoding, LineIndex, Position, lines_of
from celeryls.text.document import apply_change

if TYPE_CHECKING:
    from celeryls.engine import Diagnostic
    from celeryls.project import Project

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """An open document at one version."""

    path: str
    uri: str
    """As the client spells it."""
    text: str
    version: int


class Session:
    """The state behind the handlers.  Changed on the event loop only."""

    def __init__(self) -> None:
        self.encoding = Encoding.UTF16
        self.capabilities = types.ClientCapabilities()
        self.settings: Mapping[str, Any] = {}
        self.settings_of: dict[str, Mapping[str, Any]] = {}
        """By folder, for a client that can say them for each."""
        self.settings_asked = 0
        """How often the client was asked for them: an answer may be late."""
        self.trusted = False
        """Whether the client says that its user trusts what is in the workspace."""
        self.notify_changes = False
        """Whether the client wants to hear that its views are out of date."""
        self.client_commands: frozenset[str] = frozenset()
        """The commands that the client says it executes by itself."""
        self.documents: dict[str, Document] = {}
        self.beside: dict[str, Document] = {}
        """What is open and is no Python: `pyproject.toml` and other files that may be edited."""
        self.folders: dict[str, Folder] = {}
        self.announced: list[str] = []
        """The folders of `initialize`, which are read once it is answered."""
        self._single: dict[str, Folder] = {}

    # --- documents --------------------------------------------------------------------

    def open(self, item: types.TextDocumentItem) -> Document | None:
        """Take a buffer in; `None` for one that is not looked at.

        That is an old version that an editor shows beside the file, and what is no Python.
        """
        if is_view(item.uri):
            return None
        document = Document(path_of(item.uri), item.uri, item.text, item.version)
        if item.language_id != "python" and not document.path.endswith(".py"):
            self.beside[document.path] = document
            return None
        return self._put(document)

    def change(self, params: types.DidChangeTextDocumentParams) -> Document | None:
        """Apply changes; `None` for a document that was never opened, and what is no Python."""
        path = path_of(params.text_document.uri)
        document = self.documents.get(path) or self.beside.get(path)
        if document is None:
            logger.warning("change of a document that is not open: %s", path)
            return None
        text = document.text
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangeWholeDocument):
                text = change.text
            else:
                start, end = change.range.start, change.range.end
                text = apply_change(
                    text,
                    Position(start.line, start.character),
                    Position(end.line, end.character),
                    change.text,
                    self.encoding,
                )
        changed = Document(path, document.uri, text, params.text_document.version)
        if path in self.beside:
            self.beside[path] = changed
            return None
        return self._put(changed)

    def close(self, path: str) -> Document:
        document = self.documents.pop(path)
        self.folder_of(path).workspace.close(path)
        self._single.pop(path, None)
        return document

    def _put(self, document: Document) -> Document:
        self.documents[document.path] = document
        self.folder_of(document.path).workspace.open(document.path, document.text)
        return document

    def lines(self, path: str) -> LineIndex:
        return lines_of(self.documents[path].text)

    def diagnostics(
        self, project: "Project", lines: LineIndex, found: "Iterable[Diagnostic]"
    ) -> list[types.Diagnostic]:
        """Findings as this client shows them; `lines` are those of their document."""
        return [
            to_diagnostic(
                lines,
                item,
                uri_of=self.uri_of,
                text_of=project.text,
                encoding=self.encoding,
                capabilities=self.capabilities,
            )
            for item in found
        ]

    # --- folders ----------------------------------------------------------------------

    def add_folder(self, uri: str) -> Folder:
        path = path_of(uri)
        settings = self.settings_of.get(path, self.settings)
        folder = Folder(Path(path), Path(path), settings, trusted=self.trusted)
        homes = {path: self.folder_of(path) for path in self.documents}
        self.folders[path] = folder
        self._rehome(homes)
        return folder

    def remove_folder(self, uri: str) -> None:
        homes = {path: self.folder_of(path) for path in self.documents}
        folder = self.folders.pop(path_of(uri), None)
        self._rehome(homes)
        if folder is not None:
            folder.stop()
            folder.scanned.set()  # so that nobody waits for it

    def _rehome(self, homes: Mapping[str, Folder]) -> None:
        """Move open documents from the folders they were in to those they are in now."""
        for path, before in homes.items():
            after = self.folder_of(path)
            if after is not before:
                before.workspace.close(path)
                after.workspace.open(path, self.documents[path].text)
        self._single = {
            path: folder for path, folder in self._single.items() if self.folder_of(path) is folder
        }

    def folder_of(self, path: str) -> Folder:
        """The innermost workspace folder around a document, or one made for it alone."""
        around = [
            folder
            for root, folder in self.folders.items()
            if is_file(path) and Path(path).is_relative_to(root)
        ]
        if around:
            return max(around, key=lambda folder: len(str(folder.path)))
        if path not in self._single:
            near = Path(path).parent if is_file(path) else Path.cwd()
            if not is_file(path) and len(self.folders) == 1:
                # An unsaved document belongs to the folder that is open.
                return next(iter(self.folders.values()))
            folder = Folder(None, near, self.settings, trusted=self.trusted)
            folder.scanned.set()
            if path not in self.documents:
                return folder  # nobody would ever close it
            self._single[path] = folder
        return self._single[path]

    async def ready(self, path: str) -> Folder:
        """The folder of a document, once its files and its settings were read."""
        folder = self.folder_of(path)
        while not folder.scanned.is_set():
            await folder.scanned.wait()
            folder = self.folder_of(path)
        return folder

    def all_folders(self) -> list[Folder]:
        return [*self.folders.values(), *self._single.values()]

    def project(self, path: str) -> "Project":
        return self.folder_of(path).workspace.snapshot()

    # --- for edits --------------------------------------------------------------------

    def version_of(self, path: str) -> int | None:
        document = self.documents.get(path) or self.beside.get(path)
        return document.version if document is not None else None

    def uri_of(self, path: str) -> str:
        document = self.documents.get(path) or self.beside.get(path)
        return document.uri if document is not None else uri_of(path)
