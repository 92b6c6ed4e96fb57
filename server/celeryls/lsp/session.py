"""What the server knows of one client: its documents, folders and settings."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types

from celeryls.config import Loaded, load
from celeryls.engine import Selection
from celeryls.lsp.uris import is_file, path_of
from celeryls.project import Project, Workspace
from celeryls.text import Encoding, LineIndex, Position
from celeryls.text.document import apply_change

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """An open document at one version."""

    path: str
    text: str
    version: int


class Folder:
    """A workspace folder, or what stands in for one around a single file."""

    def __init__(self, path: Path | None, near: Path, settings: Mapping[str, Any]) -> None:
        self.path = path
        self._near = near
        self.workspace = Workspace(path, load(near, settings))
        self.selection: Selection | None = None
        self.scanned = threading.Event()
        self._lock = threading.Lock()

    def configure(self, settings: Mapping[str, Any]) -> Loaded:
        """Read the configuration again."""
        loaded = load(self._near, settings)
        before = self.workspace.loaded
        if loaded != before:
            self.workspace.configure(loaded)
            self.selection = None
            if loaded.config.exclude != before.config.exclude:
                self.scan()
        return loaded

    def scan(self, token: object = None) -> None:
        """Read the folder's files; blocks, so it runs in a thread.

        It goes on even if nobody waits for it (`token`): the next question needs it too.
        """
        with self._lock:
            try:
                self.workspace.scan()
            finally:
                self.scanned.set()

    def rules(self) -> Selection:
        """The rules that run here."""
        if self.selection is None:
            self.selection = Selection(self.workspace.loaded.config)
        return self.selection


class Session:
    """The state behind the handlers.  Changed on the event loop only."""

    def __init__(self) -> None:
        self.encoding = Encoding.UTF16
        self.capabilities = types.ClientCapabilities()
        self.settings: Mapping[str, Any] = {}
        self.documents: dict[str, Document] = {}
        self.folders: dict[str, Folder] = {}
        self._single: dict[str, Folder] = {}

    # --- documents --------------------------------------------------------------------

    def open(self, item: types.TextDocumentItem) -> Document:
        document = Document(path_of(item.uri), item.text, item.version)
        return self._put(document)

    def change(self, params: types.DidChangeTextDocumentParams) -> Document | None:
        """Apply changes; `None` for a document that was never opened."""
        path = path_of(params.text_document.uri)
        document = self.documents.get(path)
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
        return self._put(Document(path, text, params.text_document.version))

    def close(self, uri: str) -> str:
        path = path_of(uri)
        self.documents.pop(path, None)
        self.folder_of(path).workspace.close(path)
        self._single.pop(path, None)
        return path

    def _put(self, document: Document) -> Document:
        self.documents[document.path] = document
        self.folder_of(document.path).workspace.open(document.path, document.text)
        return document

    def lines(self, path: str) -> LineIndex:
        return LineIndex(self.documents[path].text)

    # --- folders ----------------------------------------------------------------------

    def add_folder(self, uri: str) -> Folder:
        path = path_of(uri)
        folder = Folder(Path(path), Path(path), self.settings)
        self.folders[path] = folder
        for document in self.documents.values():
            if self.folder_of(document.path) is folder:
                folder.workspace.open(document.path, document.text)
        return folder

    def remove_folder(self, uri: str) -> None:
        self.folders.pop(path_of(uri), None)
        for document in self.documents.values():
            self.folder_of(document.path).workspace.open(document.path, document.text)

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
            folder = Folder(None, near, self.settings)
            folder.scanned.set()
            self._single[path] = folder
        return self._single[path]

    def all_folders(self) -> list[Folder]:
        return [*self.folders.values(), *self._single.values()]

    def project(self, path: str) -> Project:
        return self.folder_of(path).workspace.snapshot()

    # --- for edits --------------------------------------------------------------------

    def version_of(self, path: str) -> int | None:
        document = self.documents.get(path)
        return document.version if document is not None else None
