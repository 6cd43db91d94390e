"""The new words and fixed formulations that were found in this corpus."""
