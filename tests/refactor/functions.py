"""Functions of every shape, as source, for properties."""

from hypothesis import strategies as st

ANNOTATIONS = ["", ": int", ": 'dict[str, int]'", ": object  ", " : list[tuple[int, ...]]"]
DEFAULTS = ["", "=1", " = None", "={'(': ')'}", "=lambda self, *a: (self, a)", "='# \u2028é😀'"]
COMMENTS = ["", "  # why", "  # def sync(", " #)", "  # 😀"]
ARGUMENTS = "return [(k, repr(v)) for k, v in locals().items() if k != 'self']"
BODIES = [
    f'"""Doc."""\n{ARGUMENTS}',
    f"# Inside.\n\n\n{ARGUMENTS}",
    "def inner(self):\n\treturn self\nreturn [inner(x) for x in (1,)]",
    "@print\ndef inner(): ...\n\n# Last.",
    "x = '''\n  raw\n'''  # kept\nreturn x",
]
HEADS = [
    "",
    "# A comment.\n",
    '"""Doc."""\n',
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n\n",
    "import os, sys\n\n",
    "from __future__ import annotations\n\nimport os\n\n\n",
    "\n\n\f\n",
    "x = 'é😀\u2028'; y = 1\n",
    "try:\n    import os\nexcept ImportError:\n    os = None\n",
    "from os import (\n    path,  # paths\n)\nimport sys  # noqa\n",
    "shared_task = 1\n",
    "from celery import chain  # chains\n",
    "import celery\n",
]
TAILS = [
    "",
    "\n\nclass After:\n    def sync(self): ...\n",
    "\n# The end.",
    "\n\nz=sync ;w = [sync]\n",
]
DECORATORS = ["@keep\n", "# Before.\n@keep  # kept\n# Between.\n", "@(\n  keep\n)\n"]
KEEP = """\
from functools import wraps


def keep(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper


"""


@st.composite
def parameter_lists(draw) -> str:
    """What stands between the parentheses of a function, its white space included."""
    optional = False

    def parameter(name, keyword=False):
        nonlocal optional
        default = draw(st.sampled_from(DEFAULTS))
        if optional and not keyword and not default:
            default = "=0"
        optional = optional or (bool(default) and not keyword)
        return name + draw(st.sampled_from(ANNOTATIONS)) + default

    few = st.integers(0, 2)
    parts = [parameter(f"p{number}") for number in range(draw(few))]
    if parts and draw(st.booleans()):
        parts.append("/")
    parts += [parameter(f"n{number}") for number in range(draw(few))]
    star = draw(st.sampled_from(["", "*", "*args", "*selves: int"]))
    only = [parameter(f"k{number}", keyword=True) for number in range(draw(few))]
    if star and (only or star != "*"):
        parts += [star, *only]
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["**rest", "**selfish: object"])))
    layout = draw(st.sampled_from(["one", "together", "each"]))
    trailing = bool(parts) and draw(st.booleans())
    if layout == "one":
        return draw(st.sampled_from(["", " "])) + ", ".join(parts) + "," * trailing
    indent = draw(st.sampled_from(["    ", "\t", "", "        "]))
    opening = draw(st.sampled_from(COMMENTS))
    above = draw(st.sampled_from(["", f"{indent}# above\n", "  # above\n\n"]))
    if layout == "together" or not parts:
        return f"{opening}\n{above}{indent}{', '.join(parts)}{',' * trailing}\n"
    lines = [
        f"{indent}{part}{',' * (trailing or number < len(parts))}{draw(st.sampled_from(COMMENTS))}"
        for number, part in enumerate(parts, 1)
    ]
    return f"{opening}\n{above}" + "\n".join(lines) + "\n"


@st.composite
def files(draw) -> str:
    """A file with a function `sync` that can be converted."""
    unit = draw(st.sampled_from(["    ", "\t", "  "]))
    decorators = draw(st.lists(st.sampled_from(DECORATORS), max_size=2))
    returns = draw(st.sampled_from(["", " -> None", " -> (\n int\n)", "->'dict[str, int]'"]))
    head = f"def sync{draw(st.sampled_from(['', ' ']))}({draw(parameter_lists())}){returns}:"
    if draw(st.booleans()):
        function = f"{head} return 1; x = 2{draw(st.sampled_from(COMMENTS))}\n"
    else:
        body = draw(st.sampled_from(BODIES)).replace("\n", f"\n{unit}").replace("\t", unit)
        function = f"{head}{draw(st.sampled_from(COMMENTS))}\n{unit}{body}\n"
    function = "".join(decorators) + function
    block = draw(st.sampled_from(["", "", "if True:\n", "try:\n"]))
    if block:
        # Only what has no line that begins inside a string may be moved.
        function = f"{block}{unit}" + function.rstrip("\n").replace("\n", f"\n{unit}") + "\n"
        function += "finally:\n  pass\n" if block == "try:\n" else ""
    text = (
        draw(st.sampled_from(HEADS))
        + (KEEP if decorators else "")
        + function
        + draw(st.sampled_from(TAILS))
    )
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
