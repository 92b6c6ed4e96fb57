"""What the user set: every setting declared once, read from files and from the client."""

from celeryls.config.load import Loaded, find_config_file, load, merge
from celeryls.config.settings import Config, Problem, Scope, Setting, declared, from_mapping

__all__ = [
    "Config",
    "Loaded",
    "Problem",
    "Scope",
    "Setting",
    "declared",
    "find_config_file",
    "from_mapping",
    "load",
    "merge",
]
