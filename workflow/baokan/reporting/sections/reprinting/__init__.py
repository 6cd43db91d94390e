"""Who prints what others print, in words: a sentence for each two sources, and texts with where they stand."""
