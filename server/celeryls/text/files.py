"""Python source as bytes: PEP 263 encodings, the byte-order mark, and writing back.

A file is read and written with the encoding it declares and with its line endings as they
are, so that a fix changes what it means to change and nothing else.
"""

import codecs
import io
import os
import tempfile
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 2_000_000
"""Larger Python files are left alone: they are generated, and would hold everything up."""


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
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding == "utf-8-sig":
            encoding = "utf-8"
        return Source(data[3 if bom else 0 :].decode(encoding), encoding, bom)
    except (SyntaxError, LookupError) as error:
        raise UnreadableSource(f"unknown encoding: {error}") from error
    except UnicodeDecodeError as error:
        raise UnreadableSource(
            f"not valid {error.encoding} at byte {error.start}; "
            "declare its encoding in the first line, or save it as UTF-8"
        ) from error


def encode(source: Source) -> bytes:
    """The bytes of `source`.  Raises `UnreadableSource` if its encoding lacks a character."""
    try:
        data = source.text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise UnreadableSource(
            f"{source.encoding} has no {error.object[error.start : error.end]!r}"
        ) from error
    return codecs.BOM_UTF8 + data if source.bom else data


def read_source(path: str | Path) -> Source:
    """Read and decode a file.  Raises `OSError`, or `UnreadableSource` (also when too big)."""
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableSource(f"larger than {MAX_BYTES // 1_000_000} MB")
    return decode(data)


def write_source(path: str | Path, source: Source) -> None:
    """Replace a file in one step, keeping its permissions; it is never seen half written.

    Raises `OSError` or `UnreadableSource`; the old content is then still there.
    """
    data = encode(source)
    target = Path(path).resolve()
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if target.exists():
            os.chmod(temporary, target.stat().st_mode & 0o7777)
        else:
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
