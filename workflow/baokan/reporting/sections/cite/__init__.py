"""How to quote the report, and what it was made of."""
