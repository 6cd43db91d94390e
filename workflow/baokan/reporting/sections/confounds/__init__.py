"""What the report says of what else differs between the sources, and of the contrasts with each of that held equal."""
