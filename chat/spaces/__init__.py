"""Spaces: what is done to them, who is in them, and how they are shown."""
