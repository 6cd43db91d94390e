"""What is done around a job and a run: the lock, the log, the progress, one thread."""
