"""CEL0xx: comments for celeryls itself."""
