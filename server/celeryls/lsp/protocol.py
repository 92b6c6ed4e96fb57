"""pygls' protocol, with our own documents and two extensions of LSP.

pygls keeps documents of its own, splits their lines where LSP does not, and reads closed ones
as strict UTF-8; ours (`session.py`) replace them.
"""

import asyncio
import logging
from collections.abc import Generator
from typing import Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import (
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    lsp_method,
)

COMMAND_RESOLVE = "command/resolve"
PLAN = "celeryls/plan"
VIEW = "celeryls/view"
GRAPH = "celeryls/graph"
CHANGED = "celeryls/changed"
_OWN_REQUESTS = (COMMAND_RESOLVE, PLAN, VIEW, GRAPH)
CONTENT_MODIFIED = -32801


class ContentModified(JsonRpcException):
    """The document changed while the answer was being computed; the client asks again."""

    CODE = CONTENT_MODIFIED
    MESSAGE = "content modified"


class RequestRefused(JsonRpcException):
    """What was asked for can't be done; the message says why."""

    CODE = -32803  # LSP's RequestFailed
    MESSAGE = "request failed"


class QuietRefusals(logging.Filter):
    """Keeps answers that are no errors of ours out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        raised = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return not isinstance(raised, ContentModified | RequestRefused)


class CelerylsProtocol(LanguageServerProtocol):
    """The protocol as celeryls speaks it."""

    _greeted = False
    """Whether `initialize` has come."""

    def handle_message(self, message: Any) -> None:
        """Refuse what comes before `initialize` or after `shutdown`, as LSP asks for.

        pygls answers the one and leaves the other without an answer.
        """
        method = getattr(message, "method", None)
        self._greeted = self._greeted or method == types.INITIALIZE
        if method is None or method == types.EXIT or (self._greeted and not self._shutdown):
            super().handle_message(message)
        elif hasattr(message, "id"):
            error = JsonRpcInvalidRequest if self._greeted else JsonRpcServerNotInitialized
            self._send_response(message.id, error=error().to_response_error())

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Keep what `lsprotocol` has no place for: the answers of a form."""
        method = data.get("method")
        if "jsonrpc" in data and method in _OWN_REQUESTS and "id" in data:
            return JsonRPCRequestMessage(data["id"], method, data["jsonrpc"], data.get("params"))
        if "jsonrpc" in data and method == types.WORKSPACE_EXECUTE_COMMAND:
            params = data.get("params") or {}
            answers = params.pop("formAnswers", None)
            params.pop("formFields", None)
            if answers is not None:
                params["arguments"] = [*(params.get("arguments") or []), {"formAnswers": answers}]
        return super().structure_message(data)

    def _serialize_message(self, data: Any) -> Any:
        """Leave plain answers to `json`: pygls would copy each value of a whole workspace first.

        What is not plain in them comes here again.
        """
        if isinstance(data, JsonRPCResponseMessage) and isinstance(data.result, dict):
            return {"id": data.id, "jsonrpc": data.jsonrpc, "result": data.result}
        return super()._serialize_message(data)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Announce the form protocol (docs/lsp-extensions.md)."""
        result = yield from super().lsp_initialize(params)
        result.capabilities.experimental = {"interactiveResolveProvider": {"kinds": ["command"]}}
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Generator[Any, Any, None]:
        """End; over TCP by closing, since asyncio reports `sys.exit` in a connection."""
        if isinstance(self.writer, asyncio.StreamWriter):
            self._server.shutdown()  # type: ignore[no-untyped-call]
            self.writer.close()
        else:
            yield from super().lsp_exit(*args)

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Leave the document to our handler."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Leave the document to our handler."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Leave the document to our handler."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None
