"""The settings of an app that somebody wrote, with what is in force and where it comes from."""

from dataclasses import dataclass

from celeryls import catalog
from celeryls.ide.shown_values import shown_value
from celeryls.ide.spots import Spot, spot_of_app
from celeryls.project import Project
from celeryls.project.apps import App
from celeryls.project.settings import Setting
from celeryls.rules.configuring.sites import settings_for

_CONSTRUCTOR = {"broker": "broker_url", "backend": "result_backend"}
"""The parameters of `Celery(...)` that are settings under another name (celery/app/base.py)."""


@dataclass(frozen=True, slots=True)
class WrittenSetting:
    """A setting by its new name.

    `value` is the one in force, as source; `None` where that can't be known, say since it is
    computed, or since it is not certain which of several places counts.  `spots` are all places
    that write it, by file.
    """

    key: str
    value: str | None
    origin: str
    spots: tuple[Spot, ...]


def written_settings(project: Project, app: App) -> tuple[WrittenSetting, ...]:
    """Every setting of an app that readable source writes, by its name."""
    found: dict[str, list[Spot]] = {}
    own = spot_of_app(project, app)
    for name, _ in app.made_by.keywords if app.made_by is not None else ():
        key = _CONSTRUCTOR.get(name or "", name)
        if own is not None and key in catalog.known_settings():
            found.setdefault(key, []).append(own)
    for path in sorted(project.files):
        for written in settings_for(project, path, app):
            if written.key is not None:
                found.setdefault(written.key, []).append(Spot(path, written.site.span))
    return tuple(_in_force(project, app, key, spots) for key, spots in sorted(found.items()))


def _in_force(project: Project, app: App, key: str, spots: list[Spot]) -> WrittenSetting:
    setting: Setting = project.setting(app, key)
    return WrittenSetting(key, shown_value(setting.value, key), setting.origin, tuple(spots))
