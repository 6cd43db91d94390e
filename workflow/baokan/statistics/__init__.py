"""Statistics on plain arrays: tests by permutation, intervals, balance, likeness in time, divergence. No tables, no text."""
