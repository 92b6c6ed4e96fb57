"""The terminal.  Imports neither `pygls` nor `lsprotocol`, and each command only what it needs."""

from celeryls.cli.main import main

__all__ = ["main"]
