"""Bringing in conversations of other services, and of Parley itself: recognised, looked through, then stored."""
