"""What was found in files before, on disk, by their content.

One file a workspace folder.  Nothing in it is needed: in any doubt it is as if it were not
there.  docs/adr/0007-cache.md says why it is built like this.
"""

import contextlib
import hashlib
import os
import stat
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from celeryls.facts import FileFacts
from celeryls.project import cache_codec as codec
from celeryls.project.walk import is_home_or_root

BUDGET = 64_000_000
"""Bytes, for all workspaces together; those that were not used for longest go first."""
VARIABLE = "CELERYLS_CACHE_DIR"
_FOLDER = "facts"
_SUFFIX = ".facts"
_ABANDONED = 3600
"""Seconds after which a file that somebody was writing is taken for a dead process's."""
_MAGIC = b"celeryls facts 1"
_HEAD = struct.Struct("<16s32s32s")
"""Magic, stamp, checksum of the rest: how many records, and these."""
_COUNT = struct.Struct("<I")
RECORD = struct.Struct("<32sBI")
"""Content's hash, flags, length of what belongs to it; all records, then all that belongs."""
TRACED, FACTS, UNREADABLE = 1, 2, 4
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file with some content.

    `traced` says that it has traces of Celery.  Facts are there if they were ever asked for.
    """

    flags: int
    data: bytes | memoryview = b""

    @property
    def traced(self) -> bool:
        return bool(self.flags & TRACED)

    @property
    def unreadable(self) -> str | None:
        """Why it can't be read, for a person."""
        return str(self.data, "utf-8", "replace") if self.flags & UNREADABLE else None

    def facts(self) -> FileFacts | None:
        if not self.flags & FACTS:
            return None
        try:
            return codec.from_bytes(self.data)
        except Exception:  # whatever a damaged pickle leads to
            return None


class Cache:
    """The cache of one workspace folder.  Never raises; methods may be called from any thread.

    Without a `path` it keeps nothing.  Files of the same content are one.
    """

    def __init__(self, path: Path | None = None, stamp: bytes | None = None) -> None:
        self._path = path if stamp is not None else None
        self._stamp = stamp or b""
        self._lock = threading.Lock()
        self._stored: Mapping[bytes, Known] | None = None
        """What is known and was not asked for yet; `None` until something is."""
        self._on_disk: Mapping[bytes, Known] = {}
        self._used: dict[bytes, Known] = {}

    def key(self, data: bytes) -> bytes:
        """What to ask for by, given what is in the file."""
        return hashlib.sha256(data).digest() if self._path is not None else b""

    def get(self, key: bytes) -> Known | None:
        if self._path is None:
            return None
        known = self._used.get(key)
        if known is None:
            with self._lock:
                if self._stored is None:
                    self._stored = self._on_disk = _read(self._path, self._stamp)
            known = self._stored.get(key)
            if known is not None:
                self._used[key] = known
        return known

    def put(self, key: bytes, known: Known) -> None:
        if self._path is not None:
            self._used[key] = known

    def put_facts(self, key: bytes, facts: FileFacts, *, traced: bool) -> None:
        if self._path is None:
            return
        try:
            self._used[key] = Known(FACTS | (TRACED if traced else 0), codec.to_bytes(facts))
        except Exception:  # kept out, and made again next time
            self._used.pop(key, None)

    def begin(self) -> None:
        """All files are about to be read: what is not used from here on is dropped by `save`."""
        with self._lock:
            self._stored = {**(self._stored or {}), **self._used} if self._used else self._stored
            self._used = {}

    def save(self) -> None:
        """Write down what was used, if that is not what is there already."""
        with self._lock:
            used = dict(self._used)
            if self._path is None or used == self._on_disk:
                return
            self._stored = self._on_disk = used
            _write(self._path, self._stamp, used)


def cache_for(folder: Path) -> Cache:
    """The cache of a workspace folder; one that keeps nothing if there is no place for it."""
    base = cache_folder()
    if base is None or is_home_or_root(folder):
        return Cache()
    stamp = codec.stamp()
    name = hashlib.sha256(b"%s\0%s" % (os.fsencode(folder.absolute()), stamp or b"")).hexdigest()
    return Cache(base / _FOLDER / f"{name[:40]}{_SUFFIX}", stamp)


def cache_folder() -> Path | None:
    """`CELERYLS_CACHE_DIR`, else a folder of ours where the platform has its users' caches."""
    given = os.environ.get(VARIABLE)
    try:
        if given:
            return Path(given).absolute()
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            base = Path(local) if local else Path.home() / "AppData/Local"
        elif sys.platform == "darwin":
            base = Path.home() / "Library/Caches"
        else:
            # As the XDG Base Directory Specification has it: relative ones don't count.
            base = Path(os.environ.get("XDG_CACHE_HOME", ""))
            base = base if base.is_absolute() else Path.home() / ".cache"
    except (OSError, RuntimeError):  # no home, or the working directory is gone
        return None
    return base / "celeryls"


def _read(path: Path, stamp: bytes) -> Mapping[bytes, Known]:
    """The records of a file; none unless all of it is what we wrote."""
    try:
        data = _own_bytes(path)
        magic, of, checksum = _HEAD.unpack_from(data)
        rest = memoryview(data)[_HEAD.size :]
        if magic != _MAGIC or of != stamp or hashlib.sha256(rest).digest() != checksum:
            return {}
        found: dict[bytes, Known] = {}
        (count,) = _COUNT.unpack_from(rest)
        start = _COUNT.size + count * RECORD.size
        for key, flags, length in RECORD.iter_unpack(rest[_COUNT.size : start]):
            found[key] = Known(flags, rest[start : start + length])
            start += length
        return found
    except (OSError, ValueError, struct.error):
        return {}


def _own_bytes(path: Path) -> bytes:
    """What a file has that nobody but this user can have written.  Raises `OSError`."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    # A pipe would keep its reader waiting.
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > BUDGET:
            raise OSError("no file of ours")
        _refuse_others(status)
        _refuse_others(os.stat(path.parent))
        data = file.read()
    with contextlib.suppress(OSError):  # where it can't be written, there is no budget to keep
        # The time says when it was last of use; the budget goes by it.
        os.utime(path)
    return data


def _refuse_others(status: os.stat_result) -> None:
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & _OTHERS_WRITE):
        raise OSError("somebody else can write here")


def _write(path: Path, stamp: bytes, known: Mapping[bytes, Known]) -> None:
    """Replace the file in one step; whoever comes last wins.  A failure changes nothing."""
    records = b"".join(RECORD.pack(key, k.flags, len(k.data)) for key, k in known.items())
    rest = b"".join((_COUNT.pack(len(known)), records, *(item.data for item in known.values())))
    if len(rest) + _HEAD.size > BUDGET // 2:
        return  # one workspace must not push all others out
    head = _HEAD.pack(_MAGIC, stamp, hashlib.sha256(rest).digest())
    temporary = path.with_name(f"{os.urandom(8).hex()}.tmp")
    try:
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _refuse_others(os.stat(path.parent))
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with open(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(head)
            file.write(rest)
        os.replace(temporary, path)
        _keep_to_budget(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _keep_to_budget(newest: Path) -> None:
    now = time.time()
    kept = newest.stat().st_size
    for used, size, path in sorted(_files(newest.parent), reverse=True):
        if path == newest:
            continue
        if path.suffix == _SUFFIX:
            kept += size
        if kept > BUDGET if path.suffix == _SUFFIX else now - used > _ABANDONED:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each was last used, how big it is, and which it is."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((_SUFFIX, ".tmp")):
                status = entry.stat(follow_symlinks=False)
                yield status.st_mtime, status.st_size, Path(entry.path)
