"""Counts to topics: fits, the choice among them, what a topic is."""
