"""What the report says of the specification curve: which claims survive the choices of another analyst."""
