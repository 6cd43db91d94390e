"""How all of it was done, with the literature, and what it cannot tell."""
