"""Articles to counted words."""
