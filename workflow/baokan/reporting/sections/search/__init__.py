"""How the number of topics and the reported fit were chosen."""
