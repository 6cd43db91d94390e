"""What the report says of time: which issues were held and when, what sources share of it, and which topics change."""
