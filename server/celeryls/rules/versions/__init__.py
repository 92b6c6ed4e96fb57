"""CEL9xx: what changes from one version of Celery to the next."""
