"""CEL7xx: the names of tasks, and whether a worker knows them."""
