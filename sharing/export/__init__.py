"""Taking conversations out as files: what goes into one, the formats, and the work on large ones in the background."""
