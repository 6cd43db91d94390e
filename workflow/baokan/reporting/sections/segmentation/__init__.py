"""What the terms and the segmenter change in the words that are counted."""
