"""Whether a file can have anything to do with Celery, seen from its bytes."""

import re

_TRACE = re.compile(
    rb"celery|Celery|CELERY|shared_task|\.delay\b|apply_async|_on_commit\(|\.task\b|crontab"
    rb"|send_task|register_task|\.si?\(|\.signature\(|\.subtask\("
)


def has_traces(data: bytes | str) -> bool:
    """A cheap look that may say yes too often.

    It says no wrongly only for a file whose sole link to Celery is a decorator of the
    project's own under a name that tells nothing.

    Files without a trace are not parsed unless a traced one refers to them.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    return _TRACE.search(data) is not None
