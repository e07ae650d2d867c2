"""What belongs to a single answer: its pictures and its tables."""
