"""Exports that are too large to wait for: asked for, written by whichever process is free, kept for a week."""
