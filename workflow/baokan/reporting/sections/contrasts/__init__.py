"""How the sources differ, topic by topic and pair by pair, and how sure one can be of it."""
