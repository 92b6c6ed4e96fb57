"""A shop that sends mail, charges cards and counts its stock."""
