"""Reading documents in the background: one at a time in each process, by whoever holds its lease."""
