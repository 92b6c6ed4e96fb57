from celeryls.rules.cases import Invalid, Valid

_TASK = "from celery import shared_task\n\n@shared_task\ndef f(x): ...\n\n"

VALID = [
    Valid("the names of today", _TASK + "f.signature((1,))\nf.s(1)\nf.si(1)\n"),
    Valid("another thing's method", "import celery\nplan.subtask('x')\nself.subtask(1)\n"),
    Valid("imports of today", "from celery import signature, chain\nfrom celery import Task\n"),
    Valid(
        "for versions that lack the other",
        "try:\n    from celery import signature\nexcept ImportError:\n"
        "    from celery import subtask as signature\n",
    ),
    Valid("in a text", 'import celery\n\nDOC = """\nfrom celery import subtask\n"""\n'),
    Valid("in a comment", "from celery import (\n    chain,  # not subtask\n)\n"),
    Valid(
        "a package of one's own with that name",
        "from celery import subtask\n",
        {"celery/__init__.py": "subtask = 1  # of celery\n"},
    ),
    Valid("a name that has it in it", _TASK + "from celery.signals import task_sent_by\n"),
    Valid("a parameter", _TASK + "def g(f):\n    return f.subtask((1,))\n"),
    Valid("of a signature, which has another", _TASK + "def g():\n    return f.s(1).clone()\n"),
]
INVALID = [
    Invalid(
        _TASK + "f.«subtask»((1,), countdown=3)\n",
        '"subtask" is an old name of "signature"',
        _TASK + "f.signature((1,), countdown=3)\n",
    ),
    Invalid(
        _TASK + "def g():\n    return (\n        f  # a task\n        .«subtask»((1,))\n    )\n",
        "signature",
        _TASK + "def g():\n    return (\n        f  # a task\n        .signature((1,))\n    )\n",
    ),
    Invalid(
        "from celery import chain, «subtask»  # old\n",
        "celery.subtask is an old name of signature",
        "from celery import chain, signature as subtask  # old\n",
    ),
    Invalid(
        "from celery.exceptions import (\n    Ignore,\n    «RetryTaskError» as Retry,\n)\n",
        "RetryTaskError is an old name of Retry",
        "from celery.exceptions import (\n    Ignore,\n    Retry,\n)\n",
    ),
    Invalid("from celery.signals import «task_sent»\n", "use after_task_publish", None),
    Invalid(
        "from celery.canvas import «maybe_subtask»\r\n",
        "maybe_signature",
        "from celery.canvas import maybe_signature as maybe_subtask\r\n",
    ),
]
