"""Where to find each word in its contexts."""
