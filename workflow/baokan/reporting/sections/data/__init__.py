"""What was read, repaired and taken out, and which documents need a look."""
