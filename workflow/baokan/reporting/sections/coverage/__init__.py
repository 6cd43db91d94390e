"""Which issues were held and when, their gaps, and what time the sources share."""
