"""Whether a file can have anything to do with Celery, seen from its bytes."""

import re

_CERTAIN = (
    *(b"elery", b"CELERY", b"shared_task", b"apply_async", b"crontab", b"_on_commit("),
    *(b"send_task", b"register_task", b".s(", b".si(", b".signature(", b".subtask("),
    # A module of settings may name nothing else of Celery's.
    *(b"broker_url", b"result_backend", b"beat_schedule", b"task_routes", b"task_queues"),
    *(b"task_acks_late", b"task_serializer", b"task_time_limit", b"worker_prefetch"),
)
_PERHAPS = (b".delay", b".task")
_WHOLE = re.compile(rb"\.(?:delay|task)\b")


def has_traces(data: bytes | str) -> bool:
    """A cheap look that may say yes too often.

    It says no wrongly only for a file whose sole link to Celery is a decorator of the
    project's own under a name that tells nothing.

    Files without a trace are not parsed unless a traced one refers to them.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    # Of all files of a project: looking for each text is twice as fast as one pattern.
    if any(trace in data for trace in _CERTAIN):
        return True
    return any(trace in data for trace in _PERHAPS) and _WHOLE.search(data) is not None
