"""What the server knows of one client: its documents, folders and settings."""

import asyncio
import gc
import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from celeryls.lsp.uris import is_file, is_view, path_of, uri_of
from celeryls.text import Encoding, LineIndex, Position
from celeryls.text.document import apply_change

if TYPE_CHECKING:
    from celeryls.config import Loaded
    from celeryls.engine import Selection
    from celeryls.project import Project
    from celeryls.project.workspace import Progress

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """An open document at one version."""

    path: str
    uri: str
    """As the client spells it."""
    text: str
    version: int


class Folder:
    """A workspace folder, or what stands in for one around a single file."""

    def __init__(self, path: Path | None, near: Path, settings: Mapping[str, Any]) -> None:
        # Imported only once `initialize` is answered, which must be quick.
        from celeryls.config import load
        from celeryls.project import Workspace
        from celeryls.project.cache import cache_for

        self.path = path
        self.near = near
        cache = cache_for(path) if path is not None else None
        self.workspace = Workspace(path, load(near, settings), cache)
        self.selection: Selection | None = None
        self.scanned = asyncio.Event()
        self._lock = threading.Lock()

    def configure(self, settings: Mapping[str, Any]) -> "Loaded":
        """Read the configuration again.  Clears `scanned` if the files must be, too."""
        from celeryls.config import load

        loaded = load(self.near, settings)
        before = self.workspace.loaded
        if loaded != before:
            self.workspace.configure(loaded)
            self.selection = None
            if self.path is not None and loaded.config.exclude != before.config.exclude:
                self.scanned.clear()
        return loaded

    def scan(self, token: object = None, on_progress: "Progress | None" = None) -> None:
        """Read the folder's files; blocks, so it runs in a thread.

        It goes on even if nobody waits for it (`token`): the next question needs it too.
        """
        with self._lock:
            self.workspace.scan(on_progress=on_progress)
        # What was read stays: looking through it for garbage would stop somebody's typing.
        gc.collect()
        gc.freeze()

    def refresh(self, paths: list[str], token: object = None) -> None:
        """Read files again that were changed, made or removed; blocks."""
        if self.path is None:
            return
        with self._lock:
            inside = [path for path in paths if Path(path).is_relative_to(self.path)]
            there = {path for path in inside if Path(path).exists()}
            known = [path for path in inside if self.workspace.knows(path)]
            new = [path for path in inside if path in there and path not in known]
            if new:
                # Which of them belong to the folder only a look at it tells.
                mine = set(self.python_files())
                new = [path for path in new if path in mine]
            for path in known:
                if path in there:
                    self.workspace.refresh(path)
            gone = [path for path in known if path not in there]
            if new or gone:
                self.workspace.scan([*new, *gone])

    def python_files(self) -> "Iterator[str]":
        """The Python files of the folder, as it is now."""
        from celeryls.project.walk import is_home_or_root, python_files

        if self.path is not None and not is_home_or_root(self.path):
            loaded = self.workspace.loaded
            yield from python_files(self.path, loaded.config.exclude, loaded.root)

    def rules(self) -> "Selection":
        """The rules that run here."""
        from celeryls.engine import Selection

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
        self.announced: list[str] = []
        """The folders of `initialize`, which are read once it is answered."""
        self._single: dict[str, Folder] = {}

    # --- documents --------------------------------------------------------------------

    def open(self, item: types.TextDocumentItem) -> Document | None:
        """Take a buffer in; `None` for an old version that an editor shows beside the file."""
        if is_view(item.uri):
            return None
        return self._put(Document(path_of(item.uri), item.uri, item.text, item.version))

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
        return self._put(Document(path, document.uri, text, params.text_document.version))

    def close(self, uri: str) -> Document | None:
        document = self.documents.pop(path_of(uri), None)
        if document is not None:
            self.folder_of(document.path).workspace.close(document.path)
            self._single.pop(document.path, None)
        return document

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
        homes = {path: self.folder_of(path) for path in self.documents}
        self.folders[path] = folder
        self._rehome(homes)
        return folder

    def remove_folder(self, uri: str) -> None:
        homes = {path: self.folder_of(path) for path in self.documents}
        self.folders.pop(path_of(uri), None)
        self._rehome(homes)

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
            folder = Folder(None, near, self.settings)
            folder.scanned.set()
            self._single[path] = folder
        return self._single[path]

    def all_folders(self) -> list[Folder]:
        return [*self.folders.values(), *self._single.values()]

    def project(self, path: str) -> "Project":
        return self.folder_of(path).workspace.snapshot()

    # --- for edits --------------------------------------------------------------------

    def version_of(self, path: str) -> int | None:
        document = self.documents.get(path)
        return document.version if document is not None else None

    def uri_of(self, path: str) -> str:
        document = self.documents.get(path)
        return document.uri if document is not None else uri_of(path)
