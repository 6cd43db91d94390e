"""Text to articles: lines joined, text repaired, furniture taken out, articles cut."""
