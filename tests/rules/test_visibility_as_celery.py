"""What CEL610 says of brokers, asked of kombu."""

from pathlib import Path

import pytest
from celery.app.defaults import SETTING_KEYS
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.redis import Channel

from celeryls.rules.visibility import DEFAULTS
from celeryls.text import apply_edits
from tests.rules.harness import check


def test_the_timeout_of_redis_is_an_hour() -> None:
    assert {DEFAULTS["redis"], DEFAULTS["rediss"], DEFAULTS["sentinel"]} == {
        Channel.visibility_timeout
    }


def test_brokers_by_these_schemes_are_those() -> None:
    for scheme in DEFAULTS:
        assert TRANSPORT_ALIASES[scheme].partition(":")[0] in (
            "kombu.transport.redis",
            "kombu.transport.SQS",
        )


_APP = "from celery import Celery\napp = Celery('shop', broker='redis://', set_as_current=False)\n"
_TASK = "@app.task(acks_late=True, time_limit=7200, shared=False)\ndef report(): ...\n"


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "app.conf.timezone = 'UTC'\n",
        "app.conf['timezone'] = 'UTC'\n",
        "app.conf.update(timezone='UTC')\n",
        "app.config_from_object({'timezone': 'UTC'})\n",
        "class C:\n    timezone = 'UTC'\napp.config_from_object(C)\n",
        "app.conf.broker_transport_options = {'visibility_timeout': 60 * 5}\n",
        "app.conf.broker_transport_options = {'priority_steps': [1]}\n",
    ],
)
def test_the_broker_is_told_what_the_fix_writes(tmp_path: Path, settings: str) -> None:
    text = _APP + settings + _TASK
    (found,) = check(tmp_path, {"shop/app.py": text}, "shop/app.py", "CEL610")
    (edits,) = found.finding.fixes[0].edits.values()
    made: dict[str, object] = {"__name__": "shop.app"}
    exec(apply_edits(text, edits), made)
    options = made["app"].connection_for_write().transport_options  # type: ignore[attr-defined]
    assert options["visibility_timeout"] == 10800


def test_nothing_else_tells_the_broker() -> None:
    """Celery's page on Redis has a setting of that name too, which Celery does not know."""
    assert "visibility_timeout" in Channel.from_transport_options
    assert "visibility_timeout" not in SETTING_KEYS
