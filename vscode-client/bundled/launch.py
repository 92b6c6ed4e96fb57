"""Starts the server that is bundled with the extension, or says whether it can be started.

    python -I -S launch.py --preflight
    python -I -S launch.py server

`-I` keeps out what the environment and the working folder bring, `-S` what is installed beside
the interpreter, so that only the standard library and the two folders below are found.

The extension runs this with whatever Python it comes across, so it must compile in every one.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = (3, 10)
SERVER = os.path.join(HERE, "server")
LIBRARIES = os.path.join(HERE, "libs")
NATIVE = os.path.join(LIBRARIES, "libcst", "native")
"""What is compiled for one kind of Python, and the server can't do without."""


def problem():
    """Why the server can't run here, in words for a person; `None` if it can.

    Loads the native module itself, without the package around it: that takes no time, and only
    loading shows whether it fits the machine.
    """
    if sys.version_info < OLDEST:
        return "is Python %d.%d, and %d.%d or newer is needed" % (sys.version_info[:2] + OLDEST)
    from importlib.machinery import EXTENSION_SUFFIXES
    from importlib.util import module_from_spec, spec_from_file_location

    found = [NATIVE + suffix for suffix in EXTENSION_SUFFIXES if os.path.isfile(NATIVE + suffix)]
    if not found:
        return "is %s %d.%d, for which no libraries are bundled" % (
            (sys.implementation.name,) + sys.version_info[:2]
        )
    try:
        module_from_spec(spec_from_file_location("libcst.native", found[0]))
    except ImportError as error:
        return "can't load a bundled library: %s" % (error,)
    return None


def preflight():
    """Print what the extension wants to know of this interpreter, as one line of JSON."""
    import json

    found = {
        "version": "%d.%d.%d" % sys.version_info[:3],
        "executable": sys.executable,
        "problem": problem(),
    }
    print(json.dumps(found))


def main():
    """Run `celeryls` with the arguments given."""
    if sys.version_info < OLDEST:
        sys.exit("celeryls: this %s" % (problem(),))
    sys.path[:0] = [SERVER, LIBRARIES]
    from celeryls.cli import main as celeryls

    celeryls()


if __name__ == "__main__":
    if sys.argv[1:] == ["--preflight"]:
        preflight()
    else:
        main()
