"""What rules about the entries of a beat schedule share."""

from collections.abc import Iterator

from celeryls.facts import ScheduleSite
from celeryls.rules.base import FileContext
from celeryls.rules.scheduling.crontabs import text_of


def beat_entries(file: FileContext) -> Iterator[ScheduleSite]:
    """The schedule entries of a file that Celery could read.

    Schedulers of other kinds have entries with the same keys; their schedules are texts.  What a
    test writes may be wrong on purpose.
    """
    if file.project.is_test(file.path):
        return
    for entry in file.project.body(file.path).schedules:
        if text_of(file.project.evaluate(file.path, entry.schedule)) is None:
            yield entry
