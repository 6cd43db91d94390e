"""Topics by source: shares, contrasts, and what may be said of them."""
