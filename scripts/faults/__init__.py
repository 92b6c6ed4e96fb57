"""Faults of every kind that celeryls claims to see, planted in real code.

Where a fault may be planted is found with `ast` alone, by what Celery and Python do, and not with
celeryls: so that what celeryls does not understand is found to be missing.
"""
