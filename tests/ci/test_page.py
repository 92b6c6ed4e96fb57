"""What docs/ci.md has people write is what the action and the hooks take."""

import re
from typing import Any

import pytest
import yaml

from tests.ci.conftest import ROOT

PAGE = (ROOT / "docs/ci.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
BLOCKS = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)]
OURS = re.compile(r"OWNER/celeryls\b")


def _mappings(value: Any) -> list[dict[str, Any]]:
    """Every mapping in a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [value] if isinstance(value, dict) else []
    return found + [one for item in inner for one in _mappings(item)]


MAPPINGS = [one for block in BLOCKS for one in _mappings(block)]


def test_steps_give_the_action_inputs_that_it_has() -> None:
    steps = [one for one in MAPPINGS if OURS.match(one.get("uses", ""))]
    assert steps
    for step in steps:
        assert step.get("with", {}).keys() <= ACTION["inputs"].keys()


def test_every_hook_that_is_shown_exists() -> None:
    shown = {one["id"] for one in MAPPINGS if "id" in one}
    assert shown and shown <= {hook["id"] for hook in HOOKS}


@pytest.mark.parametrize("name", [*ACTION["inputs"], *(hook["id"] for hook in HOOKS)])
def test_every_input_and_every_hook_is_explained(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| .+ \|$", PAGE, re.MULTILINE)


def test_what_the_action_puts_out_is_explained() -> None:
    for name in ACTION["outputs"]:
        assert f"`{name}`" in PAGE
