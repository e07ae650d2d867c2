"""The offline gateway: what the unofficial gateway of contract part B answers, with switches to misbehave (F2)."""
