"""CEL2xx: how a task is retried, and how it fails."""
