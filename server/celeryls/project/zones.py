"""The time zone that the clock of an app is in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timezone, tzinfo

from celeryls.project.app_settings import AppSettings
from celeryls.project.apps import App
from celeryls.project.configs import Configs
from celeryls.syntax.expr import Const


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its name; `clock` is `None` where this machine does not know it."""

    name: str
    clock: tzinfo | None


UTC = Zone("UTC", timezone.utc)


def zone_of(settings: AppSettings, configs: Configs, apps: Iterable[App]) -> Zone | None:
    """The time zone that crontabs of these apps are in; `None` if unknown, or not the same.

    It is `timezone`, else Django's `TIME_ZONE`, else UTC (celery/app/utils.py,
    `Settings.timezone`, and celery/app/base.py, `Celery.timezone`).  Without `enable_utc` the
    last is the machine's own, which nobody knows here.
    """
    found = {_of_app(settings, configs, app) for app in apps}
    if not found:
        return UTC
    return found.pop() if len(found) == 1 else None


def _of_app(settings: AppSettings, configs: Configs, app: App) -> Zone | None:
    written = settings.of(app, "timezone")
    if written.value == Const(None):
        django = settings.of(app, "TIME_ZONE")
        if django.origin == "settings":
            written = django
        elif configs.reads_django(app):
            return None  # Django has a default of its own
        elif settings.of(app, "enable_utc").value == Const(True):
            return UTC
        else:
            return None
    name = written.value.value if isinstance(written.value, Const) else None
    if not isinstance(name, str) or not name:
        return None
    return UTC if name.upper() == "UTC" else Zone(name, _clock(name))


def _clock(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None
