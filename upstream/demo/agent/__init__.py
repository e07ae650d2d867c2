"""The Agent API as the demo speaks it (contract G)."""
