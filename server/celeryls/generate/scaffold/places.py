"""Where the app of a project belongs."""

import os
import re
from pathlib import Path

from celeryls.project import Project
from celeryls.project.dependencies import package_name
from celeryls.project.detection import Detection, Framework

LOCAL_FOLDER = ".celery"
"""Where messages and results are as long as no broker is named."""


def app_folder(project: Project, found: Detection) -> Path:
    """The folder that the app's module goes to: the project's package, else its source root."""
    if found.framework is Framework.DJANGO and found.django_settings is not None:
        return _beside_settings(Path(found.django_settings))
    if found.package is not None:
        folder = _folder_of(project, found.package)
        if folder is not None:
            return folder
    return project.folder


def app_path(project: Project, found: Detection, framework: Framework) -> Path:
    """The file that the app goes to if nobody says otherwise."""
    folder = app_folder(project, found)
    django = folder / "celery.py"
    if framework is Framework.DJANGO and not django.exists():
        return django
    return folder / "celery_app.py"


def project_name(project: Project, module: str) -> str:
    """What the project is called: its package, what it is declared as, its folder."""
    head, dot, _ = module.partition(".")
    if dot:
        return head
    name = package_name(project.folder) or project.folder.name
    return re.sub(r"[^\w-]+", "_", name, flags=re.ASCII).strip("_-") or "app"


def folder_source(project: Project, path: Path) -> str:
    """Source of the path of `LOCAL_FOLDER` in the project's folder, written in the file `path`."""
    depth = len(path.relative_to(project.folder).parts) - 1
    here = "Path(__file__).resolve()"
    up = f"{here}.parent" if depth == 0 else f"{here}.parents[{depth}]"
    return f'{up} / "{LOCAL_FOLDER}"'


def _beside_settings(settings: Path) -> Path:
    """`proj` for `proj/settings.py` and for `proj/settings/base.py`."""
    folder = settings.parent
    return folder.parent if folder.name == "settings" else folder


def _folder_of(project: Project, package: str) -> Path | None:
    for path in sorted((*project.files, *project.untraced)):
        module = project.module_of(path)
        if module == package and os.path.basename(path) == "__init__.py":
            return Path(path).parent
        if module is not None and module.rpartition(".")[0] == package:
            return Path(path).parent
    return None
