"""Writing several files, all of them or none."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import display
from celeryls.text import Source
from celeryls.text.files import UnreadableSource, encode, read_source, write_source


def write_all(before: Mapping[str, Source | None], after: Mapping[str, Source]) -> None:
    """Write the files of `after`, which are to be what `before` says; `None`: not there yet.

    Raises `Failure` where one of them has changed meanwhile or can't be written; then all are as
    they were.
    """
    for path, source in after.items():
        _check(path, before[path], source)
    written: list[str] = []
    made: list[Path] = []
    for path, source in after.items():
        try:
            made += _make_folder(Path(path).parent)
            write_source(path, source)
        except (OSError, UnreadableSource) as error:
            _put_back(before, written, made)
            raise Failure(
                f"{display(path)} can't be written, so nothing was changed: {error}"
            ) from error
        written.append(path)


def _check(path: str, before: Source | None, after: Source) -> None:
    try:
        encode(after)
        now = read_source(path)
    except FileNotFoundError:
        now = None
    except (OSError, UnreadableSource) as error:
        raise Failure(
            f"{display(path)} can't be written, so nothing was changed: {error}"
        ) from error
    if now != before:
        raise Failure(
            f"{display(path)} has changed meanwhile, so nothing was written; run it again"
        )


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those around it; those that were made, outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made = missing[::-1]
    for one in made:
        one.mkdir()
    return made


def _put_back(before: Mapping[str, Source | None], written: list[str], made: list[Path]) -> None:
    for path in written:
        source = before[path]
        with suppress(OSError, UnreadableSource):
            if source is None:
                os.unlink(path)
            else:
                write_source(path, source)
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
