"""Serving requests: connections, whose turn it is, and what a serving process may take of the database."""
