"""Pages of print: what stands on them, in the order of reading."""
