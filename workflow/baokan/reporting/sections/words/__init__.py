"""The words that weigh most in each source by TF-IDF."""
