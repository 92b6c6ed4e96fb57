"""What CEL610 says of brokers, asked of kombu."""

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.redis import Channel

from celeryls.rules.visibility import DEFAULTS


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
