"""Running the rules: selection, severity, suppression, precedence, fixing to a fixpoint.

The same for editor and terminal; knows no protocol and no output format.
"""

from celeryls.engine.check import Diagnostic, check_file
from celeryls.engine.fixing import FixResult, fix_files
from celeryls.engine.selection import Selection

__all__ = ["Diagnostic", "FixResult", "Selection", "check_file", "fix_files"]
