"""What people read: the report, the data page, figures, the notebook."""
