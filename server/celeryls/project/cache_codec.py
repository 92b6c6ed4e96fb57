"""Facts as bytes and back.  What is read from disk can make values of ours and nothing else."""

import hashlib
import io
import os
import pickle
import sys
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from celeryls.facts import FileFacts

_LAYERS = ("text", "syntax", "facts")
"""The layers that facts are made by, and made of."""
_PREFIXES = tuple(f"celeryls.{layer}." for layer in _LAYERS)
_BEGAN = time.time() - 2
"""What was changed since then may not be what is running: the imports took a moment, too."""


def to_bytes(facts: FileFacts) -> bytes:
    """Raises some exception for facts that can't be written."""
    out = io.BytesIO()
    _Pickler(out, 5).dump(facts)
    return out.getvalue()


def from_bytes(data: bytes | memoryview) -> FileFacts:
    """Raises some exception for bytes that are not facts."""
    facts = _Unpickler(io.BytesIO(data)).load()
    if not isinstance(facts, FileFacts):
        raise pickle.UnpicklingError(f"{type(facts)} instead of facts")
    return facts


@cache
def stamp() -> bytes | None:
    """32 bytes that are others as soon as the same text could have other facts.

    They stand for the code of the layers below `project` and for the Python that runs it.
    `None` if they can't be told: the code is not in files, or changed after it was imported.
    """
    root = Path(__file__).parent.parent
    found = hashlib.sha256(f"{sys.version} {sys.implementation.cache_tag}".encode())
    try:
        for layer in _LAYERS:
            sources = list(_sources(root / layer))
            if not sources:
                return None
            for path in sources:
                status = os.stat(path)
                # The second is for installers that link files from elsewhere.
                if max(status.st_mtime, status.st_ctime) > _BEGAN:
                    return None
                with open(path, "rb") as file:
                    data = file.read()
                found.update(f"{os.path.relpath(path, root)}\0{len(data)}\0".encode())
                found.update(data)
    except OSError:
        return None
    return found.digest()


def _sources(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        if entry.is_dir():
            yield from _sources(Path(entry.path))
        elif entry.name.endswith(".py"):
            yield entry.path


class _Pickler(pickle.Pickler):
    """Writes a value of ours as its class and what the class is called with.

    Without it a frozen dataclass is restored a field at a time in Python: half as long again.
    """

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if issubclass(kind, Enum):
            return kind, (value.value,)
        if is_dataclass(kind):
            return kind, tuple([getattr(value, name) for name in _field_names(kind)])
        return NotImplemented


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


class _Unpickler(pickle.Unpickler):
    """Knows only the classes that facts are made of: a pickle may else call anything."""

    def find_class(self, module: str, name: str, /) -> Any:
        return _admitted(module, name)


@cache
def _admitted(module: str, name: str) -> Any:
    if (module, name) == ("builtins", "complex"):
        return complex
    kind = getattr(sys.modules.get(module), name, None) if module.startswith(_PREFIXES) else None
    if not _is_plain(kind) or kind.__module__ != module:
        raise pickle.UnpicklingError(f"{module}.{name} is no part of facts")
    return kind


def _is_plain(kind: Any) -> bool:
    """Whether calling it makes a value and does nothing else."""
    return isinstance(kind, type) and (
        is_dataclass(kind)
        or issubclass(kind, Enum)
        or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
    )
