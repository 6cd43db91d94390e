"""What a corpus holds: its files with source, issue and date, and the tables that the user laid beside them."""
