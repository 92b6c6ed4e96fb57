"""The cache of facts: it gives what reading anew gives, or it is not there."""

import errno
import hashlib
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from celeryls.facts import extract
from celeryls.project import cache as caching
from celeryls.project import cache_codec
from celeryls.text import Source
from celeryls.text.files import write_source
from tests.project.cached import FILES, TASKS, opened, stored
from tests.project.reading import functions, names
from tests.rules.harness import write

# --- what it gives ----------------------------------------------------------------------


def test_what_was_read_once_is_not_parsed_again(root: Path, extracted: list[str]) -> None:
    first = opened(root)
    assert len(extracted) == 3
    extracted.clear()
    second = opened(root)
    assert extracted == []
    assert dict(second.snapshot().files) == dict(first.snapshot().files)
    assert names(second.snapshot()) == names(first.snapshot()) == TASKS
    assert second.unread == first.unread
    assert [Path(item.path).name for item in second.unread] == ["latin.py"]


def test_a_change_that_leaves_size_and_time_alone_is_seen(root: Path) -> None:
    opened(root)
    path = root / "shop/orders.py"
    before = path.stat()
    path.write_text(FILES["shop/orders.py"].replace("place(order)", "stock(order)"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert functions(opened(root).snapshot()) == ["stock"]


def test_a_file_that_is_moved_is_known(root: Path, extracted: list[str]) -> None:
    opened(root)
    extracted.clear()
    (root / "shop/orders.py").rename(root / "shop/renamed.py")
    assert names(opened(root).snapshot()) == TASKS
    assert extracted == []


def test_what_is_no_longer_there_is_dropped(root: Path, place: Path) -> None:
    opened(root)
    before = stored(place).stat().st_size
    (root / "shop/orders.py").unlink()
    opened(root)
    assert stored(place).stat().st_size < before


def test_nothing_new_writes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(root)

    def never(*_: object) -> None:
        raise AssertionError("written again")

    monkeypatch.setattr(caching, "_write", never)
    assert names(opened(root).snapshot()) == TASKS


def test_reading_again_in_the_same_process_drops_what_is_gone(root: Path, place: Path) -> None:
    workspace = opened(root)
    before = stored(place).stat().st_size
    (root / "shop/orders.py").unlink()
    workspace.scan()
    assert functions(workspace.snapshot()) == []
    assert stored(place).stat().st_size < before


def test_what_was_refreshed_and_then_scanned_is_kept(root: Path, extracted: list[str]) -> None:
    workspace = opened(root)
    new = "from celery import shared_task\n"
    write(root, {"shop/new.py": new})
    workspace.refresh(str(root / "shop/new.py"))
    workspace.scan()
    assert extracted.count(new) == 1
    extracted.clear()
    opened(root)
    assert extracted == []


def test_own_decorators_are_followed_from_the_cache_too(root: Path) -> None:
    files = {
        "shop/jobs.py": "from shop.app import app\n\n\ndef job(f):\n    return app.task(f)\n",
        "shop/work.py": "from shop.jobs import job\n\n\n@job\ndef work(): ...\n",
    }
    write(root, files)
    first, second = opened(root), opened(root)
    assert functions(second.snapshot()) == functions(first.snapshot()) == ["place", "work"]


VALUES = """\
from celery import shared_task as task, Celery
from ..a import *
import x.y as z
app = Celery("shop", **z.SETTINGS)
app.conf.update({"task_acks_late": True, "a": 1, "b": 1.0, "c": 1j, "d": b"\\xff", None: -2})
app.conf.x, y = {1, "\N{ROBOT FACE}"}, [*z, not z, z[0], z.a().b, f"{z}", z or 3, lambda: 0]
class Base(app.Task, metaclass=z):
    autoretry_for = (KeyError,)
    def run(self, a, /, b: int = 1, *c, d="x", **e):
        self.retry(exc=self.b)
def make(**options):
    options.setdefault("x", 2)
    def inner(f): return app.task(f, **options)
    return inner
@make(x=1)
@task(bind=True)
async def job(self, *args): yield
job.delay(1, *z, k=2) | chain(job.s(), group(job.si(), job))
app.conf.beat_schedule = {"k": {"task": "shop.job", "schedule": 3}}
@task(
"""
SOURCES = sorted((Path(caching.__file__).parent.parent / "rules").rglob("*.py"))


def form(value: Any) -> Any:
    """A value with the types of all its parts: 1 and True are equal, a list is no tuple."""
    if isinstance(value, dict):
        return dict, [(form(key), form(item)) for key, item in value.items()]
    if isinstance(value, frozenset | set):
        return type(value), sorted(map(repr, value))
    if isinstance(value, tuple | list):
        return type(value), [form(item) for item in value]
    if is_dataclass(value):
        return type(value), [form(getattr(value, item.name)) for item in fields(value)]
    return type(value), value


@pytest.mark.parametrize("text", [VALUES, "", *(path.read_text("utf-8") for path in SOURCES)])
def test_facts_come_back_as_they_were(text: str) -> None:
    facts = extract(text)
    again = cache_codec.from_bytes(cache_codec.to_bytes(facts))
    assert again == facts
    assert form(again) == form(facts)


# --- doubt ------------------------------------------------------------------------------

Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, Damage] = {
    "empty": lambda data: b"",
    "a head and no more": lambda data: data[:84],
    "half a head": lambda data: data[:40],
    "truncated": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
    "foreign": lambda data: b"SQLite format 3\0" + data[16:],
    "other code's": lambda data: data[:16] + bytes(32) + data[48:],
    "a flipped bit": lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
    "a flipped bit at the end": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "a wrong count": lambda data: data[:80] + b"\xff\xff\xff\xff" + data[84:],
    "a count that is one too low": lambda data: data[:80] + bytes([data[80] - 1]) + data[81:],
    "text": lambda data: b"\n" * len(data),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_made_again(
    damage: str, root: Path, place: Path, extracted: list[str]
) -> None:
    opened(root)
    path = stored(place)
    data = path.read_bytes()
    path.write_bytes(DAMAGES[damage](data))
    extracted.clear()
    assert names(opened(root).snapshot()) == TASKS
    assert len(extracted) == 3
    extracted.clear()
    opened(root)
    assert extracted == []


def sealed(place: Path, value: bytes) -> None:
    """A file in which all is right, but every file's facts are `value`."""
    path = stored(place)
    data = path.read_bytes()
    magic, stamp, _ = caching._HEAD.unpack_from(data)
    count = caching._COUNT.unpack_from(data, 80)
    records = list(caching.RECORD.iter_unpack(data[84 : 84 + 37 * count[0]]))
    assert any(flags & caching.FACTS for _, flags, _ in records)
    values = [value if flags & caching.FACTS else b"" for _, flags, _ in records]
    rest = caching._COUNT.pack(*count) + b"".join(
        caching.RECORD.pack(key, flags, len(mine))
        for (key, flags, _), mine in zip(records, values, strict=True)
    )
    rest += b"".join(values)
    path.write_bytes(caching._HEAD.pack(magic, stamp, hashlib.sha256(rest).digest()) + rest)


class Harmful:
    """When it is unpickled, `call` is called."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.call = call, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("call", [(os.mkdir,), (write_source, Source("harm"))])
def test_a_pickle_that_calls_something_is_refused(
    call: tuple[Any, ...], root: Path, place: Path, tmp_path: Path, extracted: list[str]
) -> None:
    opened(root)
    sealed(place, pickle.dumps(Harmful(call[0], str(tmp_path / "harm"), *call[1:])))
    extracted.clear()
    assert names(opened(root).snapshot()) == TASKS
    assert not (tmp_path / "harm").exists()
    assert len(extracted) == 3


def dotted(module: str, name: str) -> bytes:
    """A pickle of a global, as the newest protocol has it."""
    texts = b"".join(b"\x8c%c%s" % (len(text), text.encode()) for text in (module, name))
    return b"\x80\x04" + texts + b"\x93."


@pytest.mark.parametrize(
    "value",
    [
        pickle.dumps("text"),
        pickle.dumps(None),
        b"",
        b"garbage",
        dotted("builtins", "eval"),
        dotted("celeryls.facts.extract", "extract"),
        dotted("celeryls.facts.extract", "ast.parse"),
        dotted("celeryls.text.files", "os.system"),
        dotted("celeryls.text.files", "Path"),
        dotted("celeryls.text.files", "write_source"),
    ],
)
def test_what_is_no_facts_is_refused(value: bytes, root: Path, place: Path) -> None:
    with pytest.raises(Exception, match=r".?"):
        cache_codec.from_bytes(value)
    opened(root)
    sealed(place, value)
    assert names(opened(root).snapshot()) == TASKS


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _writable(path: Path) -> None:
    path.chmod(0o620)


def _in_a_writable_folder(path: Path) -> None:
    path.parent.chmod(0o777)


@pytest.mark.skipif(sys.platform == "win32", reason="owners and pipes are POSIX's")
@pytest.mark.parametrize("change", [_pipe, _folder, _link, _writable, _in_a_writable_folder])
def test_a_file_that_somebody_else_could_have_written_is_not_read(
    change: Callable[[Path], None], root: Path, place: Path, extracted: list[str]
) -> None:
    opened(root)
    change(stored(place))
    extracted.clear()
    assert names(opened(root).snapshot()) == TASKS
    assert len(extracted) == 3


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="owners are POSIX's")
def test_a_file_of_another_user_is_not_read(
    root: Path, place: Path, extracted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(root)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    extracted.clear()
    assert names(opened(root).snapshot()) == TASKS
    assert len(extracted) == 3


def test_a_place_that_can_not_be_made_is_done_without(root: Path, place: Path) -> None:
    place.write_text("a file", "utf-8")
    assert names(opened(root).snapshot()) == TASKS
    assert place.read_text("utf-8") == "a file"


def test_a_text_that_could_not_be_parsed_for_lack_of_memory_is_parsed_next_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    parser = sys.modules["celeryls.syntax.parse"]
    parser._parsed.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(parser, "_ast", exhausted)
        assert names(opened(root).snapshot()) == []
    assert names(opened(root).snapshot()) == TASKS


def test_a_place_that_is_only_readable_is_read(
    root: Path, extracted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(root)

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "utime", refused)
    extracted.clear()
    assert names(opened(root).snapshot()) == TASKS
    assert extracted == []


@pytest.mark.parametrize("call", ["replace", "open", "mkdir"])
def test_a_full_disk_changes_nothing(
    call: str, root: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(root)
    before = stored(place).read_bytes()
    write(root, {"shop/more.py": "from celery import shared_task\n"})
    if call == "mkdir":
        shutil.rmtree(place)
    real = getattr(os, call)

    def full(path: object, *others: object, **more: object) -> object:
        if str(place) in str(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, *others, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        assert names(opened(root).snapshot()) == TASKS
    if call != "mkdir":
        assert stored(place).read_bytes() == before
        assert [path.suffix for path in (place / "facts").iterdir()] == [".facts"]


def test_a_write_that_is_cut_off_leaves_the_old_file(root: Path, place: Path) -> None:
    """The limit on a file's size stands for a disk that fills up while we write."""
    resource = pytest.importorskip("resource")
    opened(root)
    before = stored(place).read_bytes()
    write(root, {"shop/more.py": "from celery import shared_task\n" + "x = {'a': 'b'}\n" * 200})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before), hard))
    try:
        assert names(opened(root).snapshot()) == TASKS
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert stored(place).read_bytes() == before
    assert [path.suffix for path in (place / "facts").iterdir()] == [".facts"]
