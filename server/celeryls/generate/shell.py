"""The words of a command as a line for a shell, which reads them as they were."""

import os
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_PLAIN_ON_WINDOWS = re.compile(r"[\w%+=:.\\/-][\w@%+=:.\\/-]*", re.ASCII)
_PARTS = re.compile(r"[\\']|[^\\']+")


def shell_line(words: Iterable[str], *, windows: bool = os.name == "nt") -> str:
    """A line for sh, bash, zsh and fish; on Windows for cmd, PowerShell and bash.

    On Windows no line can hold a `"` for all of them, nor what one of them reads between two of
    these: see `run_line`.
    """
    return " ".join(_on_windows(word) if windows else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    # fish reads a backslash within quotes as well, the others do not: it stands outside.
    parts = (f"\\{part}" if part in ("\\", "'") else f"'{part}'" for part in _PARTS.findall(word))
    return "".join(parts) or "''"


def _on_windows(word: str) -> str:
    if _PLAIN_ON_WINDOWS.fullmatch(word):
        return word
    # Programs read backslashes in front of a quote (the rules of CommandLineToArgvW).
    inside = re.sub(r'(\\*)"', r'\1\1\\"', word)
    inside = re.sub(r"(\\+)$", r"\1\1", inside)
    return f'"{inside}"'
