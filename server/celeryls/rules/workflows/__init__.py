"""CEL4xx: signatures, chains, groups and chords."""
