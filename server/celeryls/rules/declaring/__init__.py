"""CEL1xx: how a task is declared."""
