"""Cases of rules, as data.  Imported by tests and by nothing else.

Each rule has a module of its name in the `cases` folder beside it, with lists `VALID` and
`INVALID`.  In an invalid file what is to be underlined stands between « and ».
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MAIN = "shop/tasks.py"
"""The file that a case's code stands in."""


@dataclass(frozen=True)
class Valid:
    """Code that the rule must not report; `why` names the trap."""

    why: str
    code: str
    files: Mapping[str, str] = field(default_factory=dict)
    path: str = MAIN
    beside: tuple[str, ...] = ()
    """Other rules that run."""


@dataclass(frozen=True)
class Invalid:
    """Code that the rule must report at the marked place.

    `message` is a part of the message.  `fixed` is the code after the first fix; `None` says
    that there is none.  `fixed_files` are the other files that it changes, as they are then.
    """

    code: str
    message: str
    fixed: str | None
    files: Mapping[str, str] = field(default_factory=dict)
    path: str = MAIN
    fixed_files: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
