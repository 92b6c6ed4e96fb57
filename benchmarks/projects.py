"""Copies of the real projects, for a workspace: what is around `.corpus/` ignores it."""

import shutil
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / ".corpus"


def copy(name: str, target: Path) -> Path:
    """The Python files of a project, below `target`; its folder there."""
    return Path(shutil.copytree(CORPUS / name, target / name, ignore=_all_but_python))


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name.endswith(".dist-info") or not (name.endswith(".py") or Path(folder, name).is_dir())
    }
