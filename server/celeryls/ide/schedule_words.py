"""When something runs by the clock, in words."""

from celeryls.ide.durations import in_words
from celeryls.project.schedules import shown
from celeryls.rules.durations import length, seconds
from celeryls.syntax.expr import Call, Expr, Imported, Name, last_name


def when_in_words(when: Expr) -> str | None:
    """An evaluated schedule in words; `None` where it is not known."""
    count = seconds(when)
    if count is None:
        count = length(when)
    if count is not None:
        return f"every {in_words(count)}"
    match when:
        case Call(func=Name() | Imported() as func) if last_name(func) == "crontab":
            return shown(when)
    return None
