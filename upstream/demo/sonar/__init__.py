"""Sonar's chat completions, its asynchronous queue and its search, as the demo speaks them."""
