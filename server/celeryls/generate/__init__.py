"""From a task that is wanted to the edits that write it.

Knows the templates (and is the only importer of jinja2, when it is used), where code goes in
a file, and what Celery's versions want; knows no workspace and writes no file.
"""

from celeryls.generate.plan import TaskPlan, plan_task

__all__ = ["TaskPlan", "plan_task"]
