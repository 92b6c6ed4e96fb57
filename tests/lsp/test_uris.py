"""Paths from URIs, also those of Windows, without Windows."""

import pytest

from celeryls.lsp.uris import is_file, is_view, path_of, uri_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/x/y.py", r"c:\x\y.py"),
        ("file:///C:/x/y.py", r"c:\x\y.py"),
        ("file:///c%3A/Gr%C3%B6%C3%9Fe/a%20b.py", r"c:\Größe\a b.py"),
        ("file://server/share/y.py", r"\\server\share\y.py"),
        ("file://server/c%24/%23y.py", r"\\server\c$\#y.py"),
        ("file:///C:/x/", r"c:\x"),
        ("file:///c%3A/", "c:\\"),
        ("untitled:Untitled-1", "untitled:Untitled-1"),
    ],
)
def test_paths_of_windows(uri: str, path: str) -> None:
    assert path_of(uri, windows=True) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/ada/a%20b%23%3F%25.py", "/home/ada/a b#?%.py"),
        ("file:///home/Gr%C3%B6%C3%9Fe/%F0%9F%8E%89.py", "/home/Größe/🎉.py"),
        ("file:///c%3A/x/y.py", "/c:/x/y.py"),
        ("file:///home/ada/", "/home/ada"),
        ("file:///", "/"),
        ("file://[no/x.py", "file://[no/x.py"),
        ("git:/home/ada/y.py?%7B%7D", "git:/home/ada/y.py?%7B%7D"),
        ("vscode-notebook-cell:/x.ipynb#W0", "vscode-notebook-cell:/x.ipynb#W0"),
    ],
)
def test_paths_elsewhere(uri: str, path: str) -> None:
    assert path_of(uri, windows=False) == path


@pytest.mark.parametrize("path", ["/home/ada/a b#?%.py", "/Größe/🎉.py", "untitled:Untitled-1"])
def test_there_and_back(path: str) -> None:
    assert path_of(uri_of(path), windows=False) == path


def test_what_is_a_file() -> None:
    assert is_file("/home/ada/y.py")
    assert not is_file("untitled:Untitled-1")
    assert is_view("git:/home/ada/y.py?ref")
    assert not is_view("untitled:git:1")
    assert not is_view("file:///git:/y.py")
