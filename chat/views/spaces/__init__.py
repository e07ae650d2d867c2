"""Spaces: the list of them, the pages of one, and what is done to it."""
