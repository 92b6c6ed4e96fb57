"""Python source: a tree that is always there, and expressions as values."""

from celeryls.syntax.parse import Parsed, parse, parses

__all__ = ["Parsed", "parse", "parses"]
