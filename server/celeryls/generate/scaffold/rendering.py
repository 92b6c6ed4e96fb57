"""Code from the templates of an app, written as the project writes."""

from collections.abc import Mapping
from typing import Any

from celeryls.generate.quoting import requoted
from celeryls.generate.templates import render
from celeryls.project import Project


def rendered(project: Project, path: str, template: str, values: Mapping[str, Any]) -> str:
    """What `scaffold/TEMPLATE.py.j2` makes for the file `path`; its lines end in `\\n`."""
    conventions = project.conventions(path)
    code = render(f"scaffold/{template}.py.j2", values, conventions)
    return requoted(code, conventions.quotes)
