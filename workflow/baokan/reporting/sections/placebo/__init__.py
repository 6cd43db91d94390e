"""What nothing looks like on this corpus, in words: dealt-out labels, sources against themselves, and ranks."""
