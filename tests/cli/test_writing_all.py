"""Several files are written, or none of them."""

from pathlib import Path

import pytest

from celeryls.cli.failure import Failure
from celeryls.cli.writing import write_all
from celeryls.text import Source


def test_all_are_written(tmp_path: Path) -> None:
    old, new = tmp_path / "a.py", tmp_path / "x/y/b.py"
    old.write_text("1")
    after = {str(old): Source("2"), str(new): Source("3")}
    write_all({str(old): Source("1"), str(new): None}, after)
    assert (old.read_text(), new.read_text()) == ("2", "3")


def test_where_one_fails_the_others_are_as_they_were(tmp_path: Path) -> None:
    old, new, bad = tmp_path / "a.py", tmp_path / "x/y/b.py", tmp_path / "a.py/c.py"
    old.write_text("1")
    before = {str(old): Source("1"), str(new): None, str(bad): None}
    with pytest.raises(Failure, match="can't be written, so nothing was changed"):
        write_all(before, {path: Source("2") for path in before})
    assert old.read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]


@pytest.mark.parametrize("now", ["changed", None])
def test_what_has_changed_meanwhile_is_left_alone(now: str | None, tmp_path: Path) -> None:
    one, two = tmp_path / "a.py", tmp_path / "b.py"
    one.write_text("1")
    if now is not None:
        two.write_text(now)
    before = {str(one): Source("1"), str(two): Source("1")}
    with pytest.raises(Failure, match="has changed meanwhile"):
        write_all(before, {path: Source("2") for path in before})
    assert one.read_text() == "1"


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("mine")
    with pytest.raises(Failure, match="has changed meanwhile"):
        write_all({str(path): None}, {str(path): Source("ours")})
    assert path.read_text() == "mine"


def test_a_character_that_a_file_can_not_hold_stops_all(tmp_path: Path) -> None:
    one, two = tmp_path / "a.py", tmp_path / "b.py"
    one.write_text("1")
    two.write_bytes(b"# coding: ascii\n")
    held = Source("# coding: ascii\n", "ascii")
    with pytest.raises(Failure, match="can't be written, so nothing was changed"):
        write_all(
            {str(one): Source("1"), str(two): held},
            {str(one): Source("2"), str(two): Source("# coding: ascii\né", "ascii")},
        )
    assert one.read_text() == "1"
