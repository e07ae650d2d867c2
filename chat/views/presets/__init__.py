"""Presets: the page of them, and what the composer does with them."""
