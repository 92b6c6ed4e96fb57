from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n"
_LATE = ("CEL101",)

VALID = [
    Valid(
        "it silences something",
        _HEAD + "@shared_task  # celeryls: ignore[CEL101]\ndef f(): ...\n",
        beside=_LATE,
    ),
    Valid(
        "for a rule that does not run here",
        _HEAD + "@shared_task  # celeryls: ignore[CEL102]\ndef f(): ...\n",
        beside=_LATE,
    ),
    Valid(
        "other tools' codes",
        _HEAD + "@shared_task(acks_late=True)  # noqa: E501, CEL007\ndef f(): ...\n",
        beside=_LATE,
    ),
    Valid("in a string", "x = '# celeryls: ignore[CEL101]'\n", beside=_LATE),
]
INVALID = [
    Invalid(
        _HEAD + "@shared_task(acks_late=True)  # celeryls: ignore[«CEL101»]\ndef f(): ...\n",
        "the comment silences CEL101: there is no such finding",
        _HEAD + "@shared_task(acks_late=True)\ndef f(): ...\n",
        beside=_LATE,
    ),
    Invalid(
        _HEAD + "@shared_task(acks_late=True)  # noqa: E501, «CEL101»\ndef f(): ...\n",
        "silences CEL101",
        _HEAD + "@shared_task(acks_late=True)  # noqa: E501\ndef f(): ...\n",
        beside=_LATE,
    ),
    Invalid(
        _HEAD + "@shared_task  # celeryls: ignore[CEL101, «CEL1011»]\ndef f(): ...\n",
        'the comment silences "CEL1011", which is no rule',
        _HEAD + "@shared_task  # celeryls: ignore[CEL101]\ndef f(): ...\n",
        beside=_LATE,
    ),
]
