"""Python source as bytes: PEP 263 encodings, the byte-order mark, and writing back.

A file is read and written with the encoding it declares and with its line endings as they
are, so that a fix changes what it means to change and nothing else.
"""

import codecs
import errno
import io
import os
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 2_000_000
"""Larger Python files are left alone: they are generated, and would hold everything up."""
_BINARY: int = getattr(os, "O_BINARY", 0)
_ANY_WRITE = 0o222
_FIRST_LINES = re.compile(rb"[^\r\n]*(?:(?:\r\n|\r|\n)[^\r\n]*)?")


class UnreadableSource(Exception):
    """The file can't be read as Python source; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Source:
    """Decoded source.  `text` has no byte-order mark; `bom` says whether the file had one."""

    text: str
    encoding: str = "utf-8"
    bom: bool = field(default=False)


def decode(data: bytes) -> Source:
    """Decode as the Python tokenizer would (PEP 263).

    Raises `UnreadableSource` for an unknown encoding or bytes that don't fit it.
    """
    bom = data.startswith(codecs.BOM_UTF8)
    start = len(codecs.BOM_UTF8) if bom else 0
    encoding = _declared_encoding(data, bom)
    try:
        return Source(data[start:].decode(encoding), encoding, bom)
    except UnicodeDecodeError as error:
        raise UnreadableSource(
            f"not valid {encoding} at byte {start + error.start}; "
            "declare its encoding in the first line, or save it as UTF-8"
        ) from error
    except (LookupError, ValueError) as error:
        # Codecs that are no text encoding (`hex`), or that refuse all text (`undefined`).
        raise UnreadableSource(f"can't be read as {encoding}: {error}") from error


def _declared_encoding(data: bytes, bom: bool) -> str:
    # `detect_encoding` knows no `\r`, so it is shown the two lines that count and no more.
    match = _FIRST_LINES.match(data)
    assert match is not None
    if b"coding" not in match[0]:
        return "utf-8"  # nearly all files, and a tenth of the time
    first_lines = b"\n".join(re.split(rb"\r\n|\r|\n", match[0]))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(first_lines).readline)
    except SyntaxError as error:
        if "invalid or missing" in str(error):
            return "utf-8"  # it declares none, and `decode` says which byte is wrong
        if bom:
            raise UnreadableSource(
                "declares an encoding, yet begins with the byte-order mark of UTF-8"
            ) from error
        raise UnreadableSource(str(error)) from error
    return "utf-8" if encoding == "utf-8-sig" else encoding


def encode(source: Source) -> bytes:
    """The bytes of `source`.  Raises `UnreadableSource` if its encoding lacks a character."""
    try:
        data = source.text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise UnreadableSource(
            f"{source.encoding} has no {error.object[error.start : error.end]!r}"
        ) from error
    except (LookupError, ValueError) as error:
        raise UnreadableSource(f"can't be written as {source.encoding}: {error}") from error
    return codecs.BOM_UTF8 + data if source.bom else data


def read_source(path: str | Path) -> Source:
    """Read and decode a file.  Raises `OSError`, or `UnreadableSource` (also when too big)."""
    return decode(read_bytes(path))


def read_bytes(path: str | Path) -> bytes:
    """What is in a file.  Raises `OSError`, or `UnreadableSource` when it is too big."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except ValueError as error:
        raise UnreadableSource(f"not a path: {error}") from error
    if len(data) > MAX_BYTES:
        raise UnreadableSource(f"larger than {MAX_BYTES // 1_000_000} MB")
    return data


def write_source(path: str | Path, source: Source) -> None:
    """Replace a file in one step, keeping its permissions; it is never seen half written.

    A symbolic link stays one: what it points to is replaced.  Raises `OSError`, for a file that
    is read-only too, or `UnreadableSource`; the old content is then still there.
    """
    data = encode(source)
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mode = None
    if mode is not None and not (mode & _ANY_WRITE and os.access(target, os.W_OK)):
        # Its folder would let it be replaced, but somebody has said that it is not to change.
        raise PermissionError(errno.EACCES, "it is read-only; make it writable first", str(path))
    # A short name of its own: one made of the target's could be too long.
    temporary = target.with_name(f".celeryls-{os.urandom(8).hex()}")
    # A new file gets the permissions that the user's umask says; one that replaces another is
    # not for others to read before it has that one's.
    access = 0o666 if mode is None else 0o600
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, access)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink()
        raise
