"""After how many seconds an entry of a beat schedule is due again."""

from itertools import pairwise

from celeryls.facts import ScheduleSite
from celeryls.project import timetables
from celeryls.project.cronspec import FIELDS
from celeryls.rules.base import FileContext
from celeryls.rules.scheduling.crontabs import CrontabContext, crontabs_of

_DAY = 24 * 60
_WEEK = 7 * _DAY


def interval_of(file: FileContext, entry: ScheduleSite) -> float | None:
    """The seconds between a run and the next; `None` if not known, or not always the same.

    Clocks that are put forward or back are not thought of.
    """
    place = next((item.value_span for item in entry.items if item.key == "schedule"), None)
    for crontab in file.once(crontabs_of):
        if crontab.site.span == place:
            minutes = _minutes(crontab)
            return None if minutes is None else minutes * 60.0
    found = timetables.interval_of(file.project.evaluate(file.path, entry.schedule))
    return found if found is not None and found > 0 else None


def _minutes(crontab: CrontabContext) -> int | None:
    """The minutes from a run of a crontab to the next."""
    fields = {name: crontab.numbers(name) for name in FIELDS}
    hours, minutes, days = fields["hour"], fields["minute"], fields["day_of_week"]
    if not hours or not minutes or not days:
        return None
    if not (crontab.is_every("day_of_month") and crontab.is_every("month_of_year")):
        return None
    times = sorted(60 * hour + minute for hour in hours for minute in minutes)
    if len(days) == 1:
        return _WEEK if len(times) == 1 else None
    gaps = {after - before for before, after in pairwise(times)}
    gaps.add(times[0] + _DAY - times[-1])
    return gaps.pop() if crontab.is_every("day_of_week") and len(gaps) == 1 else None
