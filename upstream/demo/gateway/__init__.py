"""The offline gateway: what the unofficial gateway answers, with switches to misbehave."""
