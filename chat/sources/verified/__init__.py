"""Answers, and sentences of them, that people vouch for: until when, with which note, and who is reminded."""
