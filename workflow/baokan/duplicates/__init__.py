"""Articles that repeat one another, wholly or in part."""
