"""URIs and the paths that the rest of celeryls goes by."""

import os
import re
from urllib.parse import unquote, urlsplit

from pygls.uris import from_fs_path

_VIEWS = ("git:", "gitlens:", "review:", "fugitive:", "diffview:", "conflictResolution:")
_DRIVE = re.compile(r"^/([a-zA-Z]):")
_ROOT = re.compile(r"/([a-zA-Z]:/)?")


def path_of(uri: str, *, windows: bool = os.name == "nt") -> str:
    """The path of a document or a folder: its file's, or the URI itself for all that is no file.

    Some clients end the URI of a folder with a slash; its path has none.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    if parts.scheme != "file":
        return uri
    path = unquote(parts.path)
    path = path if _ROOT.fullmatch(path) else path.rstrip("/")
    if not windows:
        return path
    if parts.netloc:
        return rf"\\{parts.netloc}{path}".replace("/", "\\")
    return _DRIVE.sub(lambda found: f"{found[1].lower()}:", path).replace("/", "\\")


def uri_of(path: str) -> str:
    """The URI of a path that `path_of` gave."""
    if is_file(path):
        return from_fs_path(path) or path
    return path


def is_view(uri: str) -> bool:
    """Whether a document is some other version of a file, shown for comparison.

    What it says must not count beside what the file says.
    """
    return uri.startswith(_VIEWS)


def is_file(path: str) -> bool:
    """Whether a document is a file on disk, as opposed to `untitled:` and its kind."""
    return os.path.isabs(path)
