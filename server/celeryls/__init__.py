"""celeryls, the language server for Celery."""

__version__ = "0.1.0"

DOCS_URL = "https://celeryls.readthedocs.io/en/latest"
"""Where the documentation lives.  The one place that names it."""
