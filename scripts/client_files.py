"""What the VS Code extension's files take from the server: settings, their texts and schema.

`scripts/make_docs.py` writes them.  In `vscode-client/package.json` it is the section of settings
with the id `celeryls`, the settings that an untrusted workspace has no say in, and the version;
in `package.nls.json` the texts whose names begin with `setting.`.  All else there is written by
hand, and kept.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from celeryls import DOCS_URL, __version__
from celeryls.config import Scope, Setting, declared
from celeryls.config.schema import json_schema

ROOT = Path(__file__).parent.parent
CLIENT = ROOT / "vscode-client"
SCHEMA = "docs/schemas/celeryls.json"
SECTION = "celeryls"
PREFIX = "setting."
PATHS = ("python",)
"""Settings that name something on the machine."""


def client_files() -> Iterator[tuple[Path, str]]:
    """Each file with the text it should have."""
    settings = [setting for setting in declared() if setting.scope is Scope.ANYWHERE]
    manifest = json.loads((CLIENT / "package.json").read_text("utf-8"))
    manifest["version"] = __version__
    contributed = manifest["contributes"]
    (section,) = (one for one in contributed["configuration"] if one["id"] == SECTION)
    section["properties"] = {
        f"celeryls.{_camel(setting.name)}": _property(setting) for setting in settings
    }
    contributed["tomlValidation"] = [
        {"fileMatch": "celeryls.toml", "url": f"{DOCS_URL}/{SCHEMA.removeprefix('docs/')}"}
    ]
    by_hand = [
        name
        for one in contributed["configuration"]
        if one["id"] != SECTION
        for name, schema in one["properties"].items()
        if schema["scope"].startswith("machine")
    ]
    manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = [
        *by_hand,
        *(f"celeryls.{name}" for name in PATHS),
    ]
    yield CLIENT / "package.json", _text(manifest)
    texts = json.loads((CLIENT / "package.nls.json").read_text("utf-8"))
    kept = {name: text for name, text in texts.items() if not name.startswith(PREFIX)}
    made = {f"{PREFIX}{_camel(setting.name)}": setting.doc for setting in settings}
    yield CLIENT / "package.nls.json", _text({**kept, **made})
    yield ROOT / SCHEMA, _text(json_schema())


def _property(setting: Setting) -> dict[str, Any]:
    schema = dict(setting.schema)
    default = setting.default
    if default is None:
        schema["type"] = [schema["type"], "null"]
    elif isinstance(default, tuple):
        default = list(default)
    return {
        **schema,
        "default": default,
        "markdownDescription": f"%{PREFIX}{_camel(setting.name)}%",
        "scope": "machine-overridable" if setting.name in PATHS else "resource",
        **({"tags": [setting.stability]} if setting.stability != "stable" else {}),
    }


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
