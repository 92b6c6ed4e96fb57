"""CEL5xx: what runs by the clock."""
