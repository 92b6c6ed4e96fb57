"""From a task that is wanted to the edits that write it.

Knows the templates (and is the only importer of jinja2, when it is used), where code goes in
a file, and what Celery's versions want; writes no file.
"""

from celeryls.generate.drafts import FileChange, ProjectDraft
from celeryls.generate.next_steps import Addition, NextStep
from celeryls.generate.plan import Plan, plan_task
from celeryls.generate.task import WrittenTask, write_task

__all__ = [
    "Addition",
    "FileChange",
    "NextStep",
    "Plan",
    "ProjectDraft",
    "WrittenTask",
    "plan_task",
    "write_task",
]
