"""What the report says of each part of the comparison, a file each: from tables to plain values."""
