"""The words that filters took away, and whether they are more frequent in one source."""
