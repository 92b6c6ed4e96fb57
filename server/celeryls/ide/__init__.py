"""Editor features as pure functions of a `Project`; one file each.

They answer in editor vocabulary (actions, completions, diagnostics) with plain dataclasses
and code-point offsets, and know no protocol.
"""
