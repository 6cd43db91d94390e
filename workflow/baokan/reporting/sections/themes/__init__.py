"""What the report says of the user's own themes: shares by source, what may be claimed, and terms that were not found."""
