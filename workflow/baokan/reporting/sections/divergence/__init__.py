"""How far apart the sources are, in words: a sentence for each pair, a table, and what sets them apart most."""
