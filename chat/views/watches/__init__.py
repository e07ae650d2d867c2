"""Watches: the list, one of them with what came of it, beginning and changing one, following it."""
