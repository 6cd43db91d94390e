"""Each topic: its words, its share of each source, how sure it is itself, and passages."""
