"""What is logged, and what is kept out of it."""
