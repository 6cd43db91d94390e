"""The comparison again, under every reasonable choice of an analyst."""
