"""What the report says first: how much was read, what to beware of, and the surest findings."""
