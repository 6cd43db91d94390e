"""How much of each source each topic takes, as a figure and in numbers."""
