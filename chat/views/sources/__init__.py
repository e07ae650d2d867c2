"""Pages about what vouches for an answer."""
