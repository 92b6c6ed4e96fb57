"""Python source as bytes: encodings, and files that are replaced whole or not at all."""

import codecs
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from celeryls.text import Source, UnreadableSource, decode, encode, read_source, write_source
from celeryls.text.files import MAX_BYTES

from .strategies import texts

CYRILLIC = "# -*- coding: koi8-r -*-\nимя = 'строка'\r\n"


@given(texts.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)), st.booleans())
def test_utf_8_there_and_back(text: str, bom: bool) -> None:
    text = "#\n#\n" + text.removeprefix("\ufeff")
    data = encode(Source(text, bom=bom))
    assert decode(data) == Source(text, "utf-8", bom)
    assert encode(decode(data)) == data


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        source = decode(data)
    except UnreadableSource as error:
        assert str(error)
    else:
        assert encode(source) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Source("")),
        (codecs.BOM_UTF8, Source("", bom=True)),
        (codecs.BOM_UTF8 + b"x\r\n", Source("x\r\n", bom=True)),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", Source("# coding: utf-8\n", bom=True)),
        (b"# coding: latin-1\n\xe9", Source("# coding: latin-1\né", "iso-8859-1")),
        (b"#!/bin/python\n# vim: fileencoding=latin-1\n\xe9", None),
        (b"#!/bin/python\r# coding: latin-1\r\xe9", None),
        (b"#!/bin/python\r\n# coding: latin-1\r\n\xe9", None),
        (CYRILLIC.encode("koi8-r"), Source(CYRILLIC, "koi8-r")),
        # Too late, or not a comment: they declare nothing.
        (b"\n\n# coding: latin-1\n\xc3\xa9", Source("\n\n# coding: latin-1\né")),
        (b"x = 1\r# coding: latin-1\r\xc3\xa9", Source("x = 1\r# coding: latin-1\ré")),
    ],
)
def test_decode(data: bytes, expected: Source | None) -> None:
    source = decode(data)
    assert source == (expected or Source(data.decode("latin-1"), "iso-8859-1"))
    assert encode(source) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = '\xe9'\n", "not valid utf-8 at byte 5; declare its encoding"),
        (b"#\n#\n#\nx = '\xe9'\n", "not valid utf-8 at byte 11; declare its encoding"),
        (codecs.BOM_UTF8 + b"#\n#\n\xff", "not valid utf-8 at byte 7;"),
        (b"# coding: ascii\n#\n\xe9", "not valid ascii at byte 18;"),
        (b"# coding: klingon\n", "unknown encoding: klingon"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "byte-order mark of UTF-8"),
        (b"# coding: hex\n", "can't be read as hex: "),
        (b"# coding: undefined\n", "can't be read as undefined: "),
        ("x = 1\n".encode("utf-16"), "not valid utf-8 at byte 0;"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource) as raised:
        decode(data)
    assert message in str(raised.value)


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    path = tmp_path / "tasks.py"
    path.write_bytes(b"old")
    for text, encoding, message in (
        ("пример", "iso-8859-1", "iso-8859-1 has no 'пример'"),
        ("half \ud83d", "utf-8", "utf-8 has no '\\ud83d'"),
        ("x", "undefined", "can't be written as undefined: "),
    ):
        with pytest.raises(UnreadableSource) as raised:
            write_source(path, Source(text, encoding))
        assert message in str(raised.value)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["tasks.py"]


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "generated.py"
    path.write_bytes(b"#" * MAX_BYTES)
    assert len(read_source(path).text) == MAX_BYTES
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(UnreadableSource, match="larger than 2 MB"):
        read_source(path)


def test_what_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="not a path"):
        read_source(f"{tmp_path}/tasks\0.py")
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "tasks.py")


def test_permissions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "manage.py"
    path.write_bytes(b"old")
    path.chmod(0o750)
    write_source(path, Source("new\r\n", bom=True))
    assert path.read_bytes() == codecs.BOM_UTF8 + b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_what_is_read_only_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "tasks.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only; make it writable"):
        write_source(path, Source("new"))
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_source(tmp_path / "new.py", Source("x = 1\n"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.py").stat().st_mode) == 0o640


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    target = tmp_path / "shared" / "tasks.py"
    target.write_bytes(b"old")
    link = tmp_path / "tasks.py"
    link.symlink_to(Path("shared") / "tasks.py")
    write_source(link, Source("new"))
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_link_to_itself_is_an_os_error(tmp_path: Path) -> None:
    link = tmp_path / "tasks.py"
    link.symlink_to("tasks.py")
    with pytest.raises(OSError):
        write_source(link, Source("new"))
    assert os.listdir(tmp_path) == ["tasks.py"]


def test_a_name_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 252 + ".py")
    path.write_bytes(b"old")
    write_source(path, Source("new"))
    assert path.read_bytes() == b"new"


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tasks.py"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_source(path, Source("new"))
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["tasks.py"]


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "tasks.py").mkdir()
    with pytest.raises(OSError):
        write_source(tmp_path / "tasks.py", Source("new"))
    assert os.listdir(tmp_path) == ["tasks.py"]
