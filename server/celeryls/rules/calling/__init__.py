"""CEL3xx: arguments and options of calls."""
