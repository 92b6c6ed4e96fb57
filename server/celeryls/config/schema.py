"""The settings as a JSON schema and as a documentation page."""

import json
from typing import Any

from celeryls.config.settings import Scope, declared


def json_schema() -> dict[str, Any]:
    """The JSON schema of `[tool.celeryls]` and of `celeryls.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "celeryls",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            setting.name: {**setting.schema, "description": setting.doc} for setting in declared()
        },
    }


def markdown() -> str:
    """The settings as a section of `docs/configuration.md`."""
    parts = []
    for setting in declared():
        default = "none" if setting.default in (None, (), {}) else json.dumps(setting.default)
        where = (
            "configuration file" if setting.scope is Scope.FILE else "configuration file, editor"
        )
        parts.append(
            f"### `{setting.name}`\n\n{setting.doc}\n\n"
            f"Default: {default}. Set in: {where}. Status: {setting.stability}.\n\n"
            f"```toml\n{setting.name} = {setting.example}\n```\n"
        )
    return "\n".join(parts)
