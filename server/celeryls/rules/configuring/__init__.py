"""CEL6xx and CEL801: settings and what they name."""
