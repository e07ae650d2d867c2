"""Webhooks: what is told to whom, the messages and their signatures, sending them, and the pages of owners."""
