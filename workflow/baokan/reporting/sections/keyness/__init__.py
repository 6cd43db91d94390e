"""The words by which each source differs from the others."""
