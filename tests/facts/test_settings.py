"""Where settings are written."""

import pytest

from celeryls.facts import extract
from tests.facts.helpers import unmark

_APP = "from celery import Celery\napp = Celery()\n"


@pytest.mark.parametrize(
    ("code", "where", "owner"),
    [
        ("app.conf.«task_acks_late» = True", "attribute", "app"),
        ("app.conf['«task_acks_late»'] = True", "item", "app"),
        ("ext.app.conf.update(«task_acks_late»=True)", "update", "ext.app"),
        ("app.conf.update({'é': 1, '«task_acks_late»': True})", "update", "app"),
        ("app.conf.update(**dict(«task_acks_late»=True))", "update", "app"),
        ("app.config_from_object({'«task_acks_late»': True})", "object", "app"),
        ("CONFIG = {'«task_acks_late»': True}", "dict", "CONFIG"),
        ("«task_acks_late»: bool = True", "module", ""),
        ("class Config:\n    «task_acks_late» = True", "class", "Config"),
        ("def f():\n    app.conf.«task_acks_late» = True", "attribute", "app"),
    ],
)
def test_settings_and_their_places(code: str, where: str, owner: str) -> None:
    text, spans = unmark(_APP + code + "\n")
    (site,) = extract(text).body.settings
    assert [site.span] == spans
    assert (site.name, site.where, site.owner) == ("task_acks_late", where, owner)
    assert site.value_span.of(text) == "True"


@pytest.mark.parametrize(
    "code",
    [
        "def f(app):\n    app.conf.task_acks_late = True",
        "app.conf['task_' 'acks_late'] = True",
        "app.config.task_acks_late = True",
        "shop_name = 1",
    ],
)
def test_what_is_no_setting(code: str) -> None:
    assert extract(f"{_APP}{code}\n").body.settings == ()


def test_the_other_places_of_a_name() -> None:
    text, spans = unmark("task_x = 1\n«task_x» += 1\n# task_x\nprint(«task_x», a.task_x)\n")
    (site,) = extract(text).body.settings
    assert list(site.uses) == spans


def test_what_may_not_be_reached() -> None:
    sites = extract("if DEBUG:\n    task_x = 1\ntask_y = 1\n").body.settings
    assert [site.conditional for site in sites] == [True, False]
