"""What each source is made of and dwells on."""
