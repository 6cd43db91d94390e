"""Files to text: formats, encodings, pages, records."""
