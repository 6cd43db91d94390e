"""What is said of the numbers: how they are told to a reader."""
