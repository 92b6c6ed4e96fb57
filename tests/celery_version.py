"""The Celery that the tests run with; `scripts/test_celery.py` runs them with each that counts."""

import celery

VERSION: tuple[int, int] = celery.VERSION[:2]
