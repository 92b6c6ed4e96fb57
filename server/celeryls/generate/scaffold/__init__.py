"""The app where there is none: its module, its settings, its dependency, what git ignores.

Knows what each framework wants; asks nobody and writes no file.
"""

from celeryls.generate.scaffold.plan import plan_scaffold, usual_answers

__all__ = ["plan_scaffold", "usual_answers"]
