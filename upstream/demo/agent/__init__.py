"""The Agent API as the demo speaks it."""
