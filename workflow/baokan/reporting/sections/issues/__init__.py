"""Every issue, and the topics that lead in it."""
